// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <filesystem>
#include <span>

namespace bitloom::io {

/// Reads a NumPy array file of format 1.0, 2.0 or 3.0 into a contiguous tensor of the same element
/// type.
///
/// Source: numpy/lib/format.py.
/// Types: float16/32/64, int8..64, uint8..64, bool, complex64/128, either byte order.
/// Shapes: as in the file; Fortran order gives the same array in C order.
/// Errors: as MappedFile; UnknownFormat for another format; CorruptFile for a damaged header or a
///         file shorter or longer than its shape; Unsupported for other element types (objects,
///         text, records).
at::Tensor readNpy(const std::filesystem::path& path);
at::Tensor readNpy(std::span<const std::byte> content);

/// Writes format 1.0, little-endian, C order, atomically.
/// Errors: Unsupported for element types that numpy does not have (bfloat16, quantized); those of
///         AtomicFile.
void writeNpy(const std::filesystem::path& path, const at::Tensor& tensor);

} // namespace bitloom::io
