// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/data/batch_loader.h"
#include "core/io/state/bayesian_bits_checkpoint.h"
#include "core/methods/bayesian_bits/trainer.h"
#include "core/types/results.h"

#include <c10/core/Device.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bitloom::bayesian_bits {

/// Where a run stands between two steps.
struct SearchPosition {
    int epoch = 0;          ///< of the next step, from 0
    std::int64_t batch = 0; ///< of the next step in its epoch, from 0
    std::int64_t steps = 0; ///< done in all
    bool operator==(const SearchPosition&) const = default;
};

struct SearchOptions {
    NetworkOptions network;
    TrainerOptions trainer;
    std::vector<LayerLock> locks; ///< of the network, from the start
    /// Batches that set ranges, and the statistics of new networks; >= 1.
    int calibrationBatches = 8;
    /// Ranges as the published code sets them: from the first two images, with sampled gates.
    bool compatRanges = false;
    /// The normalisations' statistics stay as they are after calibration.
    bool freezeStatistics = false;
    /// Where it begins: a stage that follows another one counts on. batch is 0.
    SearchPosition first;
    /// The schedule is laid out over the steps of all epochs, not over the epochs.
    bool scheduleBySteps = false;
    std::string phase = "epoch"; ///< in progress reports, before "2 of 10"
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
    Search(const LoadedModel& model, const SearchOptions& options, c10::Device device);
    /// With a network that has its ranges; options.network does not count.
    Search(std::unique_ptr<GatedNetwork> network, SearchOptions options);

    GatedNetwork& network() { return *m_network; }
    const GatedNetwork& network() const { return *m_network; }
    const Trainer& trainer() const { return m_trainer; }
    const SearchPosition& position() const { return m_position; }
    const SearchPosition& first() const { return m_options.first; }
    bool isFinished() const { return epochsDone() >= m_options.trainer.epochs; }
    int epochsDone() const { return m_position.epoch - m_options.first.epoch; }

    /// Sets ranges from the first batches of the loader. False when cancelled: then begin again.
    /// Errors: NonFinite naming the tensor; BadDataset for a loader without images.
    bool calibrate(BatchLoader& images, RunControl& control);

    /// In place of calibrate(): with weights, gates and ranges of a checkpoint; locks of the
    /// options hold. model: that of the network. Gives notes for people. Errors: those of
    /// importCheckpoint().
    std::vector<Phrase> startFrom(const io::BayesianBitsCheckpoint& checkpoint,
                                  const LoadedModel& model);

    /// Trains to the end of the epoch in which the search stands. False when cancelled or left: the
    /// position then says which batch comes next. afterStep is called after each step. Errors:
    /// NonFinite naming the step and the first tensor that holds NaN or infinity; the state is then
    /// spoilt, and the owner's last one is to be restored. OutOfMemory: the same. Those of a run.
    bool runEpoch(BatchLoader& images, RunControl& control,
                  const std::function<void(const StepReport&)>& afterStep);

    /// To be called from within afterStep: runEpoch() returns false after that step.
    void leaveEpoch() { m_leaves = true; }
    /// Batches have half as many images from here on: the same images come next.
    void halveBatches() { m_position.batch *= 2; }

    /// Moves the normalisations' statistics by so many training batches, or all there are in an
    /// epoch, with decided gates. False when cancelled: nothing has changed then.
    bool feedStatistics(BatchLoader& images, std::int64_t batches, RunControl& control);

    /// Top-1 and top-5 with decided gates.
    EvalResult evaluate(BatchLoader& images, RunControl& control);

    /// Everything that the rest of the search depends on, position included. restore() may throw
    /// what GatedNetwork::restore() throws.
    NamedTensors state() const;
    void restore(const NamedTensors& state);

private:
    std::string firstNonFinite() const;
    void freezeIfAsked();

    SearchOptions m_options;
    std::unique_ptr<GatedNetwork> m_network;
    Trainer m_trainer;
    SearchPosition m_position;
    bool m_leaves = false;
};

} // namespace bitloom::bayesian_bits
