// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/architectures.h"
#include "core/graph/graph_builder.h"
#include "core/graph/passes/bit_passing.h"
#include "core/graph/passes/channel_flow.h"

#include <ATen/ops/ones.h>

#include "tests/support/test_support.h"

#include <algorithm>
#include <limits>
#include <set>

using namespace bitloom;
using namespace bitloom::graph;

namespace {

constexpr std::size_t kUnknown = ChannelSpan::kUnknown;

/// Puts networks together from layers without bias.
struct Net {
    GraphBuilder builder{"net"};

    ValueIndex conv(ValueIndex x, const std::string& name, std::int64_t in, std::int64_t out,
                    std::int64_t groups = 1)
    {
        const ValueIndex weight =
            builder.addParameter(name + ".weight", at::ones({out, in / groups, 1, 1}));
        return builder.add("aten::conv2d",
                           {arg(x), arg(weight), argNone(), argInts({1, 1}), argInts({0, 0}),
                            argInts({1, 1}), arg(groups)},
                           name, name);
    }
    ValueIndex linear(ValueIndex x, const std::string& name, std::int64_t in, std::int64_t out)
    {
        const ValueIndex weight = builder.addParameter(name + ".weight", at::ones({out, in}));
        return builder.add("aten::linear", {arg(x), arg(weight), argNone()}, name, name);
    }
    ValueIndex add(const std::string& op, std::vector<Argument> args)
    {
        return builder.add(op, std::move(args), "", "value");
    }
    ValueIndex relu(ValueIndex x) { return add("aten::relu", {arg(x)}); }
};

std::vector<LayerChannels> flowOf(const Graph& graph)
{
    return findChannelFlow(graph, findLayers(graph));
}

using Spans = std::vector<ChannelSpan>;

std::set<std::size_t> producersOf(const LayerChannels& layer)
{
    std::set<std::size_t> layers;
    for (const ChannelSpan& span : layer.inputSources.spans) {
        layers.insert(span.layer);
    }
    return layers;
}

} // namespace

class TestChannelFlow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void chainThroughPoolingAndFlatten();
    void sumHasAllItsProducers();
    void concatenationShifts();
    void sliceAndPaddingMove();
    void depthwiseIsLookedThrough();
    void aMixtureIsUnknown();
    void permutedFeatures();
    void onlyTheLastLayerReachesTheOutput_data();
    void onlyTheLastLayerReachesTheOutput();
    void bitsPassThroughPoolingAndShape();
};

void TestChannelFlow::chainThroughPoolingAndFlatten()
{
    const auto flow = flowOf(buildArchitecture("lenet5", 0, InitialWeights::Meta));
    QCOMPARE(flow.size(), std::size_t{4});
    QVERIFY(flow[0].inputSources.spans == (Spans{{kUnknown, 0, 0, 1, 1}}));
    QVERIFY(!flow[0].inputSources.isChain);
    QVERIFY(flow[1].inputSources.spans == (Spans{{0, 0, 0, 32, 1}}));
    QVERIFY(flow[2].inputSources.spans == (Spans{{1, 0, 0, 1024, 16}})); // 64 maps of 4 x 4
    QVERIFY(flow[3].inputSources.spans == (Spans{{2, 0, 0, 512, 1}}));
    for (std::size_t l = 1; l < 4; ++l) {
        QVERIFY(flow[l].inputSources.isChain);
    }
    QCOMPARE(flow[2].inputs, 1024);
    QCOMPARE(flow[2].outputs, 512);
}

void TestChannelFlow::sumHasAllItsProducers()
{
    const Graph graph = buildArchitecture("resnet18", 0, InitialWeights::Meta);
    const auto layers = findLayers(graph);
    const auto flow = findChannelFlow(graph, layers);
    const auto indexOf = [&](const std::string& name) {
        return static_cast<std::size_t>(std::ranges::find(layers, name, &LayerSite::name) -
                                        layers.begin());
    };
    const std::size_t second = indexOf("layer1.0.conv2");
    QVERIFY(flow[second].inputSources.spans == (Spans{{indexOf("layer1.0.conv1"), 0, 0, 64, 1}}));
    QVERIFY(flow[second].inputSources.isChain);
    const LayerChannels& next = flow[indexOf("layer1.1.conv1")];
    QVERIFY(producersOf(next) == (std::set<std::size_t>{indexOf("conv1"), second}));
    QVERIFY(!next.inputSources.isChain);
    const LayerChannels& strided = flow[indexOf("layer2.1.conv1")];
    QVERIFY(producersOf(strided) ==
            (std::set<std::size_t>{indexOf("layer2.0.conv2"), indexOf("layer2.0.downsample.0")}));
    QVERIFY(!flow[indexOf("layer1.0.conv1")].inputSources.isChain); // the shortcut reads it too
    QCOMPARE(flow[indexOf("fc")].inputSources.size, 512);
    QCOMPARE(producersOf(flow[indexOf("fc")]).count(kUnknown), std::size_t{0});
}

void TestChannelFlow::concatenationShifts()
{
    Net net;
    const ValueIndex x = net.builder.addInput("x", {1, 3, 4, 4});
    const ValueIndex a = net.relu(net.conv(x, "a", 3, 4));
    const ValueIndex b = net.conv(x, "b", 3, 6);
    const ValueIndex both = net.add(
        "aten::cat", {Argument{std::vector<Argument>{arg(a), arg(b)}}, arg(std::int64_t{1})});
    const auto flow = flowOf(net.builder.finish({net.conv(both, "c", 10, 2)}));
    QVERIFY(flow[2].inputSources.spans == (Spans{{0, 0, 0, 4, 1}, {1, 0, 4, 10, 1}}));
    QCOMPARE(flow[2].inputSources.size, 10);
    QVERIFY(!flow[2].inputSources.isChain);
}

