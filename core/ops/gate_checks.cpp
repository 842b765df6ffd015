// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/gate_checks.h"

#include "core/ops/bop_layers.h"
#include "core/ops/hard_concrete_gates.h"

#include <c10/util/Exception.h>

namespace bitloom::ops {
namespace {

void checkLogits(const char* name, const at::Tensor& logits, const at::Tensor& offsets)
{
    TORCH_CHECK(logits.scalar_type() == at::kFloat && logits.dim() == 1 && logits.is_contiguous(),
                name, ": logits must be one contiguous row of float32, not ", logits.scalar_type(),
                " of shape ", logits.sizes());
    TORCH_CHECK(offsets.scalar_type() == at::kLong && offsets.dim() == 1 && offsets.numel() > 0 &&
                    offsets.is_contiguous(),
                name,
                ": offsets must be one row of int64, one more than there are quantizers, not ",
                offsets.scalar_type(), " of shape ", offsets.sizes());
    TORCH_CHECK(offsets.device() == logits.device(), name, ": logits are on ", logits.device(),
                ", offsets on ", offsets.device(), "; they must be on one device");
}

} // namespace

void checkGateArguments(const at::Tensor& logits, const at::Tensor& offsets, std::string_view mode,
                        const std::optional<at::Tensor>& uniforms)
{
    constexpr const char* kName = "hard_concrete_gates";
    checkLogits(kName, logits, offsets);
    TORCH_CHECK(mode == kGatesL0 || mode == kGatesFixed || mode == kGatesEvaluation, kName,
                ": mode must be l0, fixed or evaluation, not ", mode);
    if (uniforms) {
        TORCH_CHECK(uniforms->scalar_type() == at::kFloat && uniforms->dim() == 1 &&
                        uniforms->numel() == logits.numel() && uniforms->is_contiguous(),
                    kName, ": uniforms must be one contiguous row of ", logits.numel(),
                    " float32, not ", uniforms->scalar_type(), " of shape ", uniforms->sizes());
        TORCH_CHECK(uniforms->device() == logits.device(), kName, ": logits are on ",
                    logits.device(), ", uniforms on ", uniforms->device(),
                    "; they must be on one device");
    }
}

void checkRegulariserArguments(const at::Tensor& logits, const at::Tensor& offsets,
                               const at::Tensor& levelWeights)
{
    constexpr const char* kName = "bayesian_bits_regulariser";
    checkLogits(kName, logits, offsets);
    const std::int64_t numQuantizers = offsets.numel() - 1;
    TORCH_CHECK(levelWeights.scalar_type() == at::kFloat && levelWeights.dim() == 2 &&
                    levelWeights.size(0) == numQuantizers &&
                    levelWeights.size(1) == kGatesPerTensor + 1 && levelWeights.is_contiguous(),
                kName, ": level_weights must be contiguous float32 of shape [", numQuantizers,
                ", 5], not ", levelWeights.scalar_type(), " of shape ", levelWeights.sizes());
    TORCH_CHECK(levelWeights.device() == logits.device(), kName, ": logits are on ",
                logits.device(), ", level_weights on ", levelWeights.device(),
                "; they must be on one device");
}

void checkBopArguments(const at::Tensor& logits, const at::Tensor& offsets,
                       const at::Tensor& layers, const at::Tensor& scales)
{
    constexpr const char* kName = "expected_bit_operations";
    checkLogits(kName, logits, offsets);
    TORCH_CHECK(layers.scalar_type() == at::kLong && layers.dim() == 2 &&
                    layers.size(1) == kBopColumns && layers.is_contiguous(),
                kName, ": layers must be contiguous int64 of shape [layers, ", kBopColumns,
                "], not ", layers.scalar_type(), " of shape ", layers.sizes());
    TORCH_CHECK(scales.scalar_type() == at::kDouble && scales.dim() == 1 &&
                    scales.size(0) == layers.size(0) && scales.is_contiguous(),
                kName, ": scales must be contiguous float64 of shape [", layers.size(0), "], not ",
                scales.scalar_type(), " of shape ", scales.sizes());
    TORCH_CHECK(layers.device() == logits.device() && scales.device() == logits.device(), kName,
                ": logits are on ", logits.device(), ", layers on ", layers.device(),
                ", scales on ", scales.device(), "; they must be on one device");
}

void checkOffsetValues(const char* name, const at::Tensor& offsets, std::int64_t numGates)
{
    const std::int64_t* values = offsets.const_data_ptr<std::int64_t>();
    const std::int64_t last = offsets.numel() - 1;
    TORCH_CHECK(values[0] == 0 && values[last] == numGates, name,
                ": offsets must go from 0 to the number of logits, ", numGates, ", not from ",
                values[0], " to ", values[last]);
    for (std::int64_t q = 0; q < last; ++q) {
        TORCH_CHECK(values[q + 1] - values[q] >= kGatesPerTensor, name, ": quantizer ", q, " has ",
                    values[q + 1] - values[q], " gates; every quantizer has at least 4");
    }
}

} // namespace bitloom::ops
