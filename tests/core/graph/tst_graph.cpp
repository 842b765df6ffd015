// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/constant.h"
#include "core/graph/graph_builder.h"
#include "core/graph/graph_text.h"

#include <ATen/core/function_schema.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include "tests/support/test_support.h"

#include <limits>

using namespace bitloom;
using namespace bitloom::graph;

namespace {

/// y = relu(x @ w.T + b), with a dead branch and a mixed list: [1, 2 * size(x, 0)] sizes of a view.
Graph smallGraph(const std::string& outputName = "y")
{
    GraphBuilder builder("small");
    const ValueIndex x = builder.addInput("x", {1, 3});
    const ValueIndex w = builder.addParameter("fc.weight", at::ones({2, 3}));
    const ValueIndex b = builder.addParameter("fc.bias", at::zeros({2}));
    const ValueIndex unused = builder.addParameter("aux.weight", at::ones({2, 3}));
    const ValueIndex h = builder.add("aten::linear", {arg(x), arg(w), arg(b)}, "fc", "fc");
    builder.add("aten::linear", {arg(x), arg(unused)}, "aux", "aux");
    const ValueIndex size = builder.add("aten::size.int", {arg(x), arg(0)}, "", "size");
    const ValueIndex flat =
        builder.add("aten::view", {arg(h), {std::vector<Argument>{arg(size), arg(2)}}}, "", "view");
    return builder.finish({builder.add("aten::relu", {arg(flat)}, "act", outputName)});
}

} // namespace

class TestGraph : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void operatorsAreFoundByName_data();
    void operatorsAreFoundByName();
    void functionalVariants();
    void constantsHaveOneSpelling();
    void builtGraphHoldsWhatWasAdded();
    void deadNodesAndParametersGo();
    void valueNamesAreUnique();
    void constantsAreFittedToTheSchema();
    void wrongCallsAreRefused_data();
    void wrongCallsAreRefused();
    void printedGraph();
    void differencesAreListed();
    void withParametersSharesAndChecks();
};

void TestGraph::operatorsAreFoundByName_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("error"); // -1: found
    QTest::newRow("no overload") << "aten::conv2d" << -1;
    QTest::newRow("overload") << "aten::add.Tensor" << -1;
    QTest::newRow("TorchScript only") << "aten::floordiv.int" << -1;
    QTest::newRow("misspelt") << "aten::conv2e" << static_cast<int>(ErrorCode::NotFound);
    QTest::newRow("unknown overload")
        << "aten::add.Nothing" << static_cast<int>(ErrorCode::NotFound);
    QTest::newRow("no namespace") << "conv2d" << static_cast<int>(ErrorCode::NotFound);
    QTest::newRow("empty") << "" << static_cast<int>(ErrorCode::NotFound);
}

void TestGraph::operatorsAreFoundByName()
{
    QFETCH(QString, name);
    QFETCH(int, error);
    if (error < 0) {
        const auto op = findOperator(name.toStdString());
        QCOMPARE(op->name(), name.toStdString());
        QVERIFY(op == findOperator(name.toStdString()));
    } else {
        BITLOOM_EXPECT_ERROR(findOperator(name.toStdString()), static_cast<ErrorCode>(error),
                             "similar");
    }
}

void TestGraph::functionalVariants()
{
    QCOMPARE(functionalVariant("aten::relu_").value_or(""), std::string("aten::relu"));
    QCOMPARE(functionalVariant("aten::add_.Tensor").value_or(""), std::string("aten::add.Tensor"));
    QVERIFY(!functionalVariant("aten::relu").has_value());
    QVERIFY(!functionalVariant("aten::no_such_operator_").has_value());
    QVERIFY(writesArguments(*findOperator("aten::relu_")));
    QVERIFY(!writesArguments(*findOperator("aten::relu")));
}

void TestGraph::constantsHaveOneSpelling()
{
    QCOMPARE(constantText(c10::IValue()), std::string("None"));
    QCOMPARE(constantText(true), std::string("true"));
    QCOMPARE(constantText(0.1), std::string("0.1"));
    QCOMPARE(constantText(1.0), std::string("1.0"));
    QCOMPARE(constantText(-std::numeric_limits<double>::infinity()), std::string("-inf"));
    QCOMPARE(constantText(std::vector<std::int64_t>{1, -2}), std::string("[1, -2]"));
    QCOMPARE(constantText(std::string("a\"b")), std::string("\"a\\\"b\""));
    QCOMPARE(constantText(c10::Device("cuda:1")), std::string("device(\"cuda:1\")"));
    QVERIFY(!isSupportedConstant(at::zeros({1})));
}

