// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

namespace bitloom::ops {

/// The argument checks that all backends of bayesian_bits_quantize share. Throws c10::Error.
void checkBayesianBitsArguments(const at::Tensor& x, const at::Tensor& xMax,
                                const at::Tensor& gates,
                                const std::optional<at::Tensor>& channelGates, std::int64_t axis);

/// Those of pact_quantize.
void checkPactArguments(const at::Tensor& x, const at::Tensor& xMax,
                        const std::optional<at::Tensor>& channelGates, std::int64_t axis,
                        std::int64_t bits);

/// The gradient that arrives must have the shape of x.
void checkUpstream(const char* name, const at::Tensor& gradient, const at::Tensor& x);

} // namespace bitloom::ops
