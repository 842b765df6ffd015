// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/architectures.h"
#include "core/graph/fingerprint.h"
#include "core/graph/graph_builder.h"
#include "core/graph/graph_json.h"
#include "core/graph/graph_text.h"

#include <ATen/ops/ones.h>

#include "tests/support/test_support.h"

#include <bit>
#include <limits>

using namespace bitloom;
using namespace bitloom::graph;

namespace {

TensorSource tensorsOf(const Graph& graph)
{
    return [&graph](const std::string& name) { return graph.findParameter(name)->tensor; };
}

/// y = relu(linear(x, w)), as JSON to be broken by the malformed cases.
const std::string kSmall = R"({"format":"bitloom-graph","version":1,"name":"small",
"inputs":[{"name":"x","shape":[1,3]}],
"parameters":[{"name":"w","shape":[2,3],"dtype":"Float"}],
"nodes":[{"op":"aten::linear","scope":"fc","args":[{"value":"x"},{"value":"w"},null],"outputs":["h"]},
{"op":"aten::relu","scope":"","args":[{"value":"h"}],"outputs":["y"]}],
"outputs":["y"]})";

std::string replaced(const std::string& from, const std::string& to)
{
    std::string text = kSmall;
    const std::size_t at = text.find(from);
    return at == std::string::npos ? std::string() : text.replace(at, from.size(), to);
}

} // namespace

class TestGraphJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void architecturesRoundTrip_data();
    void architecturesRoundTrip();
    void everyKindOfArgumentRoundTrips();
    void floatsKeepTheirBits_data();
    void floatsKeepTheirBits();
    void withoutTensorsThereAreShapes();
    void malformedTextIsRefused_data();
    void malformedTextIsRefused();
    void everyTruncationIsRefused();
    void operatorsOffTheListAreRefused_data();
    void operatorsOffTheListAreRefused();
    void operatorsOfScriptedNetworksAreOnTheList();
    void graphsThatCouldNotBeReadAreNotWritten();
    void limits();
};

void TestGraphJson::architecturesRoundTrip_data()
{
    QTest::addColumn<QString>("name");
    for (const ArchitectureInfo& info : architectures()) {
        QTest::newRow(info.name.c_str()) << QString::fromStdString(info.name);
    }
}

void TestGraphJson::architecturesRoundTrip()
{
    QFETCH(QString, name);
    const Graph graph = buildArchitecture(name.toStdString(), 0, InitialWeights::Meta);
    const std::string text = toJson(graph);
    const Graph back = graphFromJson(text, tensorsOf(graph));
    QCOMPARE(toString(back), toString(graph));
    QCOMPARE(toJson(back), text);
}

void TestGraphJson::everyKindOfArgumentRoundTrips()
{
    GraphBuilder builder("kinds");
    const ValueIndex x = builder.addInput("w", {1, 4}); // named like the parameter on purpose
    const ValueIndex w = builder.addParameter("w", at::ones({4, 4}), true);
    const ValueIndex h = builder.add("aten::linear", {arg(x), arg(w)}, "a.\"b\"", "h");
    const auto best = builder.addNode("aten::max.dim", {arg(h), arg(-1), arg(true)}, "", "best");
    const ValueIndex size = builder.add("aten::size.int", {arg(x), arg(0)}, "", "size");
    const ValueIndex gelu =
        builder.add("aten::gelu", {arg(h), arg(std::string("tanh"))}, "", "gelu");
    const ValueIndex ones = builder.add(
        "aten::ones",
        {{std::vector<Argument>{arg(size), arg(4)}}, arg(6), argNone(), arg(c10::Device("cpu"))},
        "", "ones");
    const ValueIndex hidden =
        builder.add("aten::masked_fill.Scalar",
                    {arg(gelu), arg(builder.add("aten::logical_not", {arg(ones)}, "", "not")),
                     arg(-std::numeric_limits<double>::infinity())},
                    "", "hidden");
    const ValueIndex all = builder.add(
        "aten::cat", {{std::vector<Argument>{arg(hidden), arg(best[0])}}, arg(1)}, "", "all");
    const Graph graph = builder.finish({all, best[1]});
    const Graph back = graphFromJson(toJson(graph), tensorsOf(graph));
    QCOMPARE(toString(back), toString(graph));
    QCOMPARE(fingerprint(back), fingerprint(graph));
    QVERIFY(back.findParameter("w")->isBuffer);
    QCOMPARE(back.value(back.findParameter("w")->value).name, std::string("w_1"));
}

