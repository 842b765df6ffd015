// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/search.h"

#include "core/base/error.h"
#include "core/graph/torch_errors.h"
#include "core/methods/bayesian_bits/checkpoint_import.h"
#include "core/methods/evaluation.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>

namespace bitloom::bayesian_bits {

namespace {

constexpr const char* kPositionName = "search/position";
constexpr std::int64_t kCompatImages = 2;

} // namespace

Search::Search(const LoadedModel& model, const SearchOptions& options, c10::Device device)
    : Search(std::make_unique<GatedNetwork>(model, options.network, device), options)
{
}

Search::Search(std::unique_ptr<GatedNetwork> network, SearchOptions options)
    : m_options(std::move(options)), m_network(std::move(network)),
      m_trainer(*m_network, m_options.trainer), m_position(m_options.first)
{
    BITLOOM_REQUIRE(m_options.calibrationBatches > 0, ErrorCode::InvalidArgument,
                    "calibration needs at least one batch, found ", m_options.calibrationBatches);
    m_network->lock(m_options.locks);
}

bool Search::calibrate(BatchLoader& images, RunControl& control)
{
    images.startEpoch(0);
    const int batches = m_options.compatRanges ? 1 : m_options.calibrationBatches;
    int seen = 0;
    while (seen < batches) {
        if (control.shouldStop()) {
            return false;
        }
        const std::optional<Batch> batch = images.next();
        if (!batch) {
            break;
        }
        if (m_options.compatRanges) {
            const std::int64_t count = std::min(kCompatImages, batch->images.size(0));
            // A step of its own, so that the first training step draws anew.
            m_network->initializeFromFirstTensors(batch->images.narrow(0, 0, count),
                                                  {m_options.trainer.seed, -1, std::nullopt});
        } else {
            m_network->observe(batch->images);
        }
        ++seen;
        control.report({"setting ranges", seen, batches, "batches"});
    }
    if (images.stopped()) {
        return false;
    }
    BITLOOM_REQUIRE(seen > 0, ErrorCode::BadDataset, "there are no images to set ranges with");
    if (!m_options.compatRanges) {
        m_network->finishObserving();
    }
    freezeIfAsked();
    return true;
}

std::vector<Phrase> Search::startFrom(const io::BayesianBitsCheckpoint& checkpoint,
                                      const LoadedModel& model)
{
    ImportedCheckpoint imported = importCheckpoint(checkpoint, model, *m_network);
    m_network->restore(imported.state);
    m_network->lock(m_options.locks);
    freezeIfAsked();
    return std::move(imported.notes);
}

void Search::freezeIfAsked()
{
    if (m_options.freezeStatistics) {
        m_network->freezeStatistics();
    }
}

bool Search::runEpoch(BatchLoader& images, RunControl& control,
                      const std::function<void(const StepReport&)>& afterStep)
{
    const at::AutoGradMode gradients(true);
    m_trainer.startEpoch(epochsDone());
    images.startEpoch(m_position.epoch);
    m_leaves = false;
    const std::string phase = m_options.phase + " " + std::to_string(epochsDone() + 1) + " of " +
                              std::to_string(m_options.trainer.epochs);
    for (std::int64_t number = 0;; ++number) {
        if (control.shouldStop()) {
            return false;
        }
        const std::optional<Batch> batch = images.next();
        if (!batch) {
            break;
        }
        if (number < m_position.batch) {
            continue; // done before the search was stopped
        }
        if (m_options.scheduleBySteps) {
            const std::int64_t perEpoch = images.batchCount();
            m_trainer.setRatesAt(static_cast<int>(epochsDone() * perEpoch + number),
                                 static_cast<int>(m_options.trainer.epochs * perEpoch));
        }
        const auto losses =
            graph::translateTorchErrors("step " + std::to_string(m_position.steps + 1), [&] {
                return m_trainer.step(batch->images, batch->labels, control.stopToken());
            });
        if (!losses) {
            return false;
        }
        m_position.batch = number + 1;
        m_position.steps = m_trainer.stepsDone();
        StepReport report;
        report.position = m_position;
        report.loss = losses->loss.item<double>();
        report.crossEntropy = losses->crossEntropy.item<double>();
        report.regulariser = losses->regulariser.item<double>();
        BITLOOM_REQUIRE(std::isfinite(report.loss), ErrorCode::NonFinite, "the loss became ",
                        report.loss, " in step ", m_position.steps, " (epoch ",
                        m_position.epoch + 1, ", batch ", m_position.batch, "); ", firstNonFinite(),
                        "; try smaller learning rates");
        report.images = batch->labels.size(0);
        report.correct =
            losses->logits.to(at::kCPU).argmax(1).eq(batch->labels).sum().item<std::int64_t>();
        control.report({phase, number + 1, images.batchCount(), "batches"});
        afterStep(report);
        if (m_leaves) {
            return false;
        }
    }
    if (images.stopped()) {
        return false;
    }
    ++m_position.epoch;
    m_position.batch = 0;
    return true;
}

bool Search::feedStatistics(BatchLoader& images, std::int64_t batches, RunControl& control)
{
    const NamedTensors before = m_network->state();
    images.startEpoch(m_position.epoch);
    for (std::int64_t fed = 0; fed < batches; ++fed) {
        const std::optional<Batch> batch = control.shouldStop() ? std::nullopt : images.next();
        const bool isStopped = control.stopRequested() || images.stopped();
        if (!isStopped && !batch) {
            break;
        }
        if (isStopped || !m_trainer.feedStatistics(batch->images, control.stopToken())) {
            m_network->restore(before);
            return false;
        }
        control.report({"refreshing statistics", fed + 1, batches, "batches"});
    }
    return true;
}

EvalResult Search::evaluate(BatchLoader& images, RunControl& control)
{
    return bitloom::evaluate(m_network->evaluation(), images, m_network->device(), control);
}

std::string Search::firstNonFinite() const
{
    for (const auto& [name, tensor] : m_network->state()) {
        if (tensor.is_floating_point() && !tensor.isfinite().all().item<bool>()) {
            std::string found(1, '"');
            found += name.substr(name.find('/') + 1);
            found += "\" holds NaN or infinity";
            return found;
        }
    }
    return "all weights, gates and ranges are still finite";
}

NamedTensors Search::state() const
{
    NamedTensors state = m_trainer.state();
    at::Tensor position = at::empty({3}, at::kLong);
    auto* numbers = position.mutable_data_ptr<std::int64_t>();
    numbers[0] = m_position.epoch;
    numbers[1] = m_position.batch;
    numbers[2] = m_position.steps;
    state.emplace_back(kPositionName, position);
    return state;
}

void Search::restore(const NamedTensors& state)
{
    m_trainer.restore(state);
    const auto found = std::ranges::find(state, kPositionName, &NamedTensors::value_type::first);
    BITLOOM_REQUIRE(found != state.end(), ErrorCode::NotFound, "the checkpoint has no \"",
                    kPositionName, "\"");
    const at::Tensor position = found->second.to(at::kLong).contiguous();
    BITLOOM_REQUIRE(position.numel() == 3, ErrorCode::ShapeMismatch, "the checkpoint's \"",
                    kPositionName, "\" has ", position.numel(), " numbers, expected 3");
    const auto* numbers = position.const_data_ptr<std::int64_t>();
    m_position = {static_cast<int>(numbers[0]), numbers[1], numbers[2]};
    freezeIfAsked();
}

} // namespace bitloom::bayesian_bits
