// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/gated_network_parts.h"

#include "core/base/error.h"
#include "core/methods/bayesian_bits/run_series.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/aminmax.h>
#include <ATen/ops/maximum.h>

#include <algorithm>
#include <cmath>

// Where ranges come from, and what lies inside them.
namespace bitloom::bayesian_bits {

void GatedNetwork::note(std::size_t quantizer, const at::Tensor& x)
{
    const auto [low, high] = at::aminmax(x.detach());
    ValueRange& seen = m_seen[quantizer];
    seen.low = std::min(seen.low, low.item<float>());
    seen.high = std::max(seen.high, high.item<float>());
    BITLOOM_REQUIRE(std::isfinite(low.item<float>()) && std::isfinite(high.item<float>()),
                    ErrorCode::NonFinite, m_sites.quantizers[quantizer].name,
                    " holds NaN or Inf before training; its range cannot be set");
}

void GatedNetwork::setRange(std::size_t quantizer, double range, bool isSigned)
{
    const at::NoGradGuard noGradients;
    const auto index = static_cast<std::int64_t>(quantizer);
    m_ranges.select(0, index).fill_(range);
    m_floors.select(0, index).fill_(range * kRangeFloorShare);
    m_signed[quantizer] = isSigned;
}

void GatedNetwork::observe(const at::Tensor& images)
{
    constexpr float kNothing = std::numeric_limits<float>::infinity();
    const at::NoGradGuard noGradients;
    if (m_observedBatches == 0) {
        m_seen.assign(m_sites.quantizers.size(), {kNothing, -kNothing});
    }
    ++m_observedBatches;
    std::vector<FoldedNorm> before;
    for (const auto& norm : m_norms) {
        before.push_back(norm->tensors);
        if (norm->isUntouched) { // the mean over all batches
            norm->tensors.momentum = 1.0 / static_cast<double>(m_observedBatches);
        } else {
            norm->tensors.mean = norm->tensors.mean.clone();
            norm->tensors.variance = norm->tensors.variance.clone();
        }
    }
    // Normalisations that do not fold move their running statistics by themselves.
    std::vector<at::Tensor> buffers;
    for (std::size_t p = 0; p < m_tensors.size(); ++p) {
        const bool isBuffer = m_original->parameters()[p].isBuffer;
        buffers.push_back(isBuffer ? m_tensors[p].second.clone() : at::Tensor());
    }
    m_phase = Phase::Observing;
    trainingRunner().executor.run(images.to(m_device));
    m_phase = Phase::Training;
    for (std::size_t p = 0; p < m_tensors.size(); ++p) {
        if (buffers[p].defined()) {
            m_tensors[p].second.copy_(buffers[p]);
        }
    }
    for (std::size_t n = 0; n < m_norms.size(); ++n) {
        m_norms[n]->tensors = before[n]; // shares the statistics of untouched ones
    }
}

void GatedNetwork::finishObserving()
{
    BITLOOM_REQUIRE(m_observedBatches > 0, ErrorCode::InvalidArgument,
                    "ranges need calibration images; none were given");
    const at::NoGradGuard noGradients;
    for (std::size_t q = 0; q < m_sites.quantizers.size(); ++q) {
        if (isWeight(q)) { // folded with the statistics as they are now
            m_seen[q] = {std::numeric_limits<float>::infinity(),
                         -std::numeric_limits<float>::infinity()};
            note(q, evaluationWeight(q));
        }
        const auto [low, high] = m_seen[q];
        const double magnitude = std::max(std::fabs(low), std::fabs(high));
        // A tensor of zeros says nothing about its range.
        setRange(q, std::isfinite(magnitude) && magnitude > 0 ? magnitude : 1.0, low < 0);
    }
    m_seen.clear();
    m_observedBatches = 0;
    m_hasRanges = true;
    invalidateEvaluation();
}

void GatedNetwork::initializeFromFirstTensors(const at::Tensor& images, const GateNoise& noise)
{
    constexpr float kNothing = std::numeric_limits<float>::infinity();
    const at::NoGradGuard noGradients;
    m_seen.assign(m_sites.quantizers.size(), {kNothing, -kNothing});
    m_training = trainingPass(noise);
    m_phase = Phase::Initializing;
    trainingRunner().executor.run(images.to(m_device));
    m_phase = Phase::Training;
    m_training = {};
    m_seen.clear();
    m_hasRanges = true;
    invalidateEvaluation();
}

void GatedNetwork::keepRangesAboveFloors()
{
    const at::NoGradGuard noGradients;
    m_ranges.copy_(at::maximum(m_ranges, m_floors));
    invalidateEvaluation();
}

void GatedNetwork::measure(std::size_t quantizer, const at::Tensor& x) const
{
    const at::Tensor values = x.detach();
    const auto [low, high] = at::aminmax(values);
    Measured& each = (*m_measured)[quantizer];
    each.low = std::min(each.low, low.item<float>());
    each.high = std::max(each.high, high.item<float>());
    each.values += values.numel();
    if (quantizes(quantizer)) {
        const float top = m_ranges[static_cast<std::int64_t>(quantizer)].item<float>();
        const float bottom = m_signed[quantizer] ? -top : 0.0F;
        each.clipped += (values.gt(top).logical_or(values.lt(bottom))).sum().item<std::int64_t>();
    }
}

std::vector<TensorRange> GatedNetwork::tensorRanges(const at::Tensor& images)
{
    const at::NoGradGuard noGradients;
    std::vector<Measured> measured(m_sites.quantizers.size());
    m_measured = &measured;
    const auto stopMeasuring = [this](void*) { m_measured = nullptr; };
    const std::unique_ptr<void, decltype(stopMeasuring)> guard(this, stopMeasuring);
    for (std::size_t q = 0; q < measured.size(); ++q) {
        if (isWeight(q)) {
            measure(q, evaluationWeight(q));
        }
    }
    evaluation().run(images.to(m_device));
    std::vector<TensorRange> ranges;
    for (const Measured& each : measured) {
        constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
        ranges.push_back(each.values == 0 ? TensorRange{kNone, kNone, kNone}
                                          : TensorRange{each.low, each.high,
                                                        100.0F * static_cast<float>(each.clipped) /
                                                            static_cast<float>(each.values)});
    }
    return ranges;
}

void GatedNetwork::takeRanges(const GatedNetwork& other)
{
    BITLOOM_REQUIRE(other.m_ranges.sizes() == m_ranges.sizes(), ErrorCode::ShapeMismatch,
                    "the other network has ", other.m_ranges.size(0), " quantizers, this one ",
                    m_ranges.size(0));
    const at::NoGradGuard noGradients;
    m_ranges.copy_(other.m_ranges);
    m_floors.copy_(other.m_floors);
    m_signed = other.m_signed;
    m_hasRanges = other.m_hasRanges;
    invalidateEvaluation();
}

} // namespace bitloom::bayesian_bits
