// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/forced_gates.h"
#include "core/methods/bayesian_bits/gated_network_parts.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <map>

// What a search may not choose.

namespace bitloom::bayesian_bits {

namespace {

/// What locks say about quantizers, before any of it is done.
struct Forced {
    std::map<std::size_t, int> bits;
    std::map<std::size_t, std::string> sayer; ///< the layer whose lock gave them
    std::vector<std::size_t> keeping;
    std::vector<std::size_t> freed;

    void setBits(std::size_t quantizer, int wanted, const LayerLock& lock)
    {
        const auto [found, isNew] = bits.emplace(quantizer, wanted);
        BITLOOM_REQUIRE(isNew || found->second == wanted, ErrorCode::InvalidArgument, "layer '",
                        lock.layer, "' is locked to ", wanted, " bits where '", sayer[quantizer],
                        "' has a lock to ", found->second,
                        " bits on the same tensor; both need the same");
        sayer.emplace(quantizer, lock.layer);
    }
};

} // namespace

std::size_t GatedNetwork::layerNamed(const std::string& name) const
{
    std::vector<std::string> names;
    for (std::size_t l = 0; l < m_layers.size(); ++l) {
        if (m_layers[l].name == name) {
            return l;
        }
        names.push_back(m_layers[l].name);
    }
    fail(ErrorCode::InvalidArgument, "the model has no layer '", name,
         "' to lock; the nearest are ", joinForPeople(nearestNames(name, names)));
}

void GatedNetwork::lock(const std::vector<LayerLock>& locks)
{
    Forced forced;
    for (const LayerLock& each : locks) {
        const LayerQuantizers& layer = m_sites.layers[layerNamed(each.layer)];
        const bool isGated = m_options.mode == QuantizerMode::Gated;
        for (const auto& [bits, areChosen] :
             {std::pair(each.weightBits, isGated && m_options.quantizeWeights),
              std::pair(each.activationBits, isGated && m_options.quantizeActivations)}) {
            BITLOOM_REQUIRE(!bits || areChosen, ErrorCode::InvalidArgument, "layer '", each.layer,
                            "': bits that this search does not choose cannot be locked; its "
                            "pruning can");
            BITLOOM_REQUIRE(!bits || isGridWidth(*bits), ErrorCode::InvalidArgument, "layer '",
                            each.layer, "' cannot be locked to ", bits.value_or(0),
                            " bits; the quantizers have 2, 4, 8, 16 and 32");
        }
        if (each.weightBits) {
            BITLOOM_REQUIRE(layer.weight, ErrorCode::InvalidArgument, "layer '", each.layer,
                            "' multiplies two activations and has no weight to lock");
            forced.setBits(*layer.weight, *each.weightBits, each);
        }
        bool readsQuantized = false;
        for (const std::optional<std::size_t>& input : layer.inputs) {
            readsQuantized = readsQuantized || input.has_value();
            if (input && each.activationBits) {
                forced.setBits(*input, *each.activationBits, each);
            }
            if (input && each.isFree()) {
                forced.freed.push_back(*input);
            }
        }
        BITLOOM_REQUIRE(!each.activationBits || readsQuantized, ErrorCode::InvalidArgument,
                        "layer '", each.layer,
                        "' reads the network's input, which counts as 8-bit data and has no "
                        "quantizer; lock it with '-' for the activation");
        if (layer.weight && each.isFree()) {
            forced.freed.push_back(*layer.weight);
        }
        if (layer.weight && each.keepsChannels) {
            forced.keeping.push_back(*layer.weight);
        }
    }
    const at::NoGradGuard noGradients;
    for (const std::size_t quantizer : forced.freed) {
        startGates(quantizer);
    }
    for (const auto& [quantizer, bits] : forced.bits) {
        forceBits(quantizer, bits);
    }
    for (const std::size_t quantizer : forced.keeping) {
        m_logits.narrow(0, m_layout.channelsAt(quantizer), m_layout.channelsOf(quantizer))
            .fill_(kForcedLogit);
    }
    invalidateEvaluation();
}

void GatedNetwork::startGates(std::size_t quantizer)
{
    const bool isGated = m_options.mode == QuantizerMode::Gated && quantizes(quantizer);
    m_logits.narrow(0, m_layout.channelsAt(quantizer), m_layout.channelsOf(quantizer))
        .fill_(m_options.channelLogit);
    if (!isGated) { // the widths that are expected are those that are
        forceBits(quantizer,
                  m_options.mode == QuantizerMode::FixedWidths ? givenBits(quantizer) : kFloatBits);
        return;
    }
    for (std::size_t k = 0; k < m_options.levelLogits.size(); ++k) {
        m_logits.select(0, m_layout.levelsAt(quantizer) + static_cast<std::int64_t>(k))
            .fill_(m_options.levelLogits[k]);
    }
}

void GatedNetwork::forceBits(std::size_t quantizer, int bits)
{
    forceWidth(m_logits, m_layout, quantizer, bits);
}

void forceWidth(const at::Tensor& logits, const GateLayout& layout, std::size_t quantizer, int bits)
{
    int level = 4;
    for (std::int64_t k = 0; k < 4; ++k, level *= 2) {
        logits.select(0, layout.levelsAt(quantizer) + k)
            .fill_(level <= bits ? kForcedLogit : -kForcedLogit);
    }
}

} // namespace bitloom::bayesian_bits
