// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace bitloom::bayesian_bits {

// The series of a search's history by name (docs/formats.md), SITE being the name of a quantized
// weight or value. The first row of gates and ranges is that of the start, step 0.

/// loss, cross_entropy, regulariser (unscaled), train_top1_percent of a step.
inline constexpr const char* kLossSeries = "losses";
/// weights, gates, ranges.
inline constexpr const char* kRateSeries = "learning_rates";
/// SITE/kept (mean over the channels; 1 without), SITE/4, SITE/8, SITE/16, SITE/32: probabilities
/// that the gates are open.
inline constexpr const char* kGateSeries = "gate_probabilities";
/// SITE: x_max.
inline constexpr const char* kRangeSeries = "ranges";
/// top1_percent, relative_bops_percent, expected_relative_bops_percent, absorbed_gates.
inline constexpr const char* kEvaluationSeries = "evaluation";
/// stage (1: search, 2: fine-tuning with fixed gates), top1_percent_at_start (NaN for the first);
/// where each begins.
inline constexpr const char* kStageSeries = "stages";
/// LAYER/weight_bits, LAYER/activation_bits (of its input), LAYER/kept_percent (output channels),
/// LAYER/bops_percent (of the FP32 network; inputs that only pruned channels made are free),
/// LAYER/regulariser (what it adds to it, unscaled), LAYER being the name of a layer of the model;
/// at each evaluation.
inline constexpr const char* kLayerSeries = "layers";
/// SITE[c]: probability that channel c is kept; at each evaluation, if anything can be pruned.
inline constexpr const char* kChannelSeries = "channel_probabilities";
/// SITE/min, SITE/max, SITE/clipped_percent: the values that the quantizer sees and how many of
/// them lie outside its range, at each evaluation; of activations over its first batch. NaN where
/// nothing is quantized.
inline constexpr const char* kTensorSeries = "tensor_ranges";

/// Ranges may fall to this share of where they started.
inline constexpr double kRangeFloorShare = 1e-6;

} // namespace bitloom::bayesian_bits
