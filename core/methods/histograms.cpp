// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/histograms.h"

#include "core/base/error.h"
#include "core/methods/histogram_counter.h"
#include "core/quant/observer.h"
#include "core/quant/range_data.h"

#include <utility>

namespace bitloom {

std::optional<QuantParams> weightGrid(const at::Tensor& weight, const QuantSpec& spec, int axis)
{
    if (spec.isFloat() || spec.isPruned()) {
        return std::nullopt;
    }
    return chooseQuantParams(weight, spec, axis);
}

WeightHistogram weightHistogram(const std::string& layer, const at::Tensor& weight,
                                const QuantSpec& spec, int axis, int bins)
{
    HistogramCounter counter(ChannelRows(weight, -1).ranges().front(), bins,
                             weightGrid(weight, spec, axis));
    counter.add(ChannelRows(weight, counter.axis()));
    WeightHistogram histogram{counter.finish(), layer};
    histogram.bits = spec.bits;
    return histogram;
}

std::vector<WeightHistogram> weightHistograms(const LoadedModel& model, const BitPlan& plan,
                                              int bins)
{
    std::vector<WeightHistogram> histograms;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const LayerInfo& layer = model.info.layers[i];
        if (!model.layers[i].weight || layer.parameters == 0) {
            continue;
        }
        const at::Tensor weight = model.graph->parameter(*model.layers[i].weight).tensor.detach();
        const LayerPlan* entry = plan.findLayer(layer.name);
        const QuantSpec spec = entry == nullptr ? QuantSpec{} : entry->weight;
        histograms.push_back(withContext("layer " + layer.name, [&] {
            return weightHistogram(layer.name, weight, spec, layer.weightAxis, bins);
        }));
    }
    return histograms;
}

} // namespace bitloom
