// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bitloom::graph {

/// A network that Bitloom can build itself, to be filled with a state dict or trained from scratch.
struct ArchitectureInfo {
    std::string name;                     ///< "resnet20_cifar"
    std::string description;              ///< one sentence with the origin of the parameter names
    std::vector<std::int64_t> inputShape; ///< at batch 1
    std::int64_t numClasses = 0;
    std::int64_t parameters = 0; ///< trainable elements
};

/// All of them, smallest first.
const std::vector<ArchitectureInfo>& architectures();

/// How the parameters of a built network start.
enum class InitialWeights {
    Random, ///< the framework's default: uniform in +-1/sqrt(fan-in); batch normalisation is the
            ///< identity
    Meta,   ///< shapes without data (meta tensors): every parameter must be replaced by
            ///< withParameters() before a run
};

/// Builds a network for inference (batch normalisation with running statistics, dropout passing
/// through). Determinism: the same seed gives the same numbers on every platform and for every
/// thread count. Errors: NotFound for an unknown name, with the nearest and all names.
Graph buildArchitecture(const std::string& name, std::uint64_t seed,
                        InitialWeights initial = InitialWeights::Random);

} // namespace bitloom::graph
