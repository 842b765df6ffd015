// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstring>
#include <span>

namespace bitloom {

/// The values of a contiguous tensor in memory of the CPU, as bytes in C order.
inline std::span<const std::byte> bytesOfTensor(const at::Tensor& tensor)
{
    return {static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()};
}

inline bool sameBytes(std::span<const std::byte> left, std::span<const std::byte> right)
{
    return left.size() == right.size() &&
           (left.empty() || std::memcmp(left.data(), right.data(), left.size()) == 0);
}

} // namespace bitloom
