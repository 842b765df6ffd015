// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bitloom::engine {

/// A network that can be opened by its name, "arch:NAME".
struct ArchitectureEntry {
    std::string name;                     ///< "resnet20_cifar"
    std::string description;              ///< one sentence
    std::vector<std::int64_t> inputShape; ///< at batch 1
    std::int64_t numClasses = 0;
    std::int64_t parameters = 0; ///< trainable elements
};

/// All of them, smallest first. Threads: any.
const std::vector<ArchitectureEntry>& architectureCatalog();

} // namespace bitloom::engine
