// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/histograms.h"

#include "core/base/error.h"
#include "core/methods/calibration.h"
#include "core/methods/histogram_counter.h"
#include "core/quant/range_data.h"

#include <utility>

namespace bitloom {

WeightHistogram weightHistogram(const LoadedModel& model, std::size_t index, const QuantSpec& spec,
                                int bins)
{
    const at::Tensor weight =
        model.graph->parameter(model.layers[index].weight.value()).tensor.detach();
    HistogramCounter counter(ChannelRows(weight, -1).ranges().front(), bins,
                             weightGrid(model, index, spec));
    counter.add(ChannelRows(weight, counter.axis()));
    WeightHistogram histogram{counter.finish(), model.info.layers[index].name};
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
        const LayerPlan* entry = plan.findLayer(layer.name);
        const QuantSpec spec = entry == nullptr ? QuantSpec{} : entry->weight;
        histograms.push_back(withContext("layer " + layer.name,
                                         [&] { return weightHistogram(model, i, spec, bins); }));
    }
    return histograms;
}

} // namespace bitloom
