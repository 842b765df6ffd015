// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/staged_search.h"

#include "core/base/error.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <string>
#include <utility>

namespace bitloom::bayesian_bits {

namespace {

/// Stage, whether its gates are frozen, and where the stage began: epoch and steps.
constexpr const char* kStageName = "stage/position";
constexpr std::int64_t kStageNumbers = 4;
const std::string kSearchedPrefix = "searched/";

SearchOptions secondStageOptions(const SearchOptions& searched, const FineTuningOptions& tuning,
                                 const SearchPosition& first)
{
    SearchOptions options;
    options.trainer.weights = {true, tuning.learningRate};
    options.trainer.gates = OptimizerOptions{};
    options.trainer.ranges = OptimizerOptions{false, tuning.learningRate};
    options.trainer.learned = {true, false, false, true};
    options.trainer.schedule.kind = LearningRateSchedule::Kind::Cosine;
    options.trainer.epochs = tuning.epochs;
    options.trainer.seed = searched.trainer.seed;
    options.trainer.stepsBefore = first.steps;
    options.first = first;
    options.scheduleBySteps = true;
    options.phase = "fine-tuning, epoch";
    return options;
}

} // namespace

StagedSearch::StagedSearch(const LoadedModel& model, SearchOptions options,
                           FineTuningOptions fineTuning, c10::Device device)
    : m_options(std::move(options)), m_fineTuning(fineTuning),
      m_stage(std::make_unique<Search>(model, m_options, device))
{
    BITLOOM_REQUIRE(fineTuning.epochs >= 0 && fineTuning.learningRate >= 0 &&
                        fineTuning.feedBatches >= 0,
                    ErrorCode::InvalidArgument, "fine-tuning for ", fineTuning.epochs,
                    " epochs at a learning rate of ", fineTuning.learningRate, " after ",
                    fineTuning.feedBatches, " batches for statistics: none may be negative");
}

bool StagedSearch::isFinished() const
{
    return stageIsFinished() && (m_number == 2 || m_fineTuning.epochs == 0);
}

void StagedSearch::freezeGates()
{
    if (m_number == 1) {
        m_areGatesFrozen = true;
        m_stage->leaveEpoch();
    }
}

bool StagedSearch::startFineTuning(BatchLoader& training, RunControl& control)
{
    BITLOOM_ASSERT(m_number == 1 && stageIsFinished());
    if (!m_stage->feedStatistics(training, m_fineTuning.feedBatches, control)) {
        return false;
    }
    // An epoch that was left is over: the second stage sees another order of the images.
    const SearchPosition last = m_stage->position();
    makeSecondStage({last.batch > 0 ? last.epoch + 1 : last.epoch, 0, last.steps});
    return true;
}

void StagedSearch::makeSecondStage(const SearchPosition& first)
{
    m_searched = m_stage->network().state();
    auto network = makeDecidedNetwork(m_stage->network());
    m_stage.reset(); // its tensors are not needed beside the second stage's
    m_stage = std::make_unique<Search>(std::move(network),
                                       secondStageOptions(m_options, m_fineTuning, first));
    m_number = 2;
    m_areGatesFrozen = false;
}

NamedTensors StagedSearch::state() const
{
    NamedTensors state = m_stage->state();
    for (const auto& [name, tensor] : m_searched) {
        state.emplace_back(kSearchedPrefix + name, tensor);
    }
    const SearchPosition& first = m_stage->first();
    state.emplace_back(kStageName,
                       at::tensor({std::int64_t{m_number}, std::int64_t{m_areGatesFrozen ? 1 : 0},
                                   std::int64_t{first.epoch}, first.steps},
                                  at::kLong));
    return state;
}

void StagedSearch::restore(const NamedTensors& state)
{
    BITLOOM_ASSERT(m_number == 1);
    const auto found = std::ranges::find(state, kStageName, &NamedTensors::value_type::first);
    BITLOOM_REQUIRE(found != state.end() && found->second.numel() == kStageNumbers,
                    ErrorCode::NotFound, "the checkpoint has no \"", kStageName, "\" of ",
                    kStageNumbers, " numbers; it is of another version");
    const at::Tensor numbers = found->second.to(at::kLong).contiguous();
    const auto* stage = numbers.const_data_ptr<std::int64_t>();
    if (stage[0] == 2) {
        NamedTensors searched;
        for (const auto& [name, tensor] : state) {
            if (name.starts_with(kSearchedPrefix)) {
                searched.emplace_back(name.substr(kSearchedPrefix.size()), tensor);
            }
        }
        m_stage->network().restore(searched);
        makeSecondStage({static_cast<int>(stage[2]), 0, stage[3]});
    }
    m_stage->restore(state);
    m_areGatesFrozen = stage[1] != 0;
}

} // namespace bitloom::bayesian_bits
