// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/job.h"

#include <cstdint>
#include <string>

namespace bitloom::engine {

// The main job on LeNet-5 and digits that the program draws itself: the same in the demo command
// and in the window's example, which train for a different time.

/// How the network is trained. The digits that are measured on are drawn beside these.
struct ExampleTraining {
    int images = 8000;
    int epochs = 3;
    double learningRate = 1e-3;
    std::int64_t batchSize = 128;
};

/// For somebody who waits: 97.7 % of 2,000 other digits after 3.1 s on one core of an AMD EPYC,
/// where the demo's training takes 16.7 s and reaches 98.3 %.
inline constexpr ExampleTraining kQuickTraining{2000, 2, 3e-3, 64};

inline constexpr std::int64_t kExampleSweepImages = 256;
inline constexpr std::int64_t kExampleMeasuredImages = 2000;
/// 24 s of processor time on one core of an AMD EPYC for 99.2 % of 8,000 other digits at 0.47 % of
/// the bit operations; after 3 epochs the gates have just closed and accuracy is still down.
inline constexpr std::int64_t kExampleSearchEpochs = 4;
inline constexpr double kExampleBudgetPercent = 1.0; ///< of the bit operations in floating point

/// limit: first images of the split only; 0: all.
DataRef exampleImages(const ExampleTraining& training, std::int64_t limit);
TrainJob exampleTrainJob(const ExampleTraining& training, const std::string& weights);
/// Bayesian Bits on the trained network: the preset "quick" for a few epochs, measured at the end.
SearchJob exampleSearchJob(const ExampleTraining& training, const std::string& weights);
/// The trained network.
ModelRef exampleModel(const std::string& weights);

} // namespace bitloom::engine
