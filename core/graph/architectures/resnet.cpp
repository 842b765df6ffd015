// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/architectures/builders.h"

#include <functional>

namespace bitloom::graph {
namespace {

struct Block {
    std::string path;
    std::int64_t inChannels;
    std::int64_t width; ///< channels of the 3x3 convolutions
    std::int64_t stride;
};

using AddBlock = std::function<ValueIndex(NetworkBuilder&, ValueIndex, const Block&)>;

/// Convolution and normalisation number n of a block.
ValueIndex addConvBn(NetworkBuilder& net, ValueIndex x, const std::string& path, int number,
                     std::int64_t inChannels, std::int64_t outChannels, const ConvOptions& options)
{
    const std::string suffix = std::to_string(number);
    x = net.conv(x, path + ".conv" + suffix, inChannels, outChannels, options);
    return net.batchNorm(x, path + ".bn" + suffix, outChannels);
}

ValueIndex addShortcut(NetworkBuilder& net, ValueIndex x, const Block& block,
                       std::int64_t outChannels)
{
    if (block.stride == 1 && block.inChannels == outChannels) {
        return x;
    }
    x = net.conv(x, block.path + ".downsample.0", block.inChannels, outChannels,
                 {.kernel = 1, .stride = block.stride});
    return net.batchNorm(x, block.path + ".downsample.1", outChannels);
}

ValueIndex addBasicBlock(NetworkBuilder& net, ValueIndex x, const Block& block)
{
    const std::string relu = block.path + ".relu";
    ValueIndex y = addConvBn(net, x, block.path, 1, block.inChannels, block.width,
                             {.kernel = 3, .stride = block.stride, .padding = 1});
    y = net.relu(y, relu, relu);
    y = addConvBn(net, y, block.path, 2, block.width, block.width, {.kernel = 3, .padding = 1});
    const ValueIndex shortcut = addShortcut(net, x, block, block.width);
    return net.relu(net.add(y, shortcut, block.path), relu, relu);
}

ValueIndex addBottleneck(NetworkBuilder& net, ValueIndex x, const Block& block)
{
    const std::string relu = block.path + ".relu";
    const std::int64_t outChannels = 4 * block.width;
    ValueIndex y = addConvBn(net, x, block.path, 1, block.inChannels, block.width, {.kernel = 1});
    y = net.relu(y, relu, relu);
    y = addConvBn(net, y, block.path, 2, block.width, block.width,
                  {.kernel = 3, .stride = block.stride, .padding = 1});
    y = net.relu(y, relu, relu);
    y = addConvBn(net, y, block.path, 3, block.width, outChannels, {.kernel = 1});
    const ValueIndex shortcut = addShortcut(net, x, block, outChannels);
    return net.relu(net.add(y, shortcut, block.path), relu, relu);
}

ValueIndex addResNet(NetworkBuilder& net, const std::array<std::int64_t, 4>& blocks,
                     std::int64_t expansion, const AddBlock& addBlock)
{
    ValueIndex x = net.conv(net.input(), "conv1", 3, 64, {.kernel = 7, .stride = 2, .padding = 3});
    x = net.relu(net.batchNorm(x, "bn1", 64), "relu", "relu");
    x = net.maxPool(x, "maxpool", 3, 2, 1);
    std::int64_t inChannels = 64;
    for (std::size_t stage = 0; stage < blocks.size(); ++stage) {
        const std::int64_t width = std::int64_t{64} << stage;
        for (std::int64_t index = 0; index < blocks[stage]; ++index) {
            const std::string path =
                "layer" + std::to_string(stage + 1) + "." + std::to_string(index);
            x = addBlock(net, x, {path, inChannels, width, stage > 0 && index == 0 ? 2 : 1});
            inChannels = expansion * width;
        }
    }
    x = net.globalAveragePool(x, "avgpool", "avgpool");
    return net.linear(net.flatten(x), "fc", inChannels, 1000);
}

} // namespace

ValueIndex addBasicResNet(NetworkBuilder& net, const std::array<std::int64_t, 4>& blocks)
{
    return addResNet(net, blocks, 1, addBasicBlock);
}

ValueIndex addBottleneckResNet(NetworkBuilder& net, const std::array<std::int64_t, 4>& blocks)
{
    return addResNet(net, blocks, 4, addBottleneck);
}

} // namespace bitloom::graph
