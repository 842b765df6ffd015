// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/outcome.h"

#include "core/base/error.h"
#include "core/base/run_control.h"
#include "core/io/model_file.h"
#include "core/methods/calibration.h"
#include "core/quant/uniform_quantizer.h"

#include <ATen/core/grad_mode.h>

#include <unordered_set>
#include <utility>

namespace bitloom::bayesian_bits {

namespace {

/// The grid of a quantizer as a plan says it: a fixed range from which the plan's arithmetic gives
/// the step (1 + signed) * x_max / (2^b - 1) again.
QuantSpec specOf(int bits, double range, bool isSigned)
{
    QuantSpec spec;
    spec.bits = bits;
    if (bits == kFloatBits) {
        return spec;
    }
    spec.scheme = isSigned ? QScheme::Symmetric : QScheme::Affine;
    spec.narrow = isSigned;
    const double topCode = (1 << (bits - 1)) - 1;
    const double high = isSigned ? 2 * range / ((1 << bits) - 1) * topCode : range;
    spec.range = ValueRange{isSigned ? -static_cast<float>(high) : 0.0F, static_cast<float>(high)};
    return spec;
}

std::vector<std::int64_t> prunedOf(const QuantizerWidth& width)
{
    std::vector<std::int64_t> pruned;
    for (std::size_t c = 0; c < width.kept.size(); ++c) {
        if (!width.kept[c]) {
            pruned.push_back(static_cast<std::int64_t>(c));
        }
    }
    return pruned;
}

class OutcomeMaker {
public:
    explicit OutcomeMaker(const GatedNetwork& network)
        : m_network(network), m_sites(network.sites()), m_widths(network.widths()),
          m_ranges(network.ranges().detach().to(at::kCPU, at::kDouble).contiguous())
    {
    }

    Outcome make(const std::string& planName)
    {
        const GatedNetwork::Folded folded = m_network.foldedForEvaluation();
        Outcome outcome;
        outcome.model = describeModel(folded.graph, {});
        writePlan(outcome, folded.siteNames);
        RunControl control;
        outcome.state = *calibrate(outcome.model, outcome.plan, nullptr, at::kCPU, control);
        moveWeightsOntoGrids(outcome);
        foldConstants(outcome);
        outcome.plan.name = planName;
        outcome.bops = countBitOperations(m_sites, m_widths, PrunedInputs::FreeInChains);
        outcome.relativeBopsPercent = outcome.bops.relativePercent();
        outcome.relativeBopsPercentCounting =
            countBitOperations(m_sites, m_widths, PrunedInputs::Counted).relativePercent();
        return outcome;
    }

private:
    QuantSpec specAt(std::size_t quantizer) const
    {
        return specOf(m_widths[quantizer].bits, m_ranges.const_data_ptr<double>()[quantizer],
                      m_network.isSigned(quantizer));
    }

    void writePlan(Outcome& outcome, const std::vector<std::string>& siteNames) const
    {
        const ModelInfo& info = outcome.model.info;
        BitPlan& plan = outcome.plan;
        plan.modelName = info.name;
        std::unordered_set<std::size_t> unclipped;
        for (std::size_t l = 0; l < info.layers.size(); ++l) {
            const LayerQuantizers& layer = m_sites.layers[l];
            LayerPlan entry;
            entry.name = info.layers[l].name;
            entry.hasWeight = layer.weight.has_value();
            if (layer.weight) {
                entry.weight = specAt(*layer.weight);
                entry.prunedChannels = prunedOf(m_widths[*layer.weight]);
            }
            plan.layers.push_back(std::move(entry));
        }
        for (const TensorInfo& tensor : info.tensors) {
            TensorPlan entry;
            entry.name = tensor.name;
            entry.readers = tensor.readers;
            if (const auto quantizer = quantizerOf(info, tensor)) {
                entry.activation = specAt(*quantizer);
                entry.quantizedAt = entry.activation.isFloat() ? "" : siteNames[*quantizer];
                if (entry.activation.isFloat() && m_network.quantizes(*quantizer) &&
                    unclipped.insert(*quantizer).second) {
                    outcome.notes.push_back({PhraseId::NoLongerClipped, {tensor.name}});
                }
            }
            plan.tensors.push_back(std::move(entry));
        }
        for (const QuantizerSite& site : m_sites.quantizers) {
            if (site.kind == SiteKind::ResidualInput) {
                outcome.notes.push_back({PhraseId::FeedsOnlySum, {site.name}});
            }
        }
    }

    /// The quantizer whose bits the tensor has; absent for the network's input.
    std::optional<std::size_t> quantizerOf(const ModelInfo& info, const TensorInfo& tensor) const
    {
        for (std::size_t l = 0; l < info.layers.size(); ++l) {
            for (std::size_t i = 0; i < info.layers[l].inputs.size(); ++i) {
                if (info.layers[l].inputs[i] == tensor.name) {
                    return m_sites.layers[l].inputs[i];
                }
            }
        }
        return std::nullopt;
    }

    /// What the plan's grid makes of the weights, so that packing loses nothing more.
    static void moveWeightsOntoGrids(Outcome& outcome)
    {
        const at::NoGradGuard noGradients;
        NamedTensors moved;
        std::unordered_set<std::string> done;
        for (std::size_t l = 0; l < outcome.model.layers.size(); ++l) {
            const auto grid = outcome.state.weights.find(outcome.model.info.layers[l].name);
            const graph::LayerSite& layer = outcome.model.layers[l];
            if (!layer.weight || grid == outcome.state.weights.end()) {
                continue;
            }
            const graph::Parameter& weight = outcome.model.graph->parameter(*layer.weight);
            if (done.insert(weight.name).second) {
                moved.emplace_back(weight.name, fakeQuantize(weight.tensor, grid->second));
            }
        }
        outcome.model = describeModel(outcome.model.graph->withParameters(moved), {});
    }

    void foldConstants(Outcome& outcome) const
    {
        FoldedConstants folded =
            foldConstantChannels(outcome.model, outcome.plan, outcome.state, m_sites);
        outcome.model = std::move(folded.model);
        outcome.constants = std::move(folded.channels);
        outcome.plan.modelFingerprint = outcome.model.info.fingerprint;
    }

    const GatedNetwork& m_network;
    const QuantizerSites& m_sites;
    std::vector<QuantizerWidth> m_widths;
    at::Tensor m_ranges;
};

} // namespace

Outcome makeOutcome(const GatedNetwork& network, const std::string& planName)
{
    return OutcomeMaker(network).make(planName);
}

} // namespace bitloom::bayesian_bits
