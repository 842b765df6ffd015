// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// Executor against the TorchScript interpreter on ResNet-18: the same operators, weights and
// threads, in turns, so that a drifting machine drifts for both. The counters are medians;
// overhead_percent is the median of the ratio of neighbouring runs. inPlace:1 gives TorchScript the
// in-place relu and add of torchvision's module.
#include "core/graph/architectures.h"
#include "core/graph/constant.h"
#include "core/graph/executor.h"
#include "core/graph/fingerprint.h"
#include "core/graph/passes/model_info.h"

#include <ATen/Parallel.h>
#include <ATen/core/function_schema.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/rand.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/jit/api/module.h>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <memory>

using namespace bitloom;
using namespace bitloom::graph;

namespace {

/// The graph as TorchScript source; parameters are called p<index>, values v<index>.
std::string toSource(const Graph& graph, bool inPlace)
{
    const auto nameOf = [&graph](ValueIndex value) {
        const auto parameter = graph.value(value).parameter;
        return parameter ? "self.p" + std::to_string(toSize(*parameter))
                         : "v" + std::to_string(toSize(value));
    };
    const auto python = [](const c10::IValue& constant) {
        return constant.isBool() ? std::string(constant.toBool() ? "True" : "False")
                                 : constantText(constant);
    };
    std::string text = "def forward(self, " + nameOf(graph.inputs()[0]) + "):\n";
    for (const Node& node : graph.nodes()) {
        std::string op = node.op.substr(6, node.op.find('.') - 6);
        op += inPlace && (op == "relu" || op == "add") ? "_" : "";
        std::string args;
        for (std::size_t i = 0; i < node.args.size(); ++i) {
            const c10::Argument& declared = node.kernel->schema().arguments()[i];
            const std::string value = node.args[i].isValue() ? nameOf(node.args[i].value())
                                                             : python(node.args[i].constant());
            args +=
                (i > 0 ? ", " : "") + (declared.kwarg_only() ? declared.name() + "=" : "") + value;
        }
        text += "    " + nameOf(node.outputs[0]) + " = torch." + op + "(" + args + ")\n";
    }
    return text + "    return " + nameOf(graph.outputs()[0]) + "\n";
}

torch::jit::Module toTorchScript(const Graph& graph, bool inPlace)
{
    torch::jit::Module module("net");
    for (std::size_t i = 0; i < graph.parameters().size(); ++i) {
        module.register_parameter("p" + std::to_string(i), graph.parameters()[i].tensor,
                                  graph.parameters()[i].isBuffer);
    }
    module.define(toSource(graph, inPlace));
    module.eval();
    return module;
}

double median(std::vector<double> numbers)
{
    const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
    std::nth_element(numbers.begin(), middle, numbers.end());
    return *middle;
}

void executorOverhead(benchmark::State& state)
{
    at::set_num_threads(static_cast<int>(state.range(1)));
    const auto graph = std::make_shared<const Graph>(buildArchitecture("resnet18", 1));
    const Executor executor(graph);
    torch::jit::Module module = toTorchScript(*graph, state.range(2) != 0);
    const c10::InferenceMode inference;
    const at::Tensor x = at::rand({state.range(0), 3, 224, 224});
    const auto ours = [&] { return executor.run(x); };
    const auto theirs = [&] { return module.forward({x}).toTensor(); };
    for (int warmUp = 0; warmUp < 3; ++warmUp) {
        if (!at::equal(ours(), theirs())) {
            state.SkipWithError("the results differ");
            return;
        }
    }
    const auto seconds = [](const auto& body) {
        const auto start = std::chrono::steady_clock::now();
        benchmark::DoNotOptimize(body());
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    std::vector<double> ourTimes;
    std::vector<double> theirTimes;
    std::vector<double> ratios;
    bool oursFirst = true;
    for (auto _ : state) {
        double own = 0;
        double other = 0;
        if (oursFirst) {
            own = seconds(ours);
            other = seconds(theirs);
        } else {
            other = seconds(theirs);
            own = seconds(ours);
        }
        oursFirst = !oursFirst;
        state.SetIterationTime(own);
        ourTimes.push_back(own);
        theirTimes.push_back(other);
        ratios.push_back(own / other);
    }
    state.counters["executor_ms"] = 1e3 * median(ourTimes);
    state.counters["torchscript_ms"] = 1e3 * median(theirTimes);
    state.counters["overhead_percent"] = 100 * (median(ratios) - 1);
}

/// A run of a single flatten: what starting a run and one boxed call cost.
void oneNode(benchmark::State& state)
{
    const auto graph =
        std::make_shared<const Graph>(buildArchitecture("resnet20_cifar", 1, InitialWeights::Meta));
    const Executor executor(graph, {.inputs = {*graph->findValue("avg_pool")},
                                    .outputs = {*graph->findValue("flatten")}});
    const c10::InferenceMode inference;
    const at::Tensor x = at::rand({1, 64, 1, 1});
    for (auto _ : state) {
        benchmark::DoNotOptimize(executor.run(x));
    }
}

void buildResNet50(benchmark::State& state)
{
    at::set_num_threads(static_cast<int>(state.range(1)));
    const InitialWeights initial =
        state.range(0) != 0 ? InitialWeights::Random : InitialWeights::Meta;
    for (auto _ : state) {
        benchmark::DoNotOptimize(buildArchitecture("resnet50", 1, initial));
    }
}

void fingerprintResNet50(benchmark::State& state)
{
    at::set_num_threads(static_cast<int>(state.range(0)));
    const Graph graph = buildArchitecture("resnet50", 1);
    for (auto _ : state) {
        benchmark::DoNotOptimize(fingerprint(graph));
    }
}

void modelInfoResNet50(benchmark::State& state)
{
    at::set_num_threads(static_cast<int>(state.range(0)));
    const Graph graph = buildArchitecture("resnet50", 1);
    for (auto _ : state) {
        benchmark::DoNotOptimize(modelInfo(graph, "given"));
    }
}

} // namespace

BENCHMARK(executorOverhead)
    ->ArgNames({"batch", "threads", "inPlace"})
    ->ArgsProduct({{1}, {1, 2}, {0, 1}})
    ->Iterations(60)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(executorOverhead)
    ->ArgNames({"batch", "threads", "inPlace"})
    ->ArgsProduct({{32}, {1, 2}, {0, 1}})
    ->Iterations(8)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(oneNode);
BENCHMARK(buildResNet50)
    ->ArgNames({"random", "threads"})
    ->ArgsProduct({{0, 1}, {1, 2}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(fingerprintResNet50)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(modelInfoResNet50)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

BENCHMARK_MAIN();