void TestGraphJson::floatsKeepTheirBits_data()
{
    QTest::addColumn<double>("number");
    QTest::newRow("0.1") << 0.1;
    QTest::newRow("one") << 1.0;
    QTest::newRow("next after 1") << std::nextafter(1.0, 2.0);
    QTest::newRow("-0") << -0.0;
    QTest::newRow("largest") << std::numeric_limits<double>::max();
    QTest::newRow("smallest") << std::numeric_limits<double>::denorm_min();
    QTest::newRow("inf") << std::numeric_limits<double>::infinity();
    QTest::newRow("-inf") << -std::numeric_limits<double>::infinity();
    QTest::newRow("nan") << std::numeric_limits<double>::quiet_NaN();
}

void TestGraphJson::floatsKeepTheirBits()
{
    QFETCH(double, number);
    GraphBuilder builder("float");
    const ValueIndex x = builder.addInput("x", {1, 4});
    const Graph graph =
        builder.finish({builder.add("aten::leaky_relu", {arg(x), arg(number)}, "", "y")});
    const c10::IValue back = graphFromJson(toJson(graph), {}).nodes().front().args[1].constant();
    QVERIFY(back.isDouble());
    QCOMPARE(std::bit_cast<std::uint64_t>(back.toDouble()), std::bit_cast<std::uint64_t>(number));
}

void TestGraphJson::withoutTensorsThereAreShapes()
{
    const Graph graph = graphFromJson(replaced("Float", "BFloat16"), {});
    const at::Tensor& w = graph.findParameter("w")->tensor;
    QVERIFY(w.is_meta());
    QCOMPARE(w.sizes().vec(), (std::vector<std::int64_t>{2, 3}));
    QVERIFY(w.scalar_type() == at::kBFloat16);
    BITLOOM_EXPECT_ERROR(graphFromJson(kSmall,
                                       [](const std::string&) {
                                           return at::ones({3, 2});
                                       }),
                         ErrorCode::ShapeMismatch, "\"w\"");
}

void TestGraphJson::malformedTextIsRefused_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* name, const std::string& text, ErrorCode code,
                        const char* message) {
        QVERIFY2(!text.empty() || std::string_view(name) == "empty", name);
        QTest::newRow(name) << QString::fromStdString(text) << static_cast<int>(code) << message;
    };
    const ErrorCode corrupt = ErrorCode::CorruptFile;
    row("empty", "", corrupt, "not JSON");
    row("foreign", "PK\x03\x04", corrupt, "not JSON");
    row("array", "[]", corrupt, "not a graph description");
    row("number", "7", corrupt, "not a graph description");
    row("other format", replaced("bitloom-graph", "something"), corrupt, "not a graph description");
    row("format of another type", replaced("\"bitloom-graph\"", "[]"), corrupt,
        "not a graph description");
    row("newer version", replaced("\"version\":1", "\"version\":2"), ErrorCode::Unsupported,
        "another version");
    row("no name", replaced("\"name\":\"small\",", ""), corrupt, "\"name\" is missing");
    row("name of another type", replaced("\"small\"", "3"), corrupt,
        "\"name\" is number, expected string");
    row("no inputs", replaced("\"inputs\"", "\"in\""), corrupt, "\"inputs\" is missing");
    row("input is no object", replaced("{\"name\":\"x\",\"shape\":[1,3]}", "5"), corrupt,
        "expected an object");
    row("negative size", replaced("[2,3]", "[-2,3]"), corrupt, "negative size -2");
    row("overflowing shape", replaced("[2,3]", "[4611686018427387904,4]"), corrupt, "too large");
    row("bytes overflow", replaced("[2,3]", "[4611686018427387904]"), corrupt, "w");
    row("size beyond 64 bits", replaced("[2,3]", "[18446744073709551615]"), corrupt,
        "whole number");
    row("fractional size", replaced("[2,3]", "[2.5,3]"), corrupt, "whole number");
    row("unknown type", replaced("Float", "Float7"), corrupt, "unknown type \"Float7\"");
    row("buffer is no bool", replaced("\"dtype\"", "\"buffer\":1,\"dtype\""), corrupt,
        "expected boolean");
    row("two values of a name", replaced("\"outputs\":[\"h\"]", "\"outputs\":[\"x\"]"), corrupt,
        "two values are called");
    row("unknown value", replaced("{\"value\":\"h\"}", "{\"value\":\"g\"}"), corrupt,
        "\"g\" is used before it exists");
    row("value is a number", replaced("{\"value\":\"h\"}", "{\"value\":1}"), corrupt,
        "a value's name is number");
    row("unknown object", replaced("{\"value\":\"h\"}", "{\"tensor\":1}"), corrupt,
        "\"float\" is missing");
    row("bad float", replaced("null", "{\"float\":\"one\"}"), corrupt, "not inf, -inf or nan");
    row("bad device", replaced("null", "{\"device\":\"moon\"}"), corrupt, "the device \"moon\"");
    row("wrong argument", replaced("{\"value\":\"w\"}", "7"), corrupt, "node 0: aten::linear");
    row("too many arguments", replaced("null", "null,null"), corrupt, "takes 3 arguments");
    row("too many outputs", replaced("[\"h\"]", "[\"h\",\"i\"]"), corrupt,
        "has 1 results, 2 names");
    row("no outputs of a node", replaced("[\"h\"]", "[]"), corrupt, "has 1 results, 0 names");
    row("unknown output", kSmall.substr(0, kSmall.size() - 6) + "[\"z\"]}", corrupt,
        "\"z\" is used before");
    row("no outputs", kSmall.substr(0, kSmall.size() - 6) + "[]}", corrupt, "no output");
}

