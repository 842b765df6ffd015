// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// A training step with Bayesian Bits quantizers against the plain FP32 step of the same network:
// same batch, threads and optimizer, in turns, so that a drifting machine drifts for both.
// Counters: medians in ms, and the median of the ratio of neighbouring steps. Arguments: batch;
// whether gates start up to 8 bits (0), all of them (1), or the step is an evaluation (2); whether
// quantizers come after pooling (1).
#include "core/graph/architectures.h"
#include "core/graph/executor.h"
#include "core/graph/passes/training_mode.h"
#include "core/io/model_file.h"
#include "core/methods/bayesian_bits/trainer.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randint.h>
#include <torch/optim/adam.h>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>

using namespace bitloom;
using namespace bitloom::bayesian_bits;

namespace {

double milliseconds(const std::function<void()>& body)
{
    const auto start = std::chrono::steady_clock::now();
    body();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
        .count();
}

double median(std::vector<double> values)
{
    std::ranges::nth_element(values,
                             values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
}

/// The plain network and its step.
class Plain {
public:
    explicit Plain(const graph::Graph& graph)
        : m_graph(
              std::make_shared<const graph::Graph>(graph::withTrainingMode(copied(graph), true))),
          m_training(m_graph), m_evaluation(std::make_shared<const graph::Graph>(
                                   graph::withTrainingMode(*m_graph, false)))
    {
        std::vector<at::Tensor> leaves;
        for (const graph::Parameter& parameter : m_graph->parameters()) {
            if (!parameter.isBuffer) {
                leaves.push_back(parameter.tensor);
                leaves.back().set_requires_grad(true);
            }
        }
        m_optimizer = std::make_unique<torch::optim::Adam>(leaves, torch::optim::AdamOptions(1e-3));
    }

    void step(const at::Tensor& images, const at::Tensor& labels)
    {
        m_optimizer->zero_grad();
        at::cross_entropy_loss(m_training.run(images), labels).backward();
        m_optimizer->step();
    }
    void evaluate(const at::Tensor& images) const { m_evaluation.run(images); }

private:
    static graph::Graph copied(const graph::Graph& graph)
    {
        NamedTensors copies;
        for (const graph::Parameter& parameter : graph.parameters()) {
            copies.emplace_back(parameter.name, parameter.tensor.clone());
        }
        return graph.withParameters(copies);
    }

    std::shared_ptr<const graph::Graph> m_graph;
    graph::Executor m_training;
    graph::Executor m_evaluation;
    std::unique_ptr<torch::optim::Adam> m_optimizer;
};

void compareSteps(benchmark::State& state, const std::string& architecture,
                  NormStatistics statistics,
                  RegulariserType regulariser = RegulariserType::BitOperations)
{
    const std::int64_t batch = state.range(0);
    const LoadedModel model = describeModel(graph::buildArchitecture(architecture, 1), {});
    std::vector<std::int64_t> shape = model.info.inputShape;
    shape[0] = batch;
    const at::Tensor images = at::rand(shape);
    const at::Tensor labels = at::randint(10, {batch}, at::kLong);
    NetworkOptions options;
    options.statistics = statistics;
    options.regulariser = regulariser;
    options.poolFirst = state.range(2) != 0;
    if (state.range(1) == 0) {
        options.levelLogits = {6, 6, -6, -6};
    }
    GatedNetwork network(model, options, at::kCPU);
    network.observe(images);
    network.finishObserving();
    TrainerOptions trainerOptions;
    trainerOptions.lambda = 0.1;
    Trainer trainer(network, trainerOptions);
    Plain plain(*model.graph);
    const bool isEvaluation = state.range(1) == 2;
    std::vector<double> plainTimes;
    std::vector<double> gatedTimes;
    std::vector<double> ratios;
    const auto round = [&] {
        if (isEvaluation) {
            const at::NoGradGuard noGradients;
            plainTimes.push_back(milliseconds([&] { plain.evaluate(images); }));
            gatedTimes.push_back(milliseconds([&] { network.evaluation().run(images); }));
        } else {
            plainTimes.push_back(milliseconds([&] { plain.step(images, labels); }));
            gatedTimes.push_back(milliseconds([&] { trainer.step(images, labels); }));
        }
        ratios.push_back(gatedTimes.back() / plainTimes.back());
    };
    round(); // allocations
    plainTimes.clear();
    gatedTimes.clear();
    ratios.clear();
    for (auto _ : state) {
        round();
    }
    state.counters["plain_ms"] = median(plainTimes);
    state.counters["plain_min_ms"] = *std::ranges::min_element(plainTimes);
    state.counters["gated_ms"] = median(gatedTimes);
    state.counters["gated_min_ms"] = *std::ranges::min_element(gatedTimes);
    state.counters["ratio"] = median(ratios);
}

void lenet5(benchmark::State& state)
{
    compareSteps(state, "lenet5", NormStatistics::Exact);
}
/// The other price of gates.
void lenet5ExpectedBops(benchmark::State& state)
{
    compareSteps(state, "lenet5", NormStatistics::Exact, RegulariserType::ExpectedBitOperations);
}
void vgg7Exact(benchmark::State& state)
{
    compareSteps(state, "vgg7", NormStatistics::Exact);
}
void vgg7FromQuantized(benchmark::State& state)
{
    compareSteps(state, "vgg7", NormStatistics::FromQuantized);
}

} // namespace

BENCHMARK(lenet5)
    ->Args({128, 0, 0})
    ->Args({128, 1, 0})
    ->Args({128, 0, 1})
    ->Args({128, 1, 1})
    ->Args({128, 2, 0})
    ->Iterations(60)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(lenet5ExpectedBops)->Args({128, 0, 1})->Iterations(60)->Unit(benchmark::kMillisecond);
BENCHMARK(vgg7Exact)
    ->Args({16, 0, 0})
    ->Args({128, 0, 0})
    ->Args({16, 2, 0})
    ->Iterations(4)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(vgg7FromQuantized)
    ->Args({16, 0, 0})
    ->Args({128, 0, 0})
    ->Iterations(4)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_MAIN();
