// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/executor.h"
#include "core/graph/graph_builder.h"
#include "core/graph/passes/training_mode.h"
#include "core/graph/torch_errors.h"
#include "core/ops/cuda_backend.h"

#include <ATen/Context.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/add.h>
#include <ATen/ops/allclose.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/tensor.h>
#include <c10/core/InferenceMode.h>

#include "tests/support/test_support.h"

#include <atomic>

using namespace bitloom;
using namespace bitloom::graph;

namespace {

at::Tensor numbers(std::vector<std::int64_t> shape, double step)
{
    std::int64_t count = 1;
    for (const std::int64_t size : shape) {
        count *= size;
    }
    return ((at::arange(count, at::kFloat) - static_cast<double>(count) / 3) * step).reshape(shape);
}

/// a = relu(linear1(x)); b = linear2(a); y = cat([a, b + a, w2]), so "a" has three readers and w2
/// two.
std::shared_ptr<const Graph> branchedGraph()
{
    GraphBuilder builder("branched");
    const ValueIndex x = builder.addInput("x", {1, 4});
    const ValueIndex w1 = builder.addParameter("l1.weight", numbers({4, 4}, 0.1));
    const ValueIndex w2 = builder.addParameter("l2.weight", numbers({4, 4}, 0.05));
    const ValueIndex l1 = builder.add("aten::linear", {arg(x), arg(w1)}, "l1", "l1");
    const ValueIndex a = builder.add("aten::relu", {arg(l1)}, "", "a");
    const ValueIndex b = builder.add("aten::linear", {arg(a), arg(w2)}, "l2", "b");
    const ValueIndex s = builder.add("aten::add.Tensor", {arg(b), arg(a)}, "", "s");
    const ValueIndex y = builder.add(
        "aten::cat", {{std::vector<Argument>{arg(a), arg(s), arg(w2)}}, arg(0)}, "", "y");
    return std::make_shared<const Graph>(builder.finish({y}));
}

at::Tensor direct(const at::Tensor& x, const at::Tensor& w1, const at::Tensor& w2)
{
    const at::Tensor a = at::relu(at::linear(x, w1));
    return at::cat({a, at::linear(a, w2) + a, w2}, 0);
}

at::Tensor parameterOf(const Graph& graph, const char* name)
{
    return graph.findParameter(name)->tensor;
}

NodeIndex producerOf(const Graph& graph, const char* value)
{
    return *graph.value(*graph.findValue(value)).producer;
}

/// A deleter that counts, to see when a tensor's memory is released.
at::Tensor tracked(std::atomic<int>& released, std::vector<std::int64_t> shape)
{
    auto* data = new std::vector<float>(64, 1.0F);
    return at::from_blob(
        data->data(), shape,
        [data, &released](void*) {
            delete data;
            ++released;
        },
        at::kFloat);
}

} // namespace

class TestExecutor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        // Before anything computes: CUDA cannot be added later.
        m_noCuda = test::errorOf([] { ops::cudaDeviceCount(); });
    }
    void wholeRunEqualsDirectCalls();
    void interpreterOperatorsAndNonTensorValues();
    void severalResultsAndUnreadOnes();
    void everyCutEqualsTheWholeRun();
    void cutThatMissesAnInputIsRefused();
    void attachmentIsSeenByChosenReadersOnly();
    void attachmentOnAParameterRunsOnce();
    void attachmentMistakes();
    void observersSeeTheValueItself();
    void gradientsEqualDirectAutograd();
    void boundParameterIsUsedAndChecked();
    void valuesAreReleasedAfterTheirLastUse();
    void elementwiseResultsTakeOverMemory();
    void nothingVisibleIsOverwritten_data();
    void nothingVisibleIsOverwritten();
    void cudaEqualsCpu();
    void errorsNameTheNode();
    void outOfMemoryHasItsOwnCode();
    void stopEndsTheRun();

private:
    std::optional<Error> m_noCuda;
};

void TestExecutor::wholeRunEqualsDirectCalls()
{
    const auto graph = branchedGraph();
    const Executor executor(graph);
    const at::Tensor x = numbers({3, 4}, 0.3);
    const at::Tensor expected =
        direct(x, parameterOf(*graph, "l1.weight"), parameterOf(*graph, "l2.weight"));
    QVERIFY(at::equal(executor.run(x), expected));
    QVERIFY(at::equal(executor.run(x), expected)); // a second run finds everything as it was
    BITLOOM_EXPECT_ERROR(executor.run(std::vector<c10::IValue>{x, x}), ErrorCode::InvalidArgument,
                         "takes 1 inputs here, 2 were given");
}

