// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/architectures/builders.h"

namespace bitloom::graph {
namespace {

/// One row of the network's table: expansion t, channels c, repeats n, first stride s.
struct Row {
    std::int64_t expansion;
    std::int64_t channels;
    std::int64_t repeats;
    std::int64_t stride;
};

constexpr std::array kRows{Row{1, 16, 1, 1}, Row{6, 24, 2, 2},  Row{6, 32, 3, 2}, Row{6, 64, 4, 2},
                           Row{6, 96, 3, 1}, Row{6, 160, 3, 2}, Row{6, 320, 1, 1}};

ValueIndex addConvBnRelu6(NetworkBuilder& net, ValueIndex x, const std::string& path,
                          std::int64_t inChannels, std::int64_t outChannels,
                          const ConvOptions& options)
{
    x = net.conv(x, path + ".0", inChannels, outChannels, options);
    x = net.batchNorm(x, path + ".1", outChannels);
    return net.relu6(x, path + ".2");
}

ValueIndex addInvertedResidual(NetworkBuilder& net, ValueIndex x, const std::string& path,
                               std::int64_t inChannels, std::int64_t outChannels,
                               std::int64_t expansion, std::int64_t stride)
{
    const std::int64_t hidden = inChannels * expansion;
    int index = 0;
    const auto step = [&] { return path + ".conv." + std::to_string(index++); };
    ValueIndex y = x;
    if (expansion != 1) {
        y = addConvBnRelu6(net, y, step(), inChannels, hidden, {.kernel = 1});
    }
    y = addConvBnRelu6(net, y, step(), hidden, hidden,
                       {.kernel = 3, .stride = stride, .padding = 1, .groups = hidden});
    y = net.conv(y, step(), hidden, outChannels, {.kernel = 1});
    y = net.batchNorm(y, step(), outChannels);
    return stride == 1 && inChannels == outChannels ? net.add(x, y, path) : y;
}

} // namespace

ValueIndex addMobileNetV2(NetworkBuilder& net)
{
    ValueIndex x = addConvBnRelu6(net, net.input(), "features.0", 3, 32,
                                  {.kernel = 3, .stride = 2, .padding = 1});
    std::int64_t inChannels = 32;
    int index = 1;
    for (const Row& row : kRows) {
        for (std::int64_t repeat = 0; repeat < row.repeats; ++repeat) {
            x = addInvertedResidual(net, x, "features." + std::to_string(index++), inChannels,
                                    row.channels, row.expansion, repeat == 0 ? row.stride : 1);
            inChannels = row.channels;
        }
    }
    x = addConvBnRelu6(net, x, "features." + std::to_string(index), inChannels, 1280,
                       {.kernel = 1});
    x = net.flatten(net.globalAveragePool(x, "", "avg_pool"));
    x = net.dropout(x, "classifier.0", 0.2);
    return net.linear(x, "classifier.1", 1280, 1000);
}

} // namespace bitloom::graph
