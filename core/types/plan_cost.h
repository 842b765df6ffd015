// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bitloom {

/// What one layer costs under a plan. All exact integers; definitions in core/cost/cost_model.h.
struct LayerCost {
    std::string name;
    int weightBits = 32;
    int activationBits =
        32; ///< of its input tensor (a matmul: the second operand counts as its weight)
    std::int64_t macs = 0; ///< at batch 1
    /// macs * effective weight bits * effective activation bits * share of kept output channels
    std::int64_t bops = 0;
    std::int64_t codeBytes = 0;  ///< packed codes with row padding, or the raw weight
    std::int64_t scaleBytes = 0; ///< scales and zero points
    std::int64_t bytes() const { return codeBytes + scaleBytes; }
};

struct PlanCost {
    std::int64_t macs = 0;
    std::int64_t bops = 0;
    std::int64_t bopsFp32 = 0; ///< 1024 * macs
    std::int64_t bytes =
        0; ///< all stored payload: layers + raw tensors (biases, batch norm, buffers)
    std::int64_t rawBytes = 0; ///< the raw tensors' share of bytes
    std::int64_t bytesFp32 =
        0; ///< the unquantized model's parameters and buffers in their own types
    std::vector<LayerCost> layers;
    double bopsPercentOfFp32() const
    {
        return bopsFp32 == 0 ? 0.0
                             : 100.0 * static_cast<double>(bops) / static_cast<double>(bopsFp32);
    }
};

} // namespace bitloom
