// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/data/batch_loader.h"
#include "core/graph/graph.h"
#include "core/types/results.h"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bitloom {

struct TrainingOptions {
    int epochs = 10;     ///< >= 1
    bool useSgd = false; ///< false: Adam (0.9, 0.999, 1e-8); true: SGD with Nesterov momentum 0.9
    double learningRate = 1e-3; ///< at the first step; cosine to zero over all steps
    double weightDecay = 0;     ///< L2, >= 0
};

struct TrainingResult {
    std::vector<EpochResult> epochs;
    /// Parameters and buffers by name, on the CPU, after the last full epoch.
    std::vector<std::pair<std::string, at::Tensor>> state;
    bool finished = true; ///< false: cancelled
};

/// Trains all floating parameters with cross-entropy; batch normalisation uses and updates batch
/// statistics.
///
/// Determinism: same graph, loader options and thread count give the same weights on the CPU.
/// afterEpoch gets the result so far after each epoch, for saving it.
/// Errors: NonFinite naming the epoch when the loss is NaN or Inf.
TrainingResult train(const graph::Graph& graph, BatchLoader& images, BatchLoader* test,
                     c10::Device device, const TrainingOptions& options, RunControl& control,
                     const std::function<void(const TrainingResult&)>& afterEpoch);

} // namespace bitloom
