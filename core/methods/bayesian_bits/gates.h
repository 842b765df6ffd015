// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/methods/bayesian_bits/bit_operations.h"
#include "core/methods/bayesian_bits/quantizer_sites.h"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <vector>

namespace bitloom::bayesian_bits {

/// How open gates are while training.
enum class Gating {
    Stochastic,    ///< sampled from the hard concrete distribution, anew in each step
    Deterministic, ///< the distribution's value without noise
};

/// The gates of a whole network in one flat tensor, quantizer by quantizer: first one per prunable
/// channel, then those of 4, 8, 16 and 32 bits (see ops::gateOffsets).
class GateLayout {
public:
    GateLayout(const QuantizerSites& sites, c10::Device device);

    std::int64_t quantizers() const { return static_cast<std::int64_t>(m_channels.size()); }
    std::int64_t gates() const { return m_gates; }
    std::int64_t channelsOf(std::size_t quantizer) const { return m_channels[quantizer]; }
    /// Where the channel gates of a quantizer begin, and its four level gates.
    std::int64_t channelsAt(std::size_t quantizer) const { return m_begin[quantizer]; }
    std::int64_t levelsAt(std::size_t quantizer) const
    {
        return m_begin[quantizer] + m_channels[quantizer];
    }
    /// As the operators take them, on the device.
    const at::Tensor& offsets() const { return m_offsets; }

    /// Views of a flat tensor, differentiable together at the cost of one node.
    struct Parts {
        std::vector<at::Tensor> levels;   ///< (4) each
        std::vector<at::Tensor> channels; ///< undefined for a quantizer without
    };
    Parts split(const at::Tensor& flat) const;

private:
    std::vector<std::int64_t> m_channels;
    std::vector<std::int64_t> m_begin;
    std::vector<std::int64_t> m_sizes; ///< of the parts: channels where there are some, levels
    std::int64_t m_gates = 0;
    at::Tensor m_offsets;
};

/// Widths and kept channels of gates that are 0 or 1, in any type and on any device: a level counts
/// only if all lower ones are open.
std::vector<QuantizerWidth> widthsOf(const at::Tensor& gates, const GateLayout& layout);

/// Probabilities that the gates with these logits are open.
std::vector<GateProbabilities> probabilitiesOf(const at::Tensor& logits, const GateLayout& layout);

} // namespace bitloom::bayesian_bits
