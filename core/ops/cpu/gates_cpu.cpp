// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/gate_checks.h"
#include "core/ops/hard_concrete.h"
#include "core/ops/hard_concrete_gates.h"
#include "core/ops/level_prices.h"
#include "core/ops/philox.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <torch/library.h>

#include <optional>

namespace bitloom::ops {
namespace {

/// The random number of each gate: given, or drawn by seed and step.
class Draws {
public:
    Draws(const std::optional<at::Tensor>& uniforms, std::int64_t seed, std::int64_t step)
        : m_given(uniforms ? uniforms->const_data_ptr<float>() : nullptr),
          m_seed(static_cast<std::uint64_t>(seed)), m_step(static_cast<std::uint64_t>(step))
    {
    }
    float at(std::int64_t gate) const
    {
        return m_given != nullptr ? m_given[gate]
                                  : uniformAt(m_seed, m_step, static_cast<std::uint64_t>(gate));
    }

private:
    const float* m_given;
    std::uint64_t m_seed;
    std::uint64_t m_step;
};

std::tuple<at::Tensor, at::Tensor> gatesCpu(const at::Tensor& logits, const at::Tensor& offsets,
                                            std::string_view mode,
                                            const std::optional<at::Tensor>& uniforms,
                                            std::int64_t seed, std::int64_t step)
{
    checkGateArguments(logits, offsets, mode, uniforms);
    checkOffsetValues("hard_concrete_gates", offsets, logits.numel());
    at::Tensor gates = at::empty_like(logits);
    at::Tensor slopes = at::empty_like(logits);
    const float* g = logits.const_data_ptr<float>();
    const std::int64_t* bounds = offsets.const_data_ptr<std::int64_t>();
    float* z = gates.mutable_data_ptr<float>();
    float* slope = slopes.mutable_data_ptr<float>();
    const Draws draws(uniforms, seed, step);
    const bool isTraining = mode != kGatesEvaluation;
    const auto gateOf = [&](std::int64_t i) {
        return mode == kGatesL0      ? stochasticGate(g[i], draws.at(i))
               : mode == kGatesFixed ? fixedGate(g[i])
                                     : evaluationGate(g[i]);
    };
    for (std::int64_t q = 0; q + 1 < offsets.numel(); ++q) {
        const std::int64_t levels = bounds[q + 1] - kGatesPerTensor;
        bool isCut = false;
        for (std::int64_t i = bounds[q]; i < bounds[q + 1]; ++i) {
            isCut = isCut || (isTraining && i >= levels && g[i] <= kAbsorbingLogit);
            const GateValue gate = isCut ? GateValue{0.0F, 0.0F} : gateOf(i);
            z[i] = gate.z;
            slope[i] = gate.slope;
        }
    }
    return {gates, slopes};
}

std::tuple<at::Tensor, at::Tensor, at::Tensor>
regulariserCpu(const at::Tensor& logits, const at::Tensor& offsets, const at::Tensor& levelWeights)
{
    checkRegulariserArguments(logits, offsets, levelWeights);
    checkOffsetValues("bayesian_bits_regulariser", offsets, logits.numel());
    at::Tensor total = at::empty({}, logits.options());
    at::Tensor shares = at::empty({levelWeights.size(0)}, logits.options());
    at::Tensor gradient = at::empty_like(logits);
    const float* g = logits.const_data_ptr<float>();
    const std::int64_t* bounds = offsets.const_data_ptr<std::int64_t>();
    const float* weights = levelWeights.const_data_ptr<float>();
    float* share = shares.mutable_data_ptr<float>();
    float* slope = gradient.mutable_data_ptr<float>();
    double sum = 0;
    for (std::int64_t q = 0; q + 1 < offsets.numel(); ++q) {
        const std::int64_t levels = bounds[q + 1] - kGatesPerTensor;
        const auto channels = static_cast<double>(levels - bounds[q]);
        double mean = 0;
        for (std::int64_t i = bounds[q]; i < levels; ++i) {
            mean += static_cast<double>(probabilityOn(g[i]));
        }
        mean = channels > 0 ? mean / channels : 0.0;
        const LevelPrices prices =
            levelPrices(g + levels, weights + q * (kGatesPerTensor + 1), channels > 0, mean);
        for (std::int64_t i = bounds[q]; i < levels; ++i) {
            const auto p = static_cast<double>(probabilityOn(g[i]));
            slope[i] = static_cast<float>(prices.meanSlope * p * (1.0 - p) / channels);
        }
        for (std::int64_t j = 0; j < kGatesPerTensor; ++j) {
            slope[levels + j] = static_cast<float>(prices.levelSlope[j]);
        }
        share[q] = static_cast<float>(prices.price);
        sum += prices.price;
    }
    *total.mutable_data_ptr<float>() = static_cast<float>(sum);
    return {total, shares, gradient};
}

} // namespace

TORCH_LIBRARY_IMPL(bitloom, CPU, library)
{
    library.impl("hard_concrete_gates_with_slopes", gatesCpu);
    library.impl("bayesian_bits_regulariser_with_gradient", regulariserCpu);
}

} // namespace bitloom::ops
