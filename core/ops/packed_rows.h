// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

namespace bitloom::ops {

/// Packs the integers of each row, code = value + offset. In Python: torch.ops.bitloom.pack_rows.
///
/// Shapes:   values [rows, columns]; the result is uint8 [rows, ceil(columns * bits / 8) rounded up
///           to a multiple of rowAlignment]; what no code fills is 0. rowAlignment 4 and
///           lowest bit first are the rows of packed HDF5; one row, alignment 1 and msbFirst
///           are BitPack's stream (core/pack/block_layout.h, bit_packer.h).
/// Types:    values uint8, int16, int32, float16 or float32; the latter two must hold integers.
/// Numerics: exact; the same bytes from every device and instruction set. bits: 0 to 16.
/// Errors:   c10::Error for wrong types, shapes or bits, and naming the first value that is no
///           integer or whose code needs more bits.
at::Tensor packRows(const at::Tensor& values, std::int64_t bits, std::int64_t offset, bool msbFirst,
                    std::int64_t rowAlignment);

/// The inverse, value = code - offset. In Python: torch.ops.bitloom.unpack_rows.
///
/// Shapes:   packed uint8 [rows, at least ceil(columns * bits / 8)]; the result is [rows, columns]
///           of dtype (absent: int32), on the device of packed.
/// Errors:   c10::Error for wrong types, shapes or bits, and where the type cannot hold every value
///           that the width allows (float16: integers up to 2048).
at::Tensor unpackRows(const at::Tensor& packed, std::int64_t bits, std::int64_t columns,
                      std::int64_t offset, bool msbFirst, std::optional<at::ScalarType> dtype);

} // namespace bitloom::ops