void TestExecutor::interpreterOperatorsAndNonTensorValues()
{
    GraphBuilder builder("sizes");
    const ValueIndex x = builder.addInput("x", {1, 6});
    const ValueIndex size = builder.add("aten::size.int", {arg(x), arg(1)}, "", "size");
    const ValueIndex half = builder.add("aten::floordiv.int", {arg(size), arg(2)}, "", "half");
    const ValueIndex parts =
        builder.add("aten::split.Tensor", {arg(x), arg(half), arg(1)}, "", "parts");
    const ValueIndex second =
        builder.add("aten::__getitem__.t", {arg(parts), arg(1)}, "", "second");
    const ValueIndex y = builder.add(
        "aten::reshape", {arg(second), {std::vector<Argument>{arg(half), arg(-1)}}}, "", "y");
    const Executor executor(std::make_shared<const Graph>(builder.finish({y, size})));
    const at::Tensor input = numbers({2, 6}, 1);
    const auto results = executor.run(std::vector<c10::IValue>{input});
    QVERIFY(at::equal(results[0].toTensor(), input.narrow(1, 3, 3).reshape({3, 2})));
    QCOMPARE(results[1].toInt(), std::int64_t{6});
    BITLOOM_EXPECT_ERROR(executor.run(input), ErrorCode::InvalidArgument, "gives 2 values here");
}

void TestExecutor::severalResultsAndUnreadOnes()
{
    GraphBuilder builder("pool");
    const ValueIndex x = builder.addInput("x", {1, 1, 4, 4});
    const auto pooled =
        builder.addNode("aten::max_pool2d_with_indices", {arg(x), arg(2)}, "", "pool");
    const auto best = builder.addNode("aten::max.dim", {arg(x), arg(3)}, "", "best");
    const Executor executor(
        std::make_shared<const Graph>(builder.finish({pooled[1], best[0], x, x})));
    const at::Tensor input = at::arange(16, at::kFloat).reshape({1, 1, 4, 4});
    const auto results = executor.run(std::vector<c10::IValue>{input});
    QCOMPARE(results.size(), std::size_t{4});
    QVERIFY(at::equal(results[0].toTensor().flatten(), at::tensor({5, 7, 13, 15}, at::kLong)));
    QVERIFY(at::equal(results[1].toTensor().flatten(), at::tensor({3, 7, 11, 15}, at::kFloat)));
    QVERIFY(results[2].toTensor().is_same(input));
    QVERIFY(results[3].toTensor().is_same(input));
}

void TestExecutor::everyCutEqualsTheWholeRun()
{
    const auto graph = branchedGraph();
    const at::Tensor x = numbers({3, 4}, 0.3);
    std::vector<ValueIndex> all;
    for (const Node& node : graph->nodes()) {
        all.push_back(node.outputs.front());
    }
    const auto reference = Executor(graph, {.outputs = all}).run(std::vector<c10::IValue>{x});
    const at::Tensor expected = Executor(graph).run(x);
    QVERIFY(at::equal(reference.back().toTensor(), expected));
    for (std::size_t cut = 0; cut < all.size(); ++cut) {
        const at::Tensor front = Executor(graph, {.outputs = {all[cut]}}).run(x);
        QVERIFY(at::equal(front, reference[cut].toTensor()));
    }
    // "a" separates the graph: everything behind it can be run from it alone.
    const ValueIndex a = *graph->findValue("a");
    const Executor back(graph, {.inputs = {a}});
    QVERIFY(at::equal(back.run(reference[1].toTensor()), expected));
    const Executor middle(graph, {.inputs = {a}, .outputs = {*graph->findValue("s")}});
    QVERIFY(at::equal(middle.run(reference[1].toTensor()), reference[3].toTensor()));
    const Executor identity(graph, {.inputs = {a}, .outputs = {a}});
    QVERIFY(identity.run(x).is_same(x));
}

