// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/architectures.h"
#include "core/graph/graph_builder.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bitloom::graph {

struct ConvOptions {
    std::int64_t kernel = 3;
    std::int64_t stride = 1;
    std::int64_t padding = 0;
    std::int64_t groups = 1;
    bool bias = false;
};

/// The vocabulary in which the built-in networks are written: modules with a path, as in a
/// framework's class. Each call adds the module's parameters and its operator; the result is named
/// after the path.
class NetworkBuilder {
public:
    NetworkBuilder(const ArchitectureInfo& info, InitialWeights initial);

    ValueIndex input() const { return m_input; }
    ValueIndex conv(ValueIndex x, const std::string& path, std::int64_t inChannels,
                    std::int64_t outChannels, const ConvOptions& options);
    ValueIndex batchNorm(ValueIndex x, const std::string& path, std::int64_t channels);
    ValueIndex linear(ValueIndex x, const std::string& path, std::int64_t inFeatures,
                      std::int64_t outFeatures, bool bias = true);
    ValueIndex relu(ValueIndex x, const std::string& scope, const std::string& valueName);
    ValueIndex relu6(ValueIndex x, const std::string& scope);
    ValueIndex maxPool(ValueIndex x, const std::string& scope, std::int64_t kernel,
                       std::int64_t stride, std::int64_t padding = 0);
    ValueIndex globalAveragePool(ValueIndex x, const std::string& scope,
                                 const std::string& valueName);
    ValueIndex flatten(ValueIndex x);
    ValueIndex dropout(ValueIndex x, const std::string& scope, double probability);
    ValueIndex add(ValueIndex a, ValueIndex b, const std::string& scope);
    /// Any other operator, without parameters.
    ValueIndex call(const std::string& op, std::vector<Argument> args, const std::string& scope,
                    const std::string& valueName);

    /// Draws the weights and closes the graph.
    Graph finish(ValueIndex output, std::uint64_t seed);

private:
    /// A parameter still to be drawn uniformly in +-bound.
    struct Pending {
        at::Tensor tensor;
        double bound = 0;
    };

    ValueIndex uniformParameter(const std::string& name, const std::vector<std::int64_t>& shape,
                                std::int64_t fanIn);
    ValueIndex filledParameter(const std::string& name, std::int64_t size, double value,
                               bool isBuffer);

    GraphBuilder m_builder;
    InitialWeights m_initial;
    std::vector<Pending> m_pending;
    ValueIndex m_input = kNoValue;
};

inline std::string joinPath(const std::string& scope, const std::string& name)
{
    return scope.empty() ? name : scope + "." + name;
}

} // namespace bitloom::graph
