// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/cuda/gates.h"
#include "core/ops/gate_checks.h"
#include "core/ops/gate_price.h"
#include "core/ops/hard_concrete_gates.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/library.h>

#include <optional>

namespace bitloom::ops {
namespace {

cuda::GateRows rowsOf(const at::Tensor& logits, const at::Tensor& offsets)
{
    return {.logits = logits.const_data_ptr<float>(),
            .offsets = offsets.const_data_ptr<std::int64_t>(),
            .numQuantizers = offsets.numel() - 1,
            .numGates = logits.numel()};
}

void checkLaunch(cuda::Status status)
{
    C10_CUDA_CHECK(static_cast<cudaError_t>(status));
}

std::tuple<at::Tensor, at::Tensor> gatesCuda(const at::Tensor& logits, const at::Tensor& offsets,
                                             std::string_view mode,
                                             const std::optional<at::Tensor>& uniforms,
                                             std::int64_t seed, std::int64_t step)
{
    checkGateArguments(logits, offsets, mode, uniforms);
    const c10::cuda::CUDAGuard guard(logits.device());
    at::Tensor gates = at::empty_like(logits);
    at::Tensor slopes = at::empty_like(logits);
    const cuda::GateRows rows = rowsOf(logits, offsets);
    const cuda::GateDraws draws = {.uniforms =
                                       uniforms ? uniforms->const_data_ptr<float>() : nullptr,
                                   .seed = static_cast<std::uint64_t>(seed),
                                   .step = static_cast<std::uint64_t>(step)};
    const cuda::GateMode kind = mode == kGatesL0      ? cuda::GateMode::L0
                                : mode == kGatesFixed ? cuda::GateMode::Fixed
                                                      : cuda::GateMode::Evaluation;
    if (rows.numQuantizers > 0) {
        checkLaunch(cuda::launchGates(rows, kind, draws, gates.mutable_data_ptr<float>(),
                                      slopes.mutable_data_ptr<float>(),
                                      c10::cuda::getCurrentCUDAStream()));
    }
    return {gates, slopes};
}

std::tuple<at::Tensor, at::Tensor, at::Tensor>
regulariserCuda(const at::Tensor& logits, const at::Tensor& offsets, const at::Tensor& levelWeights)
{
    checkRegulariserArguments(logits, offsets, levelWeights);
    const c10::cuda::CUDAGuard guard(logits.device());
    at::Tensor total = at::empty({}, logits.options());
    at::Tensor shares = at::empty({levelWeights.size(0)}, logits.options());
    at::Tensor gradient = at::empty_like(logits);
    checkLaunch(cuda::launchRegulariser(
        rowsOf(logits, offsets), levelWeights.const_data_ptr<float>(),
        total.mutable_data_ptr<float>(), shares.mutable_data_ptr<float>(),
        gradient.mutable_data_ptr<float>(), c10::cuda::getCurrentCUDAStream()));
    return {total, shares, gradient};
}

GatePrice expectedCuda(const at::Tensor& logits, const at::Tensor& offsets,
                       const at::Tensor& layers, const at::Tensor& scales)
{
    checkBopArguments(logits, offsets, layers, scales);
    const c10::cuda::CUDAGuard guard(logits.device());
    at::Tensor total = at::empty({}, logits.options());
    at::Tensor shares = at::empty({layers.size(0)}, logits.options());
    at::Tensor gradient = at::empty_like(logits);
    const cuda::GateRows rows = rowsOf(logits, offsets);
    at::Tensor work = at::empty(
        {rows.numQuantizers * cuda::kBopWorkPerQuantizer + layers.size(0) * cuda::kBopWorkPerLayer},
        scales.options());
    const cuda::BopRows bops = {.layers = layers.const_data_ptr<std::int64_t>(),
                                .scales = scales.const_data_ptr<double>(),
                                .numLayers = layers.size(0),
                                .work = work.mutable_data_ptr<double>()};
    checkLaunch(cuda::launchExpectedBops(
        rows, bops, total.mutable_data_ptr<float>(), shares.mutable_data_ptr<float>(),
        gradient.mutable_data_ptr<float>(), c10::cuda::getCurrentCUDAStream()));
    return {total, shares, gradient};
}

} // namespace

TORCH_LIBRARY_IMPL(bitloom, CUDA, library)
{
    library.impl("hard_concrete_gates_with_slopes", gatesCuda);
    library.impl("bayesian_bits_regulariser_with_gradient", regulariserCuda);
    library.impl("expected_bit_operations_with_gradient", expectedCuda);
}

} // namespace bitloom::ops
