// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/training.h"

#include "core/base/error.h"
#include "core/graph/executor.h"
#include "core/graph/passes/training_mode.h"
#include "core/methods/evaluation.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <torch/optim/adam.h>
#include <torch/optim/sgd.h>

#include <chrono>
#include <cmath>
#include <numbers>
#include <optional>

namespace bitloom {

namespace {

/// The network being trained: leaves that require gradients, buffers of its own, and the two ways
/// to run it.
class Trainee {
public:
    Trainee(const graph::Graph& graph, c10::Device device)
        : m_graph(std::make_shared<const graph::Graph>(
              graph::withTrainingMode(ownCopy(graph, device), true))),
          m_trainExecutor(m_graph), m_testExecutor(std::make_shared<const graph::Graph>(
                                        graph::withTrainingMode(*m_graph, false)))
    {
        for (const graph::Parameter& parameter : m_graph->parameters()) {
            if (!parameter.isBuffer && parameter.tensor.is_floating_point()) {
                m_leaves.push_back(parameter.tensor);
                m_leaves.back().set_requires_grad(true);
            }
        }
    }

    const std::vector<at::Tensor>& leaves() const { return m_leaves; }
    const graph::Executor& trainExecutor() const { return m_trainExecutor; }
    const graph::Executor& testExecutor() const { return m_testExecutor; }

    std::vector<std::pair<std::string, at::Tensor>> state() const
    {
        std::vector<std::pair<std::string, at::Tensor>> tensors;
        for (const graph::Parameter& parameter : m_graph->parameters()) {
            tensors.emplace_back(parameter.name, parameter.tensor.detach().to(at::kCPU).clone());
        }
        return tensors;
    }

private:
    /// Graphs share tensors; training writes to them, so it needs its own.
    static graph::Graph ownCopy(const graph::Graph& graph, c10::Device device)
    {
        std::vector<std::pair<std::string, at::Tensor>> copies;
        for (const graph::Parameter& parameter : graph.parameters()) {
            copies.emplace_back(
                parameter.name,
                parameter.tensor.detach().to(device, parameter.tensor.scalar_type(), false, true));
        }
        return graph.withParameters(copies);
    }

    std::shared_ptr<const graph::Graph> m_graph;
    graph::Executor m_trainExecutor;
    graph::Executor m_testExecutor;
    std::vector<at::Tensor> m_leaves;
};

std::unique_ptr<torch::optim::Optimizer> makeOptimizer(const std::vector<at::Tensor>& leaves,
                                                       const TrainingOptions& options)
{
    if (options.useSgd) {
        return std::make_unique<torch::optim::SGD>(leaves,
                                                   torch::optim::SGDOptions(options.learningRate)
                                                       .momentum(0.9)
                                                       .nesterov(true)
                                                       .weight_decay(options.weightDecay));
    }
    return std::make_unique<torch::optim::Adam>(
        leaves, torch::optim::AdamOptions(options.learningRate).weight_decay(options.weightDecay));
}

void setLearningRate(torch::optim::Optimizer& optimizer, double rate)
{
    for (auto& group : optimizer.param_groups()) {
        group.options().set_lr(rate);
    }
}

double cosineRate(double start, std::int64_t step, std::int64_t steps)
{
    return start * 0.5 *
           (1 +
            std::cos(std::numbers::pi * static_cast<double>(step) / static_cast<double>(steps)));
}

/// One pass over the training images; nullopt when cancelled.
std::optional<EpochResult> trainEpoch(const Trainee& trainee, BatchLoader& images,
                                      torch::optim::Optimizer& optimizer,
                                      const TrainingOptions& options, int epoch, c10::Device device,
                                      RunControl& control)
{
    const std::int64_t steps = images.batchCount() * options.epochs;
    std::int64_t step = images.batchCount() * (epoch - 1);
    std::int64_t seen = 0;
    double lossSum = 0;
    std::int64_t correct = 0;
    images.startEpoch(epoch);
    while (std::optional<Batch> batch = images.next()) {
        if (control.shouldStop()) {
            return std::nullopt;
        }
        setLearningRate(optimizer, cosineRate(options.learningRate, step++, steps));
        optimizer.zero_grad();
        auto outputs = trainee.trainExecutor().run({batch->images.to(device)}, control.stopToken());
        if (!outputs) {
            return std::nullopt;
        }
        const at::Tensor logits = outputs->front().toTensor();
        const at::Tensor labels = batch->labels.to(device);
        const at::Tensor loss = at::cross_entropy_loss(logits, labels);
        loss.backward();
        optimizer.step();
        const auto value = loss.item<double>();
        BITLOOM_REQUIRE(std::isfinite(value), ErrorCode::NonFinite, "the loss became ", value,
                        " in epoch ", epoch, " after ", seen,
                        " images; try a smaller --learning-rate");
        const std::int64_t count = labels.size(0);
        lossSum += value * static_cast<double>(count);
        correct += logits.detach().argmax(1).eq(labels).sum().item<std::int64_t>();
        seen += count;
        control.report({"epoch " + std::to_string(epoch) + " of " + std::to_string(options.epochs),
                        seen, images.imageCount(), "images"});
    }
    if (images.stopped()) {
        return std::nullopt;
    }
    EpochResult result;
    result.epoch = epoch;
    result.loss = lossSum / static_cast<double>(seen);
    result.trainTop1Percent = 100.0 * static_cast<double>(correct) / static_cast<double>(seen);
    return result;
}

} // namespace

TrainingResult train(const graph::Graph& graph, BatchLoader& images, BatchLoader* test,
                     c10::Device device, const TrainingOptions& options, RunControl& control,
                     const std::function<void(const TrainingResult&)>& afterEpoch)
{
    const at::AutoGradMode gradients(true);
    const Trainee trainee(graph, device);
    const auto optimizer = makeOptimizer(trainee.leaves(), options);
    TrainingResult result;
    result.state = trainee.state();
    for (int epoch = 1; epoch <= options.epochs; ++epoch) {
        const auto start = std::chrono::steady_clock::now();
        std::optional<EpochResult> ended =
            trainEpoch(trainee, images, *optimizer, options, epoch, device, control);
        if (!ended) {
            result.finished = false;
            return result;
        }
        result.state = trainee.state();
        if (test != nullptr) {
            const EvalResult accuracy = evaluate(trainee.testExecutor(), *test, device, control);
            if (accuracy.finished) {
                ended->testTop1Percent = accuracy.top1Percent();
            }
        }
        ended->seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        result.epochs.push_back(*ended);
        afterEpoch(result);
    }
    return result;
}

} // namespace bitloom