void TestGraph::builtGraphHoldsWhatWasAdded()
{
    const Graph graph = smallGraph();
    QCOMPARE(graph.name(), std::string("small"));
    QCOMPARE(graph.inputShape(), (std::vector<std::int64_t>{1, 3}));
    QCOMPARE(graph.nodes().size(), std::size_t{4});
    const Node& linear = graph.nodes().front();
    QCOMPARE(linear.op, std::string("aten::linear"));
    QCOMPARE(linear.scope, std::string("fc"));
    QCOMPARE(linear.args.size(), linear.kernel->schema().arguments().size());
    QCOMPARE(graph.value(linear.args[1].value()).name, std::string("fc.weight"));
    QVERIFY(graph.value(linear.args[1].value()).parameter.has_value());
    for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
        for (const ValueIndex output : graph.nodes()[i].outputs) {
            QCOMPARE(toSize(*graph.value(output).producer), i);
        }
    }
    QVERIFY(describe(graph, linear).find("aten::linear in fc") != std::string::npos);
}

void TestGraph::deadNodesAndParametersGo()
{
    const Graph graph = smallGraph();
    QVERIFY(graph.findParameter("aux.weight") == nullptr);
    QVERIFY(!graph.findValue("aux").has_value());
    QVERIFY(graph.findParameter("fc.weight") != nullptr);
    QCOMPARE(graph.parameters().size(), std::size_t{2});
    for (const Parameter& parameter : graph.parameters()) {
        QCOMPARE(graph.parameter(*graph.value(parameter.value).parameter).name, parameter.name);
    }
}

void TestGraph::valueNamesAreUnique()
{
    GraphBuilder builder("names");
    const ValueIndex x = builder.addInput("x", {1, 4});
    const ValueIndex a = builder.add("aten::relu", {arg(x)}, "", "x");
    const auto two = builder.addNode("aten::max.dim", {arg(a), arg(1)}, "", "x");
    const Graph graph = builder.finish({two[0], two[1]});
    QCOMPARE(graph.values().size(), std::size_t{4});
    QCOMPARE(graph.value(graph.outputs()[0]).name, std::string("x_2"));
    QCOMPARE(graph.value(graph.outputs()[1]).name, std::string("x:1"));
}

void TestGraph::constantsAreFittedToTheSchema()
{
    GraphBuilder builder("constants");
    const ValueIndex x = builder.addInput("x", {1, 1, 8, 8});
    const ValueIndex pooled = builder.add("aten::max_pool2d", {arg(x), arg(2)}, "", "pool");
    const ValueIndex y = builder.add("aten::leaky_relu", {arg(pooled), arg(1)}, "", "leaky");
    const ValueIndex z =
        builder.add("aten::threshold", {arg(y), arg(1), arg(0.5)}, "", "threshold");
    const ValueIndex flat = builder.add(
        "aten::reshape", {arg(z), {std::vector<Argument>{arg(1), arg(-1)}}}, "", "flat");
    const Graph graph = builder.finish({flat});
    const auto text = [&](std::size_t node, std::size_t position) {
        return constantText(graph.nodes()[node].args[position].constant());
    };
    QCOMPARE(text(0, 1), std::string("[2, 2]"));
    QCOMPARE(text(0, 3), std::string("[0, 0]")); // the schema's default
    QCOMPARE(text(1, 1), std::string("1"));      // a Scalar stays what it is
    QCOMPARE(text(3, 1), std::string("[1, -1]"));
    QVERIFY(graph.nodes()[3].args[1].constant().isIntList());
    QVERIFY(fitConstant(3, c10::FloatType::get(), std::nullopt)->isDouble());
    QVERIFY(!fitConstant(0.5, c10::IntType::get(), std::nullopt).has_value());
}

void TestGraph::wrongCallsAreRefused_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("text");
    const int invalid = static_cast<int>(ErrorCode::InvalidArgument);
    QTest::newRow("too many") << invalid << "takes 1 arguments, 2 were given";
    QTest::newRow("too few") << invalid << "needs the argument \"weight\"";
    QTest::newRow("constant type") << invalid << "which 0.5 is not";
    QTest::newRow("tensor constant") << invalid << "add the tensor as a parameter";
    QTest::newRow("value type") << invalid << "but the value \"size\" is int";
    QTest::newRow("future value") << invalid << "does not exist (yet)";
    QTest::newRow("list for a tensor") << invalid << "a list was given";
    QTest::newRow("in place") << static_cast<int>(ErrorCode::Unsupported) << "use aten::relu";
    QTest::newRow("two results") << invalid << "has 2 results";
    QTest::newRow("same parameter") << invalid << "two parameters called \"w\"";
    QTest::newRow("no data") << invalid << "has no data";
    QTest::newRow("no output") << invalid << "no output";
    QTest::newRow("any arguments")
        << static_cast<int>(ErrorCode::Unsupported) << "any number of arguments";
}