void TestGraphJson::malformedTextIsRefused()
{
    QFETCH(QString, text);
    QFETCH(int, code);
    QFETCH(QString, message);
    BITLOOM_EXPECT_ERROR(graphFromJson(text.toStdString(), {}), static_cast<ErrorCode>(code),
                         message.toStdString());
}

void TestGraphJson::everyTruncationIsRefused()
{
    for (std::size_t size = 0; size < kSmall.size(); ++size) {
        const auto error = test::errorOf([size] { graphFromJson(kSmall.substr(0, size), {}); });
        QVERIFY2(error && error->code() == ErrorCode::CorruptFile, std::to_string(size).c_str());
    }
    QVERIFY(!test::errorOf([] { graphFromJson(kSmall, {}); }).has_value());
}

void TestGraphJson::operatorsOffTheListAreRefused_data()
{
    QTest::addColumn<QString>("op");
    for (const char* op :
         {"aten::from_file", "aten::save", "aten::relu_", "aten::set_.source_Storage",
          "aten::as_strided", "aten::_unsafe_index.Tensor", "aten::rand", "aten::warn",
          "aten::format", "aten::resize_", "prim::Print", "prim::CallMethod", "aten::no_such",
          "bitloom::anything", "quantized::conv2d", "aten::empty.memory_format", "aten::abs.out",
          "aten::", ""}) {
        QTest::newRow(op) << op;
    }
}

void TestGraphJson::operatorsOffTheListAreRefused()
{
    QFETCH(QString, op);
    QVERIFY(!isAllowedOperator(op.toStdString()));
    BITLOOM_EXPECT_ERROR(graphFromJson(replaced("aten::relu", op.toStdString()), {}),
                         ErrorCode::UnsafeFile, "\"" + op.toStdString() + "\" is not on the list");
}

/// What scripted networks have from timm (weight standardisation, LeViT) and from nn.GRU.
void TestGraphJson::operatorsOfScriptedNetworksAreOnTheList()
{
    for (const char* op : {"aten::reshape_as", "aten::view_as", "prim::device"}) {
        QVERIFY2(isAllowedOperator(op), op);
    }
}

void TestGraphJson::graphsThatCouldNotBeReadAreNotWritten()
{
    GraphBuilder builder("random");
    const ValueIndex x = builder.addInput("x", {1, 4});
    const Graph graph = builder.finish({builder.add("aten::rand_like", {arg(x)}, "noise", "y")});
    BITLOOM_EXPECT_ERROR(toJson(graph), ErrorCode::Unsupported, "aten::rand_like in noise");
    GraphBuilder names("names");
    const Graph unprintable = names.finish({names.addInput("\xff", {1, 4})});
    BITLOOM_EXPECT_ERROR(toJson(unprintable), ErrorCode::Unsupported, "cannot be written as JSON");
}

void TestGraphJson::limits()
{
    BITLOOM_EXPECT_ERROR(graphFromJson(std::string(100'000, '['), {}), ErrorCode::UnsafeFile,
                         "nested deeper than 16");
    BITLOOM_EXPECT_ERROR(graphFromJson(std::string((16 << 20) + 1, ' '), {}), ErrorCode::UnsafeFile,
                         "at most");
    // Brackets in names are no nesting.
    const std::string name(100, '[');
    QCOMPARE(graphFromJson(replaced("small", name), {}).name(), name);
}

QTEST_GUILESS_MAIN(TestGraphJson)
#include "tst_graph_json.moc"