void TestExecutor::cutThatMissesAnInputIsRefused()
{
    const auto graph = branchedGraph();
    const ValueIndex b = *graph->findValue("b");
    BITLOOM_EXPECT_ERROR(Executor(graph, {.inputs = {b}}), ErrorCode::InvalidArgument,
                         "need the input \"x\"");
    BITLOOM_EXPECT_ERROR(Executor(graph, {.inputs = {b, b}, .outputs = {b}}),
                         ErrorCode::InvalidArgument, "given twice");
    BITLOOM_EXPECT_ERROR(Executor(graph, {.outputs = {ValueIndex{999}}}),
                         ErrorCode::InvalidArgument, "does not exist");
    // The parameter itself may be given from outside.
    const ValueIndex w2 = *graph->findValue("l2.weight");
    const Executor functional(graph, {.inputs = {graph->inputs()[0], w2}});
    const at::Tensor x = numbers({3, 4}, 0.3);
    const at::Tensor other = at::ones({4, 4});
    QVERIFY(at::equal(functional.run(std::vector<c10::IValue>{x, other})[0].toTensor(),
                      direct(x, parameterOf(*graph, "l1.weight"), other)));
}

void TestExecutor::attachmentIsSeenByChosenReadersOnly()
{
    const auto graph = branchedGraph();
    const at::Tensor x = numbers({3, 4}, 0.3);
    const at::Tensor w1 = parameterOf(*graph, "l1.weight");
    const at::Tensor w2 = parameterOf(*graph, "l2.weight");
    const at::Tensor a = at::relu(at::linear(x, w1));
    const ValueIndex value = *graph->findValue("a");
    int calls = 0;
    const auto plusOne = [&calls](const at::Tensor& t) {
        ++calls;
        return t + 1;
    };
    const Executor oneReader(graph,
                             {.attachments = {{value, {{producerOf(*graph, "b"), 0}}, plusOne}}});
    QVERIFY(at::equal(oneReader.run(x), at::cat({a, at::linear(a + 1, w2) + a, w2}, 0)));
    const Executor inList(graph,
                          {.attachments = {{value, {{producerOf(*graph, "y"), 0}}, plusOne}}});
    QVERIFY(at::equal(inList.run(x), at::cat({a + 1, at::linear(a, w2) + a, w2}, 0)));
    calls = 0;
    const Executor allReaders(
        graph, {.outputs = {graph->outputs()[0], value}, .attachments = {{value, {}, plusOne}}});
    const auto results = allReaders.run(std::vector<c10::IValue>{x});
    QVERIFY(
        at::equal(results[0].toTensor(), at::cat({a + 1, at::linear(a + 1, w2) + (a + 1), w2}, 0)));
    QVERIFY(at::equal(results[1].toTensor(), a)); // an output is the value itself
    QCOMPARE(calls, 1);
    // Two attachments with different readers on the same value, and one on the graph's input.
    const auto timesTwo = [](const at::Tensor& t) { return t * 2; };
    const Executor two(graph, {.attachments = {{value, {{producerOf(*graph, "b"), 0}}, plusOne},
                                               {value, {{producerOf(*graph, "s"), 1}}, timesTwo},
                                               {graph->inputs()[0], {}, timesTwo}}});
    const at::Tensor a2 = at::relu(at::linear(x * 2, w1));
    QVERIFY(at::equal(two.run(x), at::cat({a2, at::linear(a2 + 1, w2) + a2 * 2, w2}, 0)));
}

void TestExecutor::attachmentOnAParameterRunsOnce()
{
    const auto graph = branchedGraph();
    const at::Tensor x = numbers({3, 4}, 0.3);
    const at::Tensor w1 = parameterOf(*graph, "l1.weight");
    const at::Tensor w2 = parameterOf(*graph, "l2.weight");
    int calls = 0;
    const auto negate = [&calls](const at::Tensor& t) {
        ++calls;
        return -t;
    };
    const ValueIndex weight = *graph->findValue("l2.weight");
    const Executor both(graph, {.attachments = {{weight, {}, negate}}});
    const at::Tensor a = at::relu(at::linear(x, w1));
    QVERIFY(at::equal(both.run(x), at::cat({a, at::linear(a, -w2) + a, -w2}, 0)));
    QCOMPARE(calls, 1);
    const Executor first(graph,
                         {.attachments = {{weight, {{producerOf(*graph, "b"), 1}}, negate}}});
    QVERIFY(at::equal(first.run(x), at::cat({a, at::linear(a, -w2) + a, w2}, 0)));
}

