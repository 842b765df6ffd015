// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/gated_network_parts.h"

#include "core/ops/bayesian_bits_regulariser.h"
#include "core/ops/expected_bit_operations.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/tensor.h>

#include <numeric>

// What the gates cost, as a part of the loss.
namespace bitloom::bayesian_bits {

namespace {

/// How many of the five levels a width has.
std::ptrdiff_t levelsOf(int bits)
{
    return bits == 2 ? 1 : bits == 4 ? 2 : bits == 8 ? 3 : bits == 16 ? 4 : 5;
}

} // namespace

/// Where widths are given from the start, no level gate has a price: that of all levels in use is
/// on the channels. What is left out of a search has none.
at::Tensor GatedNetwork::regulariserTensor() const
{
    const bool wasSearched =
        m_options.mode == QuantizerMode::Gated || m_options.mode == QuantizerMode::Decided;
    const bool isFixed = m_options.mode == QuantizerMode::FixedWidths;
    const std::ptrdiff_t levels = levelsOf(isFixed ? m_options.fixedWeightBits : kFloatBits);
    std::vector<float> flat;
    const std::vector<LevelWeights> all = regulariserWeights(m_sites, m_options.regulariser);
    for (std::size_t q = 0; q < all.size(); ++q) {
        LevelWeights weights = all[q];
        if (wasSearched && !quantizes(q) && m_sites.quantizers[q].channels == 0) {
            weights = {};
        } else if (!wasSearched || !quantizes(q)) {
            const double sum = std::accumulate(weights.begin(), weights.begin() + levels, 0.0);
            weights = {sum, 0, 0, 0, 0};
        }
        flat.insert(flat.end(), weights.begin(), weights.end());
    }
    return at::tensor(flat, at::kFloat).reshape({-1, 5}).to(m_device);
}

std::tuple<at::Tensor, at::Tensor> GatedNetwork::price() const
{
    return m_options.regulariser == RegulariserType::ExpectedBitOperations
               ? ops::expectedBitOperations(m_logits, m_layout.offsets(), m_bopTable.layers,
                                            m_bopTable.scales)
               : ops::bayesianBitsRegulariser(m_logits, m_layout.offsets(), m_regulariserWeights);
}

at::Tensor GatedNetwork::regulariser() const
{
    return std::get<0>(price());
}

std::vector<double> GatedNetwork::layerRegularisers() const
{
    const at::NoGradGuard noGradients;
    const at::Tensor shares = std::get<1>(price()).to(at::kCPU, at::kDouble).contiguous();
    const double* const share = shares.const_data_ptr<double>();
    if (m_options.regulariser == RegulariserType::ExpectedBitOperations) {
        return {share, share + shares.numel()};
    }
    std::vector<double> result(m_sites.layers.size(), 0.0);
    for (std::size_t q = 0; q < m_sites.quantizers.size(); ++q) {
        const QuantizerSite& site = m_sites.quantizers[q];
        const bool byMacs =
            m_options.regulariser == RegulariserType::BitOperations && site.macs > 0;
        for (const std::size_t layer : site.layers) {
            result[layer] += share[q] * (byMacs ? static_cast<double>(m_sites.layers[layer].macs) /
                                                      static_cast<double>(site.macs)
                                                : 1.0 / static_cast<double>(site.layers.size()));
        }
    }
    return result;
}

} // namespace bitloom::bayesian_bits
