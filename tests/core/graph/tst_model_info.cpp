// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/architectures.h"
#include "core/graph/executor.h"
#include "core/graph/graph_builder.h"
#include "core/graph/passes/find_layers.h"
#include "core/graph/passes/model_info.h"
#include "core/graph/passes/record_shapes.h"

#include <ATen/ops/ones.h>
#include <c10/core/InferenceMode.h>

#include "tests/support/test_support.h"

using namespace bitloom;
using namespace bitloom::graph;

namespace {

using Shape = std::vector<std::int64_t>;

/// A graph with one operator between an input and its output.
Graph single(const Shape& inputShape,
             const std::function<ValueIndex(GraphBuilder&, ValueIndex)>& add)
{
    GraphBuilder builder("single");
    const ValueIndex x = builder.addInput("x", inputShape);
    return builder.finish({add(builder, x)});
}

ValueIndex weightOf(GraphBuilder& builder, const Shape& shape)
{
    return builder.addParameter("l.weight", at::ones(shape));
}

} // namespace

class TestModelInfo : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void macsOfTheArchitectures_data();
    void macsOfTheArchitectures();
    void lenet5LayerByLayer();
    void sharedActivationListsItsReaders();
    void layerKinds_data();
    void layerKinds();
    void productOfTwoActivations();
    void noLayers_data();
    void noLayers();
    void parameterUsedTwiceGivesTwoNames();
    void totalsAndRawTensors();
    void inputShapeIsNeeded();
    void shapesWithoutNumbersAreThoseOfARun_data();
    void shapesWithoutNumbersAreThoseOfARun();
    void aShapeThatDoesNotFitIsTheOperatorsError();
};

void TestModelInfo::macsOfTheArchitectures_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<qint64>("macs");
    QTest::addColumn<int>("layers");
    QTest::newRow("lenet5") << "lenet5" << qint64{4'267'008} << 4;
    QTest::newRow("vgg7") << "vgg7" << qint64{615'917'568} << 8;
    QTest::newRow("resnet18") << "resnet18" << qint64{1'814'073'344} << 21;
    QTest::newRow("resnet56_cifar") << "resnet56_cifar" << qint64{125'485'696} << 56;
    QTest::newRow("mobilenet_v2") << "mobilenet_v2" << qint64{300'774'272} << 53;
}

void TestModelInfo::macsOfTheArchitectures()
{
    QFETCH(QString, name);
    QFETCH(qint64, macs);
    QFETCH(int, layers);
    const ModelInfo info =
        modelInfo(buildArchitecture(name.toStdString(), 0, InitialWeights::Meta));
    QCOMPARE(info.macs, macs);
    QCOMPARE(info.layers.size(), static_cast<std::size_t>(layers));
    QVERIFY(info.fingerprint.empty()); // no data, no fingerprint
}