void TestExecutor::attachmentMistakes()
{
    const auto graph = branchedGraph();
    const auto same = [](const at::Tensor& t) { return t; };
    const ValueIndex a = *graph->findValue("a");
    const Reader b{producerOf(*graph, "b"), 0};
    BITLOOM_EXPECT_ERROR(Executor(graph, {.attachments = {{a, {b}, same}, {a, {}, same}}}),
                         ErrorCode::InvalidArgument, "in common");
    BITLOOM_EXPECT_ERROR(Executor(graph, {.attachments = {{a, {{b.node, 1}}, same}}}),
                         ErrorCode::InvalidArgument, "does not read this value");
    BITLOOM_EXPECT_ERROR(Executor(graph, {.attachments = {{ValueIndex{999}, {}, same}}}),
                         ErrorCode::InvalidArgument, "does not exist");
    BITLOOM_EXPECT_ERROR(Executor(graph, {.outputs = {a}, .attachments = {{a, {}, same}}}),
                         ErrorCode::InvalidArgument, "no reader in the executed part");
    BITLOOM_EXPECT_ERROR(
        Executor(graph, {.outputs = {a}, .observers = {{*graph->findValue("b"), {}}}}),
        ErrorCode::InvalidArgument, "is not in the executed part");
    const Executor throwing(graph, {.attachments = {{a, {}, [](const at::Tensor&) -> at::Tensor {
                                                         fail(ErrorCode::NonFinite, "a NaN");
                                                     }}}});
    BITLOOM_EXPECT_ERROR(throwing.run(numbers({3, 4}, 1)), ErrorCode::NonFinite,
                         "the attachment on \"a\": a NaN");
}

void TestExecutor::observersSeeTheValueItself()
{
    const auto graph = branchedGraph();
    const at::Tensor x = numbers({3, 4}, 0.3);
    std::vector<std::string> seen;
    at::Tensor seenA;
    const auto note = [&](ValueIndex value, const at::Tensor& tensor) {
        seen.push_back(graph->value(value).name);
        if (seen.back() == "a") {
            seenA = tensor;
        }
    };
    const auto find = [&](const char* name) { return *graph->findValue(name); };
    const Executor executor(
        graph,
        {.attachments = {{find("a"), {}, [](const at::Tensor& t) { return t + 1; }}},
         .observers = {
             {find("y"), note}, {find("a"), note}, {find("x"), note}, {find("l2.weight"), note}}});
    executor.run(x);
    QCOMPARE(seen, (std::vector<std::string>{"x", "a", "l2.weight", "y"}));
    QVERIFY(at::equal(seenA, at::relu(at::linear(x, parameterOf(*graph, "l1.weight")))));
}

void TestExecutor::gradientsEqualDirectAutograd()
{
    const auto graph = branchedGraph();
    const at::Tensor x = numbers({3, 4}, 0.3);
    const auto leaf = [&](const char* name) {
        return parameterOf(*graph, name).clone().set_requires_grad(true);
    };
    const at::Tensor w1 = leaf("l1.weight");
    const at::Tensor w2 = leaf("l2.weight");
    const at::Tensor seed = numbers({10, 4}, 0.7);
    direct(x, w1, w2).backward(seed);
    const at::Tensor ours1 = leaf("l1.weight");
    const at::Tensor ours2 = leaf("l2.weight");
    Executor executor(graph);
    executor.setParameter(*graph->value(*graph->findValue("l1.weight")).parameter, ours1);
    executor.setParameter(*graph->value(*graph->findValue("l2.weight")).parameter, ours2);
    executor.run(x).backward(seed);
    QVERIFY(at::equal(ours1.grad(), w1.grad()));
    QVERIFY(at::equal(ours2.grad(), w2.grad()));
    QVERIFY(!parameterOf(*graph, "l1.weight").grad().defined());
}

void TestExecutor::boundParameterIsUsedAndChecked()
{
    const auto graph = branchedGraph();
    Executor executor(graph);
    const ParameterIndex w2 = *graph->value(*graph->findValue("l2.weight")).parameter;
    const at::Tensor x = numbers({3, 4}, 0.3);
    executor.setParameter(w2, at::ones({4, 4}));
    QVERIFY(
        at::equal(executor.run(x), direct(x, parameterOf(*graph, "l1.weight"), at::ones({4, 4}))));
    BITLOOM_EXPECT_ERROR(executor.setParameter(w2, at::ones({4, 5})), ErrorCode::ShapeMismatch,
                         "l2.weight");
    Executor front(graph, {.outputs = {*graph->findValue("a")}});
    front.setParameter(w2, at::ones({4, 4})); // not part of this cut: nothing to do
}

