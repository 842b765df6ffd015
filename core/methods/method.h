// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/data/batch_loader.h"
#include "core/io/loaded_model.h"
#include "core/io/state/state_dict.h"
#include "core/types/bit_plan.h"
#include "core/types/event.h"
#include "core/types/layer_lock.h"
#include "core/types/method_description.h"
#include "core/types/quant_state.h"
#include "core/types/run_history.h"
#include "core/types/run_warning.h"
#include "core/types/search_result.h"

#include <c10/core/Device.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bitloom {

// What a method that searches bits by training is to whoever runs it (core/engine). The owner has
// the files, the events, the images and the memory; the method has the numbers. One folder of
// core/methods and one line of registry.cpp make a method.

/// What a run is made of.
struct MethodSetup {
    std::shared_ptr<const LoadedModel> model;
    OptionValues options; ///< complete and checked
    std::uint64_t seed = 0;
    c10::Device device = c10::Device(c10::DeviceType::CPU);
    /// It starts, so what it starts from is read and checked; otherwise it will be restored.
    bool begins = true;
};

/// The training images as the options want them.
struct TrainingBatches {
    std::int64_t size = 0; ///< images, of each batch but the last
    bool augment = false;
};

/// Where a run stands between two steps, for people and for its file.
struct RunPosition {
    int stage = 1;
    int epoch = 0;          ///< of the next step, from 0
    std::int64_t batch = 0; ///< of the next step in its epoch, from 0
    std::int64_t steps = 0; ///< done in all
};

/// What a search leaves behind: ready to be packed and measured like any other plan.
struct MethodOutcome {
    LoadedModel model; ///< with the weights that the plan's grids hold
    BitPlan plan;      ///< of that model; ranges fixed, no images needed
    QuantState state;  ///< grids of plan on model
    std::int64_t bops = 0;
    double relativeBopsPercent = 0; ///< the same as bops
    double relativeBopsPercentCountingPrunedInputs = 0;
    std::vector<SearchedLayer> layers;
    std::vector<FrontierPoint> baseline; ///< measured beside it, where the options ask for one
    std::vector<Phrase> notes;           ///< what the plan cannot say, one sentence each
    struct FineTuning {
        double top1PercentBefore = 0;
        int epochs = 0;
    };
    std::optional<FineTuning> fineTuning; ///< that followed the search
};

/// What the owner of a run lends it while it works.
class RunContext {
public:
    virtual ~RunContext() = default;

    virtual RunControl& control() = 0;
    virtual BatchLoader& trainingImages() = 0;
    virtual BatchLoader& testImages() = 0; ///< all of them, in their order

    /// What was recorded so far, of earlier stretches too.
    virtual const RunHistory& history() const = 0;
    /// One more row of a series of MethodRun::series(). Errors: those of RunHistory::append().
    virtual void append(const std::string& series, std::int64_t step,
                        std::vector<float> values) = 0;
    virtual void say(Metric metric) = 0;
    virtual void say(LogLine line) = 0;

    /// The state is written down: a run that is killed goes on from here. False when cancelled.
    virtual bool keep() = 0;
    /// The same in a file that stays, of this name ("epoch-3").
    virtual bool keepCopy(const std::string& name) = 0;
    /// Between two steps: the owner may lock() and freezeGates() in here.
    virtual void afterStep() = 0;
};

/// A search of one model, from its first step to its outcome.
///
/// Determinism: equal setups, images and numbers of threads give equal results; a run that was
/// restored goes on to the last bit. Threads: one at a time.
class MethodRun {
public:
    virtual ~MethodRun() = default;

    virtual TrainingBatches trainingBatches() const = 0;
    /// What it records, without rows.
    virtual std::vector<HistorySeries> series() const = 0;

    /// Everything before the first step; of a run that begins. The history cannot be written yet.
    /// False when cancelled: then begin again.
    virtual bool start(RunContext& context) = 0;
    /// From where it stands to the end, or to where it is cancelled. Errors: NonFinite naming step
    /// and tensor, OutOfMemory; the state is spoilt then.
    virtual void train(RunContext& context) = 0;
    /// Of a run that has trained to the end; planName: of its plan. nullopt when cancelled.
    virtual std::optional<MethodOutcome> outcome(const std::string& planName,
                                                 RunContext& context) = 0;

    virtual RunPosition position() const = 0;
    /// Everything that the rest of the run depends on, position included, on the CPU.
    virtual io::StateDict state() const = 0;
    /// Errors: NotFound, ShapeMismatch for a state of another model or other options.
    virtual void restore(const io::StateDict& state) = 0;

    /// Batches have half as many images from here on: the same images come next.
    virtual void halveBatches() = 0;
    /// What the search may no longer choose. Errors: InvalidArgument for a lock that cannot be.
    virtual void lock(const std::vector<LayerLock>& locks) = 0;
    /// What the search chose so far is decided. Errors: InvalidArgument if it is already.
    virtual void freezeGates() = 0;
};

/// A method that searches bits.
class Method {
public:
    virtual ~Method() = default;

    virtual const MethodDescription& description() const = 0;
    /// Errors: what is wrong with model and options together.
    virtual std::unique_ptr<MethodRun> makeRun(const MethodSetup& setup) const = 0;
    /// All warnings of a run's history by step. A longer history of the same run gives the same
    /// ones and perhaps more behind them. Threads: any.
    virtual std::vector<RunWarning> warnings(const RunHistory& history) const = 0;
};

} // namespace bitloom
