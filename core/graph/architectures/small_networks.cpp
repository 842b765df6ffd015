// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/architectures/builders.h"

namespace bitloom::graph {

ValueIndex addLeNet5(NetworkBuilder& net)
{
    const ConvOptions conv5{.kernel = 5, .bias = true};
    ValueIndex x = net.conv(net.input(), "features.0", 1, 32, conv5);
    x = net.relu(x, "features.1", "features.1");
    x = net.maxPool(x, "features.2", 2, 2);
    x = net.conv(x, "features.3", 32, 64, conv5);
    x = net.relu(x, "features.4", "features.4");
    x = net.maxPool(x, "features.5", 2, 2);
    x = net.linear(net.flatten(x), "classifier.0", 1024, 512);
    x = net.relu(x, "classifier.1", "classifier.1");
    return net.linear(x, "classifier.2", 512, 10);
}

ValueIndex addVgg7(NetworkBuilder& net)
{
    ValueIndex x = net.input();
    std::int64_t index = 0;
    std::int64_t inChannels = 3;
    const auto path = [&index] { return "features." + std::to_string(index++); };
    for (const std::int64_t channels : {128, 256, 512}) {
        for (int repeat = 0; repeat < 2; ++repeat) {
            x = net.conv(x, path(), inChannels, channels, {.kernel = 3, .padding = 1});
            x = net.batchNorm(x, path(), channels);
            const std::string activation = path();
            x = net.relu(x, activation, activation);
            inChannels = channels;
        }
        x = net.maxPool(x, path(), 2, 2);
    }
    x = net.linear(net.flatten(x), "classifier.0", 8192, 1024, false);
    x = net.batchNorm(x, "classifier.1", 1024);
    x = net.relu(x, "classifier.2", "classifier.2");
    return net.linear(x, "classifier.3", 1024, 10);
}

} // namespace bitloom::graph
