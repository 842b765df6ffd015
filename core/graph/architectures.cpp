// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/architectures.h"

#include "core/base/text.h"
#include "core/graph/architectures/builders.h"

#include <algorithm>
#include <functional>

namespace bitloom::graph {
namespace {

struct Entry {
    ArchitectureInfo info;
    std::function<ValueIndex(NetworkBuilder&)> add;
};

Entry cifarResNet(std::int64_t blocksPerStage, std::int64_t parameters)
{
    const std::string depth = std::to_string(6 * blocksPerStage + 2);
    return {{"resnet" + depth + "_cifar",
             "ResNet-" + depth +
                 " for CIFAR-10 with parameter-free shortcuts; names as in pytorch_resnet_cifar10",
             {1, 3, 32, 32},
             10,
             parameters},
            [blocksPerStage](NetworkBuilder& net) { return addCifarResNet(net, blocksPerStage); }};
}

Entry imageNet(const std::string& name, const std::string& title, std::int64_t parameters,
               std::function<ValueIndex(NetworkBuilder&)> add)
{
    return {{name,
             title + " for ImageNet; names as in torchvision",
             {1, 3, 224, 224},
             1000,
             parameters},
            std::move(add)};
}

const std::vector<Entry>& entries()
{
    static const std::vector<Entry> all = [] {
        std::vector<Entry> list{
            {{"lenet5", "LeNet-5 (32 and 64 channels) for MNIST", {1, 1, 28, 28}, 10, 582'026},
             addLeNet5},
            {{"vgg7",
              "VGG-7 with batch normalisation for CIFAR-10",
              {1, 3, 32, 32},
              10,
              12'979'082},
             addVgg7},
            cifarResNet(3, 269'722),
            cifarResNet(5, 464'154),
            cifarResNet(7, 658'586),
            cifarResNet(9, 853'018),
            cifarResNet(18, 1'727'962),
            imageNet("mobilenet_v2", "MobileNetV2 (width 1.0)", 3'504'872, addMobileNetV2),
            imageNet("resnet18", "ResNet-18", 11'689'512,
                     [](NetworkBuilder& net) {
                         return addBasicResNet(net, {2, 2, 2, 2});
                     }),
            imageNet("resnet34", "ResNet-34", 21'797'672,
                     [](NetworkBuilder& net) {
                         return addBasicResNet(net, {3, 4, 6, 3});
                     }),
            imageNet("resnet50", "ResNet-50", 25'557'032,
                     [](NetworkBuilder& net) {
                         return addBottleneckResNet(net, {3, 4, 6, 3});
                     }),
            imageNet("resnet101", "ResNet-101", 44'549'160,
                     [](NetworkBuilder& net) {
                         return addBottleneckResNet(net, {3, 4, 23, 3});
                     }),
        };
        std::ranges::stable_sort(list, {},
                                 [](const Entry& entry) { return entry.info.parameters; });
        return list;
    }();
    return all;
}

} // namespace

const std::vector<ArchitectureInfo>& architectures()
{
    static const std::vector<ArchitectureInfo> infos = [] {
        std::vector<ArchitectureInfo> list;
        for (const Entry& entry : entries()) {
            list.push_back(entry.info);
        }
        return list;
    }();
    return infos;
}

Graph buildArchitecture(const std::string& name, std::uint64_t seed, InitialWeights initial)
{
    const auto found =
        std::ranges::find(entries(), name, [](const Entry& entry) { return entry.info.name; });
    if (found == entries().end()) {
        std::vector<std::string> names;
        for (const Entry& entry : entries()) {
            names.push_back(entry.info.name);
        }
        fail(ErrorCode::NotFound, "there is no built-in architecture \"", name,
             "\"; nearest: ", joinForPeople(nearestNames(name, names)),
             "; all: ", joinForPeople(names));
    }
    NetworkBuilder net(found->info, initial);
    const ValueIndex logits = found->add(net);
    return net.finish(logits, seed);
}

} // namespace bitloom::graph
