// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/architectures/network_builder.h"

#include <array>
#include <cstdint>

namespace bitloom::graph {

/// Each adds a network behind net.input() and returns its logits.

/// Two 5x5 convolutions and two linear layers for 28x28 digits.
ValueIndex addLeNet5(NetworkBuilder& net);
/// Six 3x3 convolutions and two linear layers for 32x32 images, normalised throughout.
ValueIndex addVgg7(NetworkBuilder& net);
/// He et al. 2016, section 4.2: depth = 6 * blocksPerStage + 2, shortcuts without parameters
/// (option A).
ValueIndex addCifarResNet(NetworkBuilder& net, std::int64_t blocksPerStage);
/// He et al. 2016 for 224x224 images, two 3x3 convolutions a block.
ValueIndex addBasicResNet(NetworkBuilder& net, const std::array<std::int64_t, 4>& blocks);
/// The same with 1x1, 3x3, 1x1 bottlenecks; the 3x3 convolution holds the stride.
ValueIndex addBottleneckResNet(NetworkBuilder& net, const std::array<std::int64_t, 4>& blocks);
/// Sandler et al. 2018, width 1.0.
ValueIndex addMobileNetV2(NetworkBuilder& net);

} // namespace bitloom::graph