void TestExecutor::valuesAreReleasedAfterTheirLastUse()
{
    // x is read by the first node only; when the second one runs, x and nothing else must be gone.
    GraphBuilder builder("chain");
    const ValueIndex x = builder.addInput("x", {8, 8});
    const ValueIndex r = builder.add("aten::relu", {arg(x)}, "", "r");
    const ValueIndex s = builder.add("aten::sigmoid", {arg(r)}, "", "s");
    const ValueIndex t =
        builder.add("aten::cat", {{std::vector<Argument>{arg(s), arg(r)}}, arg(0)}, "", "t");
    const auto graph = std::make_shared<const Graph>(builder.finish({t}));
    std::atomic<int> released = 0;
    std::vector<int> releasedAt;
    std::vector<std::size_t> useCounts;
    const auto note = [&](ValueIndex, const at::Tensor& tensor) {
        releasedAt.push_back(released);
        useCounts.push_back(tensor.use_count());
    };
    const Executor executor(
        graph, {.observers = {{*graph->findValue("r"), note}, {*graph->findValue("t"), note}}});
    const c10::InferenceMode inference;
    std::vector<c10::IValue> inputs(1);
    inputs[0] = tracked(released, {8, 8});
    executor.run(std::move(inputs));
    QCOMPARE(releasedAt, (std::vector<int>{1, 1}));
    // r: its register and the observer's copy; t: the same, so no forgotten reference on the stack.
    QCOMPARE(useCounts, (std::vector<std::size_t>{2, 2}));
    QCOMPARE(released.load(), 1);
}

void TestExecutor::elementwiseResultsTakeOverMemory()
{
    GraphBuilder builder("chain");
    const ValueIndex x = builder.addInput("x", {1, 4});
    const ValueIndex e = builder.add("aten::exp", {arg(x)}, "", "e");
    const ValueIndex r = builder.add("aten::relu", {arg(e)}, "", "r");
    const ValueIndex y = builder.add("aten::add.Tensor", {arg(r), arg(x)}, "", "y");
    const auto graph = std::make_shared<const Graph>(builder.finish({y}));
    std::vector<const void*> places;
    const auto note = [&places](ValueIndex, const at::Tensor& t) {
        places.push_back(t.const_data_ptr());
    };
    const Executor executor(
        graph, {.observers = {{*graph->findValue("e"), note}, {*graph->findValue("y"), note}}});
    const at::Tensor input = numbers({3, 4}, 0.2);
    const at::Tensor expected = at::relu(input.exp()) + input;
    {
        const c10::InferenceMode inference;
        QVERIFY(at::equal(executor.run(input), expected));
        QCOMPARE(places[0], places[1]);
    }
    QVERIFY(at::equal(executor.run(input),
                      expected)); // gradients are recorded: the tape may need each value
    QVERIFY(places[2] != places[3]);
}

void TestExecutor::nothingVisibleIsOverwritten_data()
{
    QTest::addColumn<QString>("source");
    QTest::newRow("the input itself") << "input";
    QTest::newRow("memory of the caller") << "blob";
    QTest::newRow("a view of the input") << "view";
    QTest::newRow("a dropout that passes the input on") << "dropout";
    QTest::newRow("a parameter") << "parameter";
    QTest::newRow("overlapping elements") << "expand";
    QTest::newRow("broadcast to a larger result") << "broadcast";
    QTest::newRow("a value read again") << "again";
    QTest::newRow("a value an observer keeps") << "observed";
}

