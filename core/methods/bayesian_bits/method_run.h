// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/state/bayesian_bits_checkpoint.h"
#include "core/methods/bayesian_bits/options.h"
#include "core/methods/bayesian_bits/outcome.h"
#include "core/methods/bayesian_bits/sensitivity_baseline.h"
#include "core/methods/bayesian_bits/staged_search.h"
#include "core/methods/method.h"

namespace bitloom::bayesian_bits {

/// A staged search with everything that is recorded and measured along its way.
class MethodRun final : public bitloom::MethodRun {
public:
    /// Errors: those of StagedSearch; of readBayesianBitsCheckpoint() and importCheckpoint() where
    /// it begins with one.
    explicit MethodRun(const MethodSetup& setup);

    TrainingBatches trainingBatches() const override;
    std::vector<HistorySeries> series() const override;
    bool start(RunContext& context) override;
    void train(RunContext& context) override;
    std::optional<MethodOutcome> outcome(const std::string& planName, RunContext& context) override;
    RunPosition position() const override;
    io::StateDict state() const override;
    void restore(const io::StateDict& state) override;
    void halveBatches() override;
    void lock(const std::vector<LayerLock>& locks) override;
    void freezeGates() override;

private:
    void requireFreeGates() const;
    bool recordStage(RunContext& context);
    void record(RunContext& context, const StepReport& step) const;
    void recordNetwork(RunContext& context, std::int64_t step) const;
    bool evaluateIfDue(RunContext& context);
    bool keepEpoch(RunContext& context) const;
    void sayNewWarnings(RunContext& context);
    std::vector<SearchedLayer> layersOf(const Outcome& outcome) const;
    std::optional<std::vector<FrontierPoint>> baselinePoints(const Outcome& outcome,
                                                             RunContext& context) const;
    FrontierPoint frontierPoint(const BaselinePoint& measured, const Outcome& outcome) const;

    std::shared_ptr<const LoadedModel> m_model; ///< as it is searched
    RunOptions m_options;
    std::vector<int> m_baselineBits;
    StagedSearch m_search;
    std::optional<io::BayesianBitsCheckpoint> m_checkpoint; ///< from which it starts
    std::int64_t m_warnedTo = 0;                            ///< step
};

} // namespace bitloom::bayesian_bits