void TestGraph::wrongCallsAreRefused()
{
    QFETCH(int, code);
    QFETCH(QString, text);
    const std::string row = QTest::currentDataTag();
    const auto attempt = [&row] {
        GraphBuilder builder("wrong");
        const ValueIndex x = builder.addInput("x", {1, 4});
        const ValueIndex w = builder.addParameter("w", at::ones({4, 4}));
        const auto call = [&](const std::string& op, std::vector<Argument> args) {
            builder.add(op, std::move(args), "", "y");
        };
        if (row == "too many") {
            call("aten::relu", {arg(x), arg(w)});
        } else if (row == "too few") {
            call("aten::linear", {arg(x)});
        } else if (row == "constant type") {
            call("aten::softmax.int", {arg(x), arg(0.5)});
        } else if (row == "tensor constant") {
            call("aten::linear", {arg(x), arg(c10::IValue(at::ones({4, 4})))});
        } else if (row == "value type") {
            const ValueIndex size = builder.add("aten::size.int", {arg(x), arg(0)}, "", "size");
            call("aten::linear", {arg(x), arg(size)});
        } else if (row == "future value") {
            call("aten::relu", {arg(ValueIndex{17})});
        } else if (row == "list for a tensor") {
            call("aten::relu", {{std::vector<Argument>{arg(x)}}});
        } else if (row == "in place") {
            call("aten::relu_", {arg(x)});
        } else if (row == "two results") {
            call("aten::max.dim", {arg(x), arg(1)});
        } else if (row == "same parameter") {
            builder.addParameter("w", at::ones({1}));
        } else if (row == "no data") {
            builder.addParameter("v", at::Tensor());
        } else if (row == "no output") {
            builder.finish({});
        } else if (row == "any arguments") {
            call("aten::format", {});
        }
    };
    BITLOOM_EXPECT_ERROR(attempt(), static_cast<ErrorCode>(code), text.toStdString());
}

void TestGraph::printedGraph()
{
    const std::string expected = "graph small\n"
                                 "input %x [1, 3]\n"
                                 "parameter %fc.weight Float[2, 3]\n"
                                 "parameter %fc.bias Float[2]\n"
                                 "%fc = aten::linear(%x, %fc.weight, %fc.bias)   # fc\n"
                                 "%size = aten::size.int(%x, dim=0)\n"
                                 "%view = aten::view(%fc, [%size, 2])\n"
                                 "%y = aten::relu(%view)   # act\n"
                                 "return %y\n";
    QCOMPARE(toString(smallGraph()), expected);
}

void TestGraph::differencesAreListed()
{
    QVERIFY(diffGraphs(smallGraph(), smallGraph()).empty());
    const auto renamed = diffGraphs(smallGraph(), smallGraph("z"));
    QCOMPARE(renamed.size(), std::size_t{3}); // node only left, node only right, outputs
    const auto changed =
        diffGraphs(smallGraph(), smallGraph().withParameters({{"fc.bias", at::ones({2})}}));
    QCOMPARE(changed.size(), std::size_t{1});
    QVERIFY(changed.front().find("fc.bias: the numbers differ") != std::string::npos);
    const auto retyped = diffGraphs(
        smallGraph(), smallGraph().withParameters({{"fc.bias", at::zeros({2}, at::kDouble)}}));
    QVERIFY(retyped.front().find("Double[2]") != std::string::npos);
}

void TestGraph::withParametersSharesAndChecks()
{
    const Graph graph = smallGraph();
    const at::Tensor bias = at::arange(2, at::kFloat);
    const Graph changed = graph.withParameters({{"fc.bias", bias}});
    QVERIFY(changed.findParameter("fc.bias")->tensor.is_same(bias));
    QVERIFY(!graph.findParameter("fc.bias")->tensor.is_same(bias));
    QVERIFY(changed.findParameter("fc.weight")
                ->tensor.is_same(graph.findParameter("fc.weight")->tensor));
    BITLOOM_EXPECT_ERROR(graph.withParameters({{"fc.bia", bias}}), ErrorCode::NotFound,
                         "nearest: fc.bias");
    BITLOOM_EXPECT_ERROR(graph.withParameters({{"fc.bias", at::zeros({3})}}),
                         ErrorCode::ShapeMismatch, "has the shape (2), its replacement (3)");
}

QTEST_GUILESS_MAIN(TestGraph)
#include "tst_graph.moc"
