// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/methods/bayesian_bits/search.h"
#include "core/types/model_info.h"
#include "core/types/run_history.h"

#include <ATen/core/Tensor.h>

#include <vector>

namespace bitloom::bayesian_bits {

/// The series that a search of a model's quantizers writes (run_series.h), without rows.
std::vector<HistorySeries> emptySeries(const QuantizerSites& sites, const ModelInfo& model);

// One row each, in the order of the series' columns, of the network as it stands.

std::vector<float> lossRow(const StepReport& step);
std::vector<float> rateRow(const Trainer& trainer);
std::vector<float> gateRow(const GatedNetwork& network);
std::vector<float> channelRow(const GatedNetwork& network);
std::vector<float> rangeRow(const GatedNetwork& network);
std::vector<float> layerRow(const GatedNetwork& network);
/// images: see GatedNetwork::tensorRanges().
std::vector<float> tensorRow(GatedNetwork& network, const at::Tensor& images);
std::vector<float> evaluationRow(const GatedNetwork& network, const EvalResult& accuracy);

} // namespace bitloom::bayesian_bits