void TestChannelFlow::sliceAndPaddingMove()
{
    Net net;
    const ValueIndex x = net.builder.addInput("x", {1, 3, 4, 4});
    const ValueIndex a = net.conv(x, "a", 3, 8);
    const ValueIndex part =
        net.add("aten::slice.Tensor",
                {arg(a), arg(std::int64_t{1}), arg(std::int64_t{2}),
                 arg(std::numeric_limits<std::int64_t>::max()), arg(std::int64_t{1})});
    const ValueIndex padded =
        net.add("aten::constant_pad_nd", {arg(part), argInts({0, 0, 0, 0, 3, 1}), arg(0.0)});
    const auto flow = flowOf(net.builder.finish({net.conv(padded, "b", 10, 2)}));
    QCOMPARE(flow[1].inputSources.size, 10); // 3 zeros, channels 2 to 7 of a, 1 zero
    QVERIFY(flow[1].inputSources.spans == (Spans{{0, 2, 3, 9, 1}}));
}

void TestChannelFlow::depthwiseIsLookedThrough()
{
    Net net;
    const ValueIndex x = net.builder.addInput("x", {1, 3, 4, 4});
    const ValueIndex a = net.relu(net.conv(x, "a", 3, 4));
    const ValueIndex depthwise = net.conv(a, "depthwise", 4, 8, 4);
    const auto flow = flowOf(net.builder.finish({net.conv(depthwise, "c", 8, 2)}));
    QVERIFY(flow[1].isDepthwise);
    QVERIFY(!flow[0].isDepthwise);
    QVERIFY(flow[2].inputSources.spans == (Spans{{0, 0, 0, 8, 2}}));
    QVERIFY(flow[2].inputSources.isChain);
}

void TestChannelFlow::aMixtureIsUnknown()
{
    Net net;
    const ValueIndex x = net.builder.addInput("x", {1, 3, 4, 4});
    const ValueIndex a = net.conv(x, "a", 3, 4);
    const ValueIndex mixed = net.add("aten::softmax.int", {arg(a), arg(std::int64_t{1})});
    const auto flow = flowOf(net.builder.finish({net.conv(mixed, "b", 4, 2)}));
    QVERIFY(flow[1].inputSources.spans == (Spans{{kUnknown, 0, 0, 4, 1}}));
    QVERIFY(!flow[1].inputSources.isChain);
}

/// (batch, channels, height, width) to (batch, pixels, features), as vision transformers do.
void TestChannelFlow::permutedFeatures()
{
    Net net;
    const ValueIndex x = net.builder.addInput("x", {1, 3, 4, 4});
    const ValueIndex a = net.conv(x, "a", 3, 8);
    const ValueIndex flat =
        net.add("aten::flatten.using_ints", {arg(a), arg(std::int64_t{2}), arg(std::int64_t{3})});
    const ValueIndex tokens =
        net.add("aten::transpose.int", {arg(flat), arg(std::int64_t{1}), arg(std::int64_t{2})});
    const ValueIndex first = net.linear(tokens, "first", 8, 5);
    const auto flow = flowOf(net.builder.finish({net.linear(net.relu(first), "second", 5, 2)}));
    QVERIFY(flow[1].inputSources.spans == (Spans{{0, 0, 0, 8, 1}}));
    QCOMPARE(flow[1].inputSources.axis, 2);
    QVERIFY(flow[2].inputSources.spans == (Spans{{1, 0, 0, 5, 1}}));
}

void TestChannelFlow::onlyTheLastLayerReachesTheOutput_data()
{
    QTest::addColumn<QString>("name");
    for (const ArchitectureInfo& info : architectures()) {
        QTest::newRow(info.name.c_str()) << QString::fromStdString(info.name);
    }
}

void TestChannelFlow::onlyTheLastLayerReachesTheOutput()
{
    QFETCH(QString, name);
    const auto flow = flowOf(buildArchitecture(name.toStdString(), 0, InitialWeights::Meta));
    for (std::size_t l = 0; l < flow.size(); ++l) {
        QCOMPARE(flow[l].reachesOutput, l + 1 == flow.size());
        for (const ChannelSpan& span : flow[l].inputSources.spans) {
            QVERIFY(span.end <= flow[l].inputs && span.begin >= 0 && span.begin < span.end);
            QVERIFY(l == 0 || span.layer != kUnknown);
        }
    }
}

void TestChannelFlow::bitsPassThroughPoolingAndShape()
{
    const Graph graph = buildArchitecture("lenet5", 0, InitialWeights::Meta);
    const auto layers = findLayers(graph);
    const auto sourceOf = [&](std::size_t layer) {
        return graph.value(bitSource(graph, layers[layer].inputs.front().value)).name;
    };
    QCOMPARE(sourceOf(0), std::string("input"));
    QCOMPARE(sourceOf(1), std::string("features.1")); // the ReLU in front of the pooling
    QCOMPARE(sourceOf(2), std::string("features.4"));
    QCOMPARE(sourceOf(3), std::string("classifier.1"));
}

QTEST_GUILESS_MAIN(TestChannelFlow)
#include "tst_channel_flow.moc"
