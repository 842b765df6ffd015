// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/architectures/builders.h"

#include <limits>

namespace bitloom::graph {
namespace {

/// Every second pixel, and half of the new channels as zeros on either side.
ValueIndex addShortcut(NetworkBuilder& net, ValueIndex x, const std::string& path,
                       std::int64_t newChannels)
{
    const std::string scope = path + ".shortcut";
    for (const std::int64_t dim : {2, 3}) {
        x = net.call(
            "aten::slice.Tensor",
            {arg(x), arg(dim), arg(0), arg(std::numeric_limits<std::int64_t>::max()), arg(2)},
            scope, scope);
    }
    const std::int64_t pad = newChannels / 2;
    return net.call("aten::constant_pad_nd", {arg(x), argInts({0, 0, 0, 0, pad, pad}), arg(0.0)},
                    scope, scope);
}

} // namespace

ValueIndex addCifarResNet(NetworkBuilder& net, std::int64_t blocksPerStage)
{
    ValueIndex x = net.conv(net.input(), "conv1", 3, 16, {.kernel = 3, .padding = 1});
    x = net.relu(net.batchNorm(x, "bn1", 16), "", "relu");
    std::int64_t inChannels = 16;
    for (std::int64_t stage = 0; stage < 3; ++stage) {
        const std::int64_t channels = 16 << stage;
        for (std::int64_t block = 0; block < blocksPerStage; ++block) {
            const std::string path =
                "layer" + std::to_string(stage + 1) + "." + std::to_string(block);
            const std::int64_t stride = stage > 0 && block == 0 ? 2 : 1;
            const ValueIndex shortcut =
                stride == 1 ? x : addShortcut(net, x, path, channels - inChannels);
            ValueIndex y = net.conv(x, path + ".conv1", inChannels, channels,
                                    {.kernel = 3, .stride = stride, .padding = 1});
            y = net.relu(net.batchNorm(y, path + ".bn1", channels), path, path + ".relu");
            y = net.conv(y, path + ".conv2", channels, channels, {.kernel = 3, .padding = 1});
            y = net.batchNorm(y, path + ".bn2", channels);
            x = net.relu(net.add(y, shortcut, path), path, path + ".relu");
            inChannels = channels;
        }
    }
    x = net.globalAveragePool(x, "", "avg_pool");
    return net.linear(net.flatten(x), "linear", 64, 10);
}

} // namespace bitloom::graph
