// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/data/batch_loader.h"
#include "core/io/loaded_model.h"
#include "core/types/bit_plan.h"
#include "core/types/sensitivity_table.h"

#include <c10/core/Device.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bitloom {

struct SensitivityOptions {
    std::vector<int> bits = {2, 3, 4, 5, 6, 8}; ///< 1..16, ascending
    bool weights = true;
    bool activations = true;
    UniformPlanOptions spec; ///< how grids are chosen; its bits are not used
    int threads = 0;         ///< candidates at a time on the CPU; 0 = all cores
};

/// Measures each weight and each activation tensor at each bit width, all others in floating point.
///
/// For each batch the float network runs once and keeps what the candidates need; a candidate then
/// runs only the nodes that depend on the tensor it changes. Candidates of a batch run side by
/// side, each on one thread, so the numbers do not depend on the number of threads. Order of work:
/// batch by batch, all candidates of a batch together. After each batch progress() holds everything
/// that is needed to go on later, with the same result to the last bit.
/// Metrics: outputError = mean over images and logits of (float - quantized)^2; kl = mean over
/// images of KL(softmax(float) || softmax(quantized)) in nats; accuracy = top-1. Sums in double.
class SensitivitySweep {
public:
    /// calibration: images for the activations' grids; may be null if options.activations is false.
    /// Errors: InvalidArgument for illegal bits. Check control.stopRequested() afterwards: a
    /// cancelled calibration leaves a sweep that must not be run.
    SensitivitySweep(const LoadedModel& model, SensitivityOptions options, BatchLoader* calibration,
                     c10::Device device, RunControl& control);
    ~SensitivitySweep();
    SensitivitySweep(const SensitivitySweep&) = delete;
    SensitivitySweep& operator=(const SensitivitySweep&) = delete;

    /// Measures the batches that are still missing. afterBatch is called when progress() has
    /// changed. Returns false when cancelled; what was measured stays.
    bool run(BatchLoader& images, RunControl& control, const std::function<void()>& afterBatch);

    /// Sums so far, as JSON. Equal text gives an equal continuation.
    std::string progress() const;
    /// Takes up sums from an earlier progress(). Errors: CorruptFile for a text that is not of this
    /// sweep.
    void restore(const std::string& progress);

    /// The means over the images measured so far; name, data and seed are the caller's to fill in.
    SensitivityTable table() const;
    /// MACs of all candidates as run, in percent of running each from the input.
    double costPercent() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace bitloom
