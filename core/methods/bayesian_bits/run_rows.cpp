// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/run_rows.h"

#include "core/methods/bayesian_bits/run_series.h"

#include <numeric>
#include <string>

namespace bitloom::bayesian_bits {

std::vector<HistorySeries> emptySeries(const QuantizerSites& sites, const ModelInfo& model)
{
    std::vector<HistorySeries> all{
        {kLossSeries, {"loss", "cross_entropy", "regulariser", "train_top1_percent"}, {}, {}},
        {kRateSeries, {"weights", "gates", "ranges"}, {}, {}},
        {kGateSeries, {}, {}, {}},
        {kRangeSeries, {}, {}, {}},
        {kEvaluationSeries,
         {"top1_percent", "relative_bops_percent", "expected_relative_bops_percent",
          "absorbed_gates"},
         {},
         {}},
        {kTensorSeries, {}, {}, {}},
        {kLayerSeries, {}, {}, {}},
        {kStageSeries, {"stage", "top1_percent_at_start"}, {}, {}}};
    for (const LayerInfo& layer : model.layers) {
        for (const char* figure :
             {"weight_bits", "activation_bits", "kept_percent", "bops_percent", "regulariser"}) {
            all[6].columns.push_back(layer.name + "/" + figure);
        }
    }
    HistorySeries channels{kChannelSeries, {}, {}, {}};
    for (const QuantizerSite& site : sites.quantizers) {
        for (const char* gate : {"kept", "4", "8", "16", "32"}) {
            all[2].columns.push_back(site.name + "/" + gate);
        }
        all[3].columns.push_back(site.name);
        for (const char* number : {"min", "max", "clipped_percent"}) {
            all[5].columns.push_back(site.name + "/" + number);
        }
        for (std::int64_t c = 0; c < site.channels; ++c) {
            channels.columns.push_back(site.name + "[" + std::to_string(c) + "]");
        }
    }
    if (!channels.columns.empty()) {
        all.push_back(std::move(channels));
    }
    return all;
}

std::vector<float> lossRow(const StepReport& step)
{
    return {static_cast<float>(step.loss), static_cast<float>(step.crossEntropy),
            static_cast<float>(step.regulariser),
            100.0F * static_cast<float>(step.correct) / static_cast<float>(step.images)};
}

std::vector<float> rateRow(const Trainer& trainer)
{
    const std::array<double, 3> rates = trainer.learningRates();
    return {rates.begin(), rates.end()};
}

std::vector<float> gateRow(const GatedNetwork& network)
{
    std::vector<float> row;
    for (const GateProbabilities& one : network.probabilities()) {
        const double sum = std::accumulate(one.kept.begin(), one.kept.end(), 0.0);
        row.push_back(one.kept.empty()
                          ? 1.0F
                          : static_cast<float>(sum / static_cast<double>(one.kept.size())));
        row.insert(row.end(), one.levels.begin(), one.levels.end());
    }
    return row;
}

std::vector<float> channelRow(const GatedNetwork& network)
{
    std::vector<float> row;
    for (const GateProbabilities& one : network.probabilities()) {
        row.insert(row.end(), one.kept.begin(), one.kept.end());
    }
    return row;
}

std::vector<float> rangeRow(const GatedNetwork& network)
{
    const at::Tensor ranges = network.ranges().detach().to(at::kCPU).contiguous();
    const float* const values = ranges.const_data_ptr<float>();
    return {values, values + ranges.numel()};
}

std::vector<float> layerRow(const GatedNetwork& network)
{
    const BitOperations counted = countBitOperations(network.sites(), network.widths());
    const std::vector<double> regularisers = network.layerRegularisers();
    std::vector<float> row;
    for (std::size_t l = 0; l < counted.layers.size(); ++l) {
        const LayerBitOperations& layer = counted.layers[l];
        row.insert(row.end(),
                   {static_cast<float>(layer.weightBits), static_cast<float>(layer.activationBits),
                    static_cast<float>(100 * layer.keptOutputs),
                    static_cast<float>(100 * static_cast<double>(layer.bops) /
                                       static_cast<double>(counted.baseline)),
                    static_cast<float>(regularisers[l])});
    }
    return row;
}

std::vector<float> tensorRow(GatedNetwork& network, const at::Tensor& images)
{
    std::vector<float> row;
    for (const TensorRange& each : network.tensorRanges(images)) {
        row.insert(row.end(), {each.low, each.high, each.clippedPercent});
    }
    return row;
}

std::vector<float> evaluationRow(const GatedNetwork& network, const EvalResult& accuracy)
{
    const double bops = countBitOperations(network.sites(), network.widths()).relativePercent();
    const double expected = expectedRelativeBopsPercent(network.sites(), network.probabilities());
    return {static_cast<float>(accuracy.top1Percent()), static_cast<float>(bops),
            static_cast<float>(expected), static_cast<float>(network.absorbedLogits())};
}

} // namespace bitloom::bayesian_bits
