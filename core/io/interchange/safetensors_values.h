// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/packed/packed_tensor.h"
#include "core/io/safetensors/safetensors_files.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

// Internal to core/io: values of safetensors files as packed tensors have them.
namespace bitloom::io {

/// Values as they lie in the file, which need not be aligned.
template <typename T>
std::vector<T> valuesOf(std::span<const std::byte> bytes)
{
    std::vector<T> values(bytes.size() / sizeof(T));
    if (!values.empty()) {
        std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
    }
    return values;
}

/// "float32" for F32; the format's own name for a type that packed tensors cannot hold.
std::string dtypeOf(SafetensorsType type);
/// The way back. Errors: Unsupported naming the tensor where the format has no such type, or
/// tensors of it are not converted.
SafetensorsType safetensorsTypeOf(const PackedTensorHeader& header);

/// Values of F16, BF16 or F32. Errors: Unsupported naming the tensor for other types.
std::vector<float> readFloats(const SafetensorsPlace& place);
/// Values of I32. Errors: CorruptFile naming the tensor for other types.
std::vector<std::int32_t> readInts(const SafetensorsPlace& place);

/// A tensor as it is, with no payload.
PackedTensorHeader rawHeader(const SafetensorsEntry& entry);
/// The same whole.
PackedTensor readRaw(const SafetensorsPlace& place);

} // namespace bitloom::io