void TestExecutor::nothingVisibleIsOverwritten()
{
    QFETCH(QString, source);
    const std::string kind = source.toStdString();
    GraphBuilder builder(kind);
    const ValueIndex x = builder.addInput("x", {3, 4});
    const ValueIndex w = builder.addParameter("w", numbers({3, 4}, 0.1));
    ValueIndex v = kind == "parameter" ? w : x;
    if (kind == "view") {
        v = builder.add("aten::view", {arg(x), argInts({12})}, "", "v");
    } else if (kind == "dropout") {
        v = builder.add("aten::dropout", {arg(x), arg(0.5), arg(false)}, "", "v");
    } else if (kind == "expand") {
        const ValueIndex row = builder.add(
            "aten::exp", {arg(builder.add("aten::select.int", {arg(x), arg(0), arg(0)}, "", "s"))},
            "", "row");
        v = builder.add("aten::expand", {arg(row), argInts({3, 4})}, "", "v");
    } else if (kind == "broadcast" || kind == "again" || kind == "observed") {
        v = builder.add("aten::exp", {arg(x)}, "", "v");
    }
    ValueIndex y = kNoValue;
    if (kind == "broadcast") {
        const ValueIndex row = builder.add("aten::select.int", {arg(v), arg(0), arg(0)}, "", "row");
        y = builder.add("aten::add.Tensor",
                        {arg(builder.add("aten::exp", {arg(row)}, "", "er")), arg(w)}, "", "y");
    } else {
        y = builder.add("aten::relu", {arg(v)}, "", "y");
    }
    if (kind == "again") {
        y = builder.add("aten::cat", {{std::vector<Argument>{arg(y), arg(v)}}, arg(0)}, "", "both");
    }
    const auto graph = std::make_shared<const Graph>(builder.finish({y}));
    const at::Tensor original = numbers({3, 4}, 0.3);
    at::Tensor kept;
    ExecutorOptions options;
    if (kind == "observed") {
        options.observers.push_back(
            {*graph->findValue("v"), [&kept](ValueIndex, const at::Tensor& t) { kept = t; }});
    }
    const Executor executor(graph, options);
    const at::Tensor recorded = executor.run(original.clone()); // gradients on: never in place

    std::vector<float> memory(12);
    std::copy_n(original.const_data_ptr<float>(), 12, memory.data());
    const bool isBlob = kind == "blob";
    const at::Tensor input = original.clone();
    std::vector<c10::IValue> inputs(1);
    inputs[0] = isBlob ? at::from_blob(memory.data(), {3, 4}, at::kFloat) : input;
    const c10::InferenceMode inference;
    const at::Tensor result = executor.run(std::move(inputs)).front().toTensor();
    QVERIFY(at::equal(result, recorded));
    QVERIFY(at::equal(input, original));
    QVERIFY(std::equal(memory.begin(), memory.end(), original.const_data_ptr<float>()));
    QVERIFY(kind == "parameter" ? at::equal(parameterOf(*graph, "w"), numbers({3, 4}, 0.1)) : true);
    QVERIFY(kind == "observed" ? at::equal(kept, original.exp()) : true);
}

void TestExecutor::cudaEqualsCpu()
{
    if (m_noCuda) {
        QSKIP(m_noCuda->what());
    }
    const auto graph = branchedGraph();
    const auto moved = std::make_shared<const Graph>(toDevice(*graph, at::kCUDA));
    const at::Tensor x = numbers({3, 4}, 0.3);
    const c10::InferenceMode inference;
    const at::Tensor y = Executor(moved).run(x.to(at::kCUDA));
    QVERIFY(y.is_cuda());
    QVERIFY(at::allclose(y.cpu(), Executor(graph).run(x), 1e-5, 1e-6));
}

void TestExecutor::errorsNameTheNode()
{
    const Executor executor(branchedGraph());
    const auto error = test::errorOf([&] { executor.run(at::ones({3, 5})); });
    QVERIFY(error.has_value());
    QVERIFY(error->code() == ErrorCode::InvalidArgument);
    const std::string text = error->what();
    QVERIFY2(text.starts_with("\"l1\" (aten::linear in l1): "), text.c_str());
    QVERIFY2(text.find('\n') == std::string::npos, text.c_str());
}

void TestExecutor::outOfMemoryHasItsOwnCode()
{
    BITLOOM_EXPECT_ERROR(
        translateTorchErrors("big", [] { return at::ones({std::int64_t{1} << 46}); }),
        ErrorCode::OutOfMemory, "big: ");
    BITLOOM_EXPECT_ERROR(translateTorchErrors("here", []() -> int { throw std::bad_alloc(); }),
                         ErrorCode::OutOfMemory, "here");
    BITLOOM_EXPECT_ERROR(
        translateTorchErrors("there", []() -> int { throw std::runtime_error("one\ntwo"); }),
        ErrorCode::InvalidArgument, "there: one");
    QCOMPARE(translateTorchErrors("fine", [] { return 7; }), 7);
}

void TestExecutor::stopEndsTheRun()
{
    const auto graph = branchedGraph();
    std::stop_source source;
    bool sawY = false;
    const Executor executor(
        graph, {.observers = {{*graph->findValue("a"),
                               [&](ValueIndex, const at::Tensor&) { source.request_stop(); }},
                              {*graph->findValue("y"),
                               [&](ValueIndex, const at::Tensor&) { sawY = true; }}}});
    QVERIFY(!executor.run({numbers({3, 4}, 1)}, source.get_token()).has_value());
    QVERIFY(!sawY);
}

QTEST_GUILESS_MAIN(TestExecutor)
#include "tst_executor.moc"