void TestModelInfo::lenet5LayerByLayer()
{
    const ModelInfo info = modelInfo(buildArchitecture("lenet5", 0), "sha256:given");
    QCOMPARE(info.fingerprint, std::string("sha256:given"));
    const std::vector<std::string> names{"features.0", "features.3", "classifier.0",
                                         "classifier.2"};
    const std::vector<std::int64_t> macs{460'800, 3'276'800, 524'288, 5'120};
    const std::vector<Shape> outputs{{1, 32, 24, 24}, {1, 64, 8, 8}, {1, 512}, {1, 10}};
    const std::vector<std::string> inputs{"input", "features.2", "flatten", "classifier.1"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        const LayerInfo& layer = info.layers.at(i);
        QCOMPARE(layer.name, names[i]);
        QCOMPARE(layer.weight, names[i] + ".weight");
        QCOMPARE(layer.bias, names[i] + ".bias");
        QCOMPARE(layer.macs, macs[i]);
        QCOMPARE(layer.outputShape, outputs[i]);
        QCOMPARE(layer.inputs, std::vector<std::string>{inputs[i]});
        QCOMPARE(info.tensors.at(i).name, inputs[i]);
        QCOMPARE(info.tensors.at(i).isModelInput, i == 0);
    }
    QCOMPARE(info.layers[1].weightShape, (Shape{64, 32, 5, 5}));
    QCOMPARE(info.layers[1].weightBytes, std::int64_t{4 * 51'200});
    QCOMPARE(info.layers[1].parameters, std::int64_t{51'264});
    QCOMPARE(info.parameters, std::int64_t{582'026});
    QCOMPARE(info.storedBytes, std::int64_t{4 * 582'026});
}

void TestModelInfo::sharedActivationListsItsReaders()
{
    const ModelInfo info = modelInfo(buildArchitecture("resnet18", 0, InitialWeights::Meta));
    const auto tensor = std::ranges::find(info.tensors, "layer1.1.relu_1", &TensorInfo::name);
    QVERIFY(tensor != info.tensors.end());
    QCOMPARE(tensor->readers,
             (std::vector<std::string>{"layer2.0.conv1", "layer2.0.downsample.0"}));
    QCOMPARE(tensor->shape, (Shape{1, 64, 56, 56}));
}

void TestModelInfo::layerKinds_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<qint64>("macs");
    QTest::addColumn<int>("axis");
    QTest::addColumn<int>("groups");
    // Each count by hand: elements of the output times what is summed for one of them.
    QTest::newRow("conv1d") << "conv1d" << qint64{8 * 10 * 4 * 3} << 0 << 1;
    QTest::newRow("conv2d grouped") << "grouped" << qint64{8 * 6 * 6 * 2 * 9} << 0 << 2;
    QTest::newRow("conv2d depthwise") << "depthwise" << qint64{4 * 6 * 6 * 9} << 0 << 4;
    QTest::newRow("conv3d") << "conv3d" << qint64{8 * 3 * 3 * 3 * 4 * 8} << 0 << 1;
    QTest::newRow("transposed") << "transposed" << qint64{4 * 5 * 5 * 6 * 9} << 1 << 1;
    QTest::newRow("_convolution") << "traced" << qint64{4 * 5 * 5 * 6 * 9} << 1 << 1;
    QTest::newRow("linear on tokens") << "linear" << qint64{7 * 6 * 4} << 0 << 1;
    QTest::newRow("addmm with a transposed weight") << "addmm" << qint64{6 * 4} << 0 << 1;
    QTest::newRow("x W") << "matmul" << qint64{7 * 6 * 4} << 1 << 1;
    QTest::newRow("W x") << "left" << qint64{6 * 4 * 7} << 0 << 1;
}

void TestModelInfo::layerKinds()
{
    QFETCH(QString, kind);
    QFETCH(qint64, macs);
    QFETCH(int, axis);
    QFETCH(int, groups);
    const std::string k = kind.toStdString();
    const Shape pixels{1, 4, 6, 6};
    const auto graph = [&k, &pixels]() -> Graph {
        if (k == "conv1d") {
            return single({1, 4, 12}, [](GraphBuilder& b, ValueIndex x) {
                return b.add("aten::conv1d", {arg(x), arg(weightOf(b, {8, 4, 3}))}, "l", "y");
            });
        }
        if (k == "grouped" || k == "depthwise") {
            const bool depthwise = k == "depthwise";
            return single(pixels, [depthwise](GraphBuilder& b, ValueIndex x) {
                const Shape shape = depthwise ? Shape{4, 1, 3, 3} : Shape{8, 2, 3, 3};
                return b.add("aten::conv2d",
                             {arg(x), arg(weightOf(b, shape)), argNone(), arg(1), arg(1), arg(1),
                              arg(depthwise ? 4 : 2)},
                             "l", "y");
            });
        }
        if (k == "conv3d") {
            return single({1, 4, 4, 4, 4}, [](GraphBuilder& b, ValueIndex x) {
                return b.add("aten::conv3d", {arg(x), arg(weightOf(b, {8, 4, 2, 2, 2}))}, "l", "y");
            });
        }
        if (k == "transposed") {
            return single({1, 4, 5, 5}, [](GraphBuilder& b, ValueIndex x) {
                return b.add("aten::conv_transpose2d.input",
                             {arg(x), arg(weightOf(b, {4, 6, 3, 3}))}, "l", "y");
            });
        }
        if (k == "traced") {
            return single({1, 4, 5, 5}, [](GraphBuilder& b, ValueIndex x) {
                return b.add("aten::_convolution",
                             {arg(x), arg(weightOf(b, {4, 6, 3, 3})), argNone(), argInts({1, 1}),
                              argInts({0, 0}), argInts({1, 1}), arg(true), argInts({0, 0}), arg(1),
                              arg(false), arg(false), arg(true), arg(true)},
                             "l", "y");
            });
        }
        if (k == "linear") {
            return single({1, 7, 4}, [](GraphBuilder& b, ValueIndex x) {
                return b.add("aten::linear", {arg(x), arg(weightOf(b, {6, 4}))}, "l", "y");
            });
        }
        if (k == "addmm") {
            return single({1, 4}, [](GraphBuilder& b, ValueIndex x) {
                const ValueIndex w = b.add("aten::t", {arg(weightOf(b, {6, 4}))}, "l", "wt");
                const ValueIndex bias = b.addParameter("l.bias", at::ones({6}));
                return b.add("aten::addmm", {arg(bias), arg(x), arg(w)}, "l", "y");
            });
        }
        if (k == "matmul") {
            return single({1, 7, 4}, [](GraphBuilder& b, ValueIndex x) {
                return b.add("aten::matmul", {arg(x), arg(weightOf(b, {4, 6}))}, "l", "y");
            });
        }
        return single({1, 4, 7}, [](GraphBuilder& b, ValueIndex x) {
            return b.add("aten::matmul", {arg(weightOf(b, {6, 4})), arg(x)}, "l", "y");
        });
    }();
    const ModelInfo info = modelInfo(graph);
    QCOMPARE(info.layers.size(), std::size_t{1});
    const LayerInfo& layer = info.layers.front();
    QCOMPARE(layer.name, std::string("l"));
    QCOMPARE(layer.weight, std::string("l.weight"));
    QCOMPARE(layer.macs, macs);
    QCOMPARE(layer.weightAxis, axis);
    QCOMPARE(layer.groups, std::int64_t{groups});
    QCOMPARE(layer.bias, std::string(k == "addmm" ? "l.bias" : ""));
    // The reader of the weight is the node that takes the parameter itself, e.g. the transpose.
    const LayerSite site = findLayers(graph).front();
    QVERIFY(graph.node(site.weightReader.node).args[site.weightReader.argPosition].value() ==
            graph.parameter(*site.weight).value);
    QVERIFY(graph.node(site.node).args[site.inputs[0].reader.argPosition].value() ==
            site.inputs[0].value);
}

void TestModelInfo::productOfTwoActivations()
{
    const Graph graph = single({1, 3, 5, 4}, [](GraphBuilder& b, ValueIndex x) {
        const ValueIndex t = b.add("aten::transpose.int", {arg(x), arg(-2), arg(-1)}, "attn", "t");
        const ValueIndex s = b.add("aten::matmul", {arg(x), arg(t)}, "attn", "scores");
        return b.add("aten::matmul", {arg(s), arg(x)}, "attn", "y");
    });
    const ModelInfo info = modelInfo(graph);
    QCOMPARE(info.layers.size(), std::size_t{2});
    QCOMPARE(info.layers[0].name, std::string("attn.matmul"));
    QCOMPARE(info.layers[1].name, std::string("attn.matmul_1"));
    QVERIFY(info.layers[0].kind == LayerKind::MatMul);
    QCOMPARE(info.layers[0].macs, std::int64_t{3 * 5 * 5 * 4});
    QCOMPARE(info.layers[1].macs, std::int64_t{3 * 5 * 4 * 5});
    QCOMPARE(info.layers[0].inputs, (std::vector<std::string>{"x", "t"}));
    QVERIFY(info.layers[0].weight.empty() && info.layers[0].weightShape.empty());
    QCOMPARE(info.tensors.size(), std::size_t{3});
    QCOMPARE(info.tensors[0].readers, (std::vector<std::string>{"attn.matmul", "attn.matmul_1"}));
}

void TestModelInfo::noLayers_data()
{
    QTest::addColumn<int>("which");
    QTest::newRow("computed weight") << 0;
    QTest::newRow("product of parameters") << 1;
    QTest::newRow("vector product") << 2;
    QTest::newRow("linear map of a parameter") << 3;
}

void TestModelInfo::noLayers()
{
    QFETCH(int, which);
    const Graph graph = single({1, 4}, [which](GraphBuilder& b, ValueIndex x) {
        const ValueIndex w = weightOf(b, {4, 4});
        if (which == 0) {
            const ValueIndex exponent = b.add("aten::exp", {arg(w)}, "", "w2");
            return b.add("aten::linear", {arg(x), arg(exponent)}, "l", "y");
        }
        if (which == 1) {
            return b.add("aten::add.Tensor",
                         {arg(x), arg(b.add("aten::mm", {arg(w), arg(w)}, "", "ww"))}, "", "y");
        }
        if (which == 3) { // as positions that are encoded once, and added
            const ValueIndex positions = b.addParameter("positions", at::ones({1, 4}));
            const ValueIndex encoded =
                b.add("aten::linear", {arg(positions), arg(w)}, "l", "encoded");
            return b.add("aten::add.Tensor", {arg(x), arg(encoded)}, "", "y");
        }
        return b.add("aten::matmul", {arg(x), arg(b.addParameter("v", at::ones({4})))}, "", "y");
    });
    QVERIFY(findLayers(graph).empty());
}

void TestModelInfo::parameterUsedTwiceGivesTwoNames()
{
    const Graph graph = single({1, 4}, [](GraphBuilder& b, ValueIndex x) {
        const ValueIndex w = weightOf(b, {4, 4});
        const ValueIndex h = b.add("aten::linear", {arg(x), arg(w)}, "l", "h");
        return b.add("aten::linear", {arg(h), arg(w)}, "l", "y");
    });
    const ModelInfo info = modelInfo(graph);
    QCOMPARE(info.layers.at(0).name, std::string("l"));
    QCOMPARE(info.layers.at(1).name, std::string("l_1"));
    QCOMPARE(info.layers.at(1).weight, std::string("l.weight"));
    QCOMPARE(info.parameters, std::int64_t{16});
}

void TestModelInfo::totalsAndRawTensors()
{
    const Graph graph = buildArchitecture("resnet20_cifar", 0);
    const ModelInfo info = modelInfo(graph);
    QCOMPARE(info.parameters, std::int64_t{269'722});
    QVERIFY(info.fingerprint.starts_with("sha256:"));
    std::int64_t rawBytes = 0;
    for (const ModelInfo::RawTensor& raw : info.rawTensors) {
        rawBytes += raw.bytes;
    }
    std::int64_t weightBytes = 0;
    for (const LayerInfo& layer : info.layers) {
        weightBytes += layer.weightBytes;
    }
    QCOMPARE(rawBytes + weightBytes, info.storedBytes);
    QCOMPARE(info.layers.size(), std::size_t{20});
    // 19 batch normalisations with four tensors each, and the classifier's bias.
    QCOMPARE(info.rawTensors.size(), std::size_t{19 * 4 + 1});
}

void TestModelInfo::inputShapeIsNeeded()
{
    const Graph graph = single({}, [](GraphBuilder& b, ValueIndex x) {
        return b.add("aten::linear", {arg(x), arg(weightOf(b, {4, 4}))}, "l", "y");
    });
    BITLOOM_EXPECT_ERROR(modelInfo(graph), ErrorCode::InvalidArgument, "shape of the input \"x\"");
}

void TestModelInfo::shapesWithoutNumbersAreThoseOfARun_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"resnet20_cifar", "mobilenet_v2", "convolutions"}) {
        QTest::newRow(name) << QString(name);
    }
}

void TestModelInfo::shapesWithoutNumbersAreThoseOfARun()
{
    QFETCH(QString, name);
    const Graph graph =
        name == "convolutions"
            ? single({1, 4, 13, 17},
                     [](GraphBuilder& b, ValueIndex x) {
                         const auto parameter = [&b](const char* path, const Shape& shape) {
                             return arg(b.addParameter(path, at::ones(shape)));
                         };
                         ValueIndex y = b.add("aten::conv2d",
                                              {arg(x), parameter("a.weight", {6, 2, 3, 5}),
                                               parameter("a.bias", {6}), argInts({2, 1}),
                                               argInts({1, 3}), argInts({2, 2}), arg(2)},
                                              "a", "a");
                         y = b.add("aten::conv_transpose2d.input",
                                   {arg(y), parameter("t.weight", {6, 4, 3, 2}), argNone(),
                                    argInts({3, 2}), argInts({1, 0}), argInts({1, 1}), arg(2),
                                    argInts({2, 3})},
                                   "t", "t");
                         y = b.add("aten::hardtanh", {arg(y), arg(0.0), arg(6.0)}, "h", "h");
                         return b.add("aten::adaptive_avg_pool2d", {arg(y), argInts({3, 2})}, "p",
                                      "p");
                     })
            : buildArchitecture(name.toStdString(), 0);
    std::vector<ValueIndex> all;
    std::unordered_map<ValueIndex, Shape> run;
    ExecutorOptions options;
    for (const Node& node : graph.nodes()) {
        all.push_back(node.outputs.front());
        options.observers.push_back({all.back(), [&run](ValueIndex value, const at::Tensor& x) {
                                         run[value] = x.sizes().vec();
                                     }});
    }
    const c10::InferenceMode inference;
    Executor(std::make_shared<const Graph>(graph), std::move(options)).run(exampleInputs(graph));
    const auto recorded = recordTensors(graph, all);
    QCOMPARE(recorded.size(), run.size());
    for (const auto& [value, tensor] : recorded) {
        QCOMPARE(tensor.shape, run.at(value));
        QVERIFY(tensor.dtype == at::kFloat);
    }
}

void TestModelInfo::aShapeThatDoesNotFitIsTheOperatorsError()
{
    const Graph graph = single({1, 3, 8, 8}, [](GraphBuilder& b, ValueIndex x) {
        return b.add("aten::conv2d", {arg(x), arg(weightOf(b, {8, 4, 3, 3}))}, "l", "l");
    });
    BITLOOM_EXPECT_ERROR(modelInfo(graph), ErrorCode::InvalidArgument,
                         "expected input[1, 3, 8, 8] to have 4 channels");
}

QTEST_GUILESS_MAIN(TestModelInfo)
#include "tst_model_info.moc"
