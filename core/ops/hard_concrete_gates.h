// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>

namespace bitloom::ops {

/// Where the gates of a network lie in one flat tensor of logits: those of quantizer q at
/// offsets[q] .. offsets[q + 1], first one per prunable channel (none where it does not prune),
/// then those of the levels 4, 8, 16 and 32. This is also the published order of drawing.
///
/// Given the number of prunable channels of each quantizer; the result holds int64, one more than
/// there are quantizers. Move it to the device of the logits once.
at::Tensor gateOffsets(std::span<const std::int64_t> channels);

/// How a gate follows from its logit; the words are the option values of the published code.
inline constexpr std::string_view kGatesL0 = "l0";       ///< sampled
inline constexpr std::string_view kGatesFixed = "fixed"; ///< without noise
inline constexpr std::string_view kGatesEvaluation = "evaluation";

/// All gates of a network in one launch. In Python: torch.ops.bitloom.hard_concrete_gates.
///
/// Source:   van Baalen et al., "Bayesian Bits", NeurIPS 2020, eq. 14 to 18. Differs: every gate
///           has its own random number, also those that need none.
/// Shapes:   logits (numGates) float32, contiguous; offsets as from gateOffsets(); the result
///           (numGates) float32. Split it with split_with_sizes for one backward node in all.
/// Modes:    "l0": a sample from uniforms, (numGates) float32 in [0, 1), or without them from
///           uniformAt(seed, step, index of the gate): the same numbers on every device, to be
///           resumed from seed and step alone. "fixed": the gate without noise. "evaluation": 0 or
///           1, not differentiable.
/// Cut:      in training, the first level of a quantizer whose logit is <= -2 and all higher ones
///           are exactly 0, with no gradient. The mode "evaluation" does not cut: a quantizer does.
/// Numerics: float32 (hard_concrete.h). The libraries' exp and log let CPU and CUDA differ by an
/// ulp
///           or two.
/// Errors:   c10::Error for wrong types, counts or an unknown mode. The values of offsets are
///           looked at on the CPU only.
at::Tensor hardConcreteGates(const at::Tensor& logits, const at::Tensor& offsets,
                             std::string_view mode,
                             const std::optional<at::Tensor>& uniforms = std::nullopt,
                             std::int64_t seed = 0, std::int64_t step = 0);

/// The gates and their derivatives to the logits, for callers that run their own backward pass.
std::tuple<at::Tensor, at::Tensor>
hardConcreteGatesWithSlopes(const at::Tensor& logits, const at::Tensor& offsets,
                            std::string_view mode,
                            const std::optional<at::Tensor>& uniforms = std::nullopt,
                            std::int64_t seed = 0, std::int64_t step = 0);

} // namespace bitloom::ops
