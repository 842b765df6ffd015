// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace bitloom::ops {

/// The argument checks that all backends of the fake_quantize family share. Throws c10::Error.
void checkFakeQuantizeArguments(const at::Tensor& x, const at::Tensor& scale,
                                const at::Tensor& zeroPoint, std::int64_t axis,
                                std::int64_t quantMin, std::int64_t quantMax);

/// x as float32 in a dense memory order: x itself where it is so already.
at::Tensor denseFloat(const at::Tensor& x);

/// other as float32 in exactly the memory order of like.
at::Tensor inMemoryOrderOf(const at::Tensor& like, const at::Tensor& other);

} // namespace bitloom::ops
