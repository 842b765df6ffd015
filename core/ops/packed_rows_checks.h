// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace bitloom::ops {

/// Bytes of a row; the checks that all devices share. Throws c10::Error.
std::int64_t checkPackRows(const at::Tensor& values, std::int64_t bits, std::int64_t offset,
                           std::int64_t rowAlignment);
void checkUnpackRows(const at::Tensor& packed, std::int64_t bits, std::int64_t columns,
                     std::int64_t offset, at::ScalarType type);

/// Fails for the value at this place of values, counted in C order.
[[noreturn]] void failForValue(const at::Tensor& values, std::int64_t place, std::int64_t bits,
                               std::int64_t offset);

} // namespace bitloom::ops
