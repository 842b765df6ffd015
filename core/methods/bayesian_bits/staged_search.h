// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/methods/bayesian_bits/search.h"

#include <memory>

namespace bitloom::bayesian_bits {

/// The second stage: weights, biases and ranges train on while what the gates decided stays.
struct FineTuningOptions {
    int epochs = 0; ///< 0: there is no second stage
    /// Of weights and biases (SGD, Nesterov momentum 0.9) and of ranges (Adam) at the start; falls
    /// along a cosine to 0 over all steps.
    double learningRate = 1e-4;
    /// Training batches that refresh the statistics of normalisations before these are folded.
    std::int64_t feedBatches = 0;
};

/// A search and the fine-tuning with fixed gates after it.
///
/// Source: van Baalen et al., "Bayesian Bits", NeurIPS 2020, section 4. Differs: any network; the
/// first stage may be ended early.
/// Determinism, threads: as Search; a staged search that was restored in either stage goes on to
/// the last bit.
class StagedSearch {
public:
    /// Errors: those of Search; InvalidArgument for negative epochs or rates.
    StagedSearch(const LoadedModel& model, SearchOptions options, FineTuningOptions fineTuning,
                 c10::Device device);

    /// The stage that runs: 1 or 2.
    int number() const { return m_number; }
    Search& stage() { return *m_stage; }
    const Search& stage() const { return *m_stage; }

    /// This stage has nothing left to do: it trained all its epochs, or its gates were frozen.
    bool stageIsFinished() const { return m_areGatesFrozen || m_stage->isFinished(); }
    /// All stages have.
    bool isFinished() const;
    /// From the first stage, finished, to the second one. False when cancelled: the first stage
    /// stands as it stood.
    bool startFineTuning(BatchLoader& training, RunControl& control);
    /// Ends the first stage here, after the step that is being made. Does nothing in the second.
    void freezeGates();

    /// As of Search; restore() may be called in the first stage only and leads to either.
    NamedTensors state() const;
    void restore(const NamedTensors& state);

private:
    void makeSecondStage(const SearchPosition& first);

    SearchOptions m_options;
    FineTuningOptions m_fineTuning;
    std::unique_ptr<Search> m_stage;
    NamedTensors m_searched; ///< in the second stage: the network that the first one left
    int m_number = 1;
    bool m_areGatesFrozen = false;
};

} // namespace bitloom::bayesian_bits
