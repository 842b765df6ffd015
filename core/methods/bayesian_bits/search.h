// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/data/batch_loader.h"
#include "core/methods/bayesian_bits/trainer.h"
#include "core/types/results.h"

#include <c10/core/Device.h>

#include <cstdint>
#include <functional>
#include <string>

namespace bitloom::bayesian_bits {

struct SearchOptions {
    NetworkOptions network;
    TrainerOptions trainer;
    /// Batches that set ranges, and the statistics of new networks; >= 1.
    int calibrationBatches = 8;
    /// Ranges as the published code sets them: from the first two images, with sampled gates.
    bool compatRanges = false;
    /// The normalisations' statistics stay as they are after calibration.
    bool freezeStatistics = false;
};

/// Where a run stands between two steps.
struct SearchPosition {
    int epoch = 0;          ///< of the next step, from 0
    std::int64_t batch = 0; ///< of the next step in its epoch, from 0
    std::int64_t steps = 0; ///< done in all
    bool operator==(const SearchPosition&) const = default;
};

/// What one step came to.
struct StepReport {
    SearchPosition position; ///< after the step
    double loss = 0;
    double crossEntropy = 0;
    double regulariser = 0; ///< unscaled
    std::int64_t images = 0;
    std::int64_t correct = 0; ///< top-1 on the training images, gates as sampled
};

/// A search from calibration to the last epoch, in pieces that its owner strings together: it keeps
/// the order of the images, stops and resumes anywhere, and says what went wrong where.
///
/// Determinism: equal options, loader, device and number of threads give equal results; a search
/// that was restored goes on to the last bit. Reading a step's report waits for the device.
/// Threads: one at a time.
class Search {
public:
    /// Errors: those of GatedNetwork and Trainer; InvalidArgument for no calibration batches.
    Search(const LoadedModel& model, SearchOptions options, c10::Device device);

    GatedNetwork& network() { return m_network; }
    const GatedNetwork& network() const { return m_network; }
    const Trainer& trainer() const { return m_trainer; }
    const SearchPosition& position() const { return m_position; }
    bool isFinished() const { return m_position.epoch >= m_options.trainer.epochs; }

    /// Sets ranges from the first batches of the loader. False when cancelled: then begin again.
    /// Errors: NonFinite naming the tensor; BadDataset for a loader without images.
    bool calibrate(BatchLoader& images, RunControl& control);

    /// Trains to the end of the epoch in which the search stands. False when cancelled: the
    /// position then says which batch comes next. afterStep is called after each step. Errors:
    /// NonFinite naming the step and the first tensor that holds NaN or infinity; the state is then
    /// spoilt, and the owner's last one is to be restored. Those of a run.
    bool runEpoch(BatchLoader& images, RunControl& control,
                  const std::function<void(const StepReport&)>& afterStep);

    /// Top-1 and top-5 with decided gates.
    EvalResult evaluate(BatchLoader& images, RunControl& control);

    /// Everything that the rest of the search depends on, position included. restore() may throw
    /// what GatedNetwork::restore() throws.
    NamedTensors state() const;
    void restore(const NamedTensors& state);

private:
    std::string firstNonFinite() const;

    SearchOptions m_options;
    GatedNetwork m_network;
    Trainer m_trainer;
    SearchPosition m_position;
};

} // namespace bitloom::bayesian_bits
