// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/fingerprint.h"

#include "core/base/hash.h"
#include "core/graph/constant.h"
#include "core/graph/parallel_tasks.h"
#include "core/ops/tensor_bytes.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <span>

namespace bitloom::graph {
namespace {

std::string digestOf(std::string_view text)
{
    Sha256 hash;
    hash.update(text);
    return hash.hexDigest();
}

/// Where tensors live says nothing about the network.
std::string placelessText(const c10::IValue& constant)
{
    return constant.isDevice() ? "device" : constantText(constant);
}

/// Dropout that passes its input on: files of networks in eval mode no longer hold it.
bool isInactiveDropout(const Node& node)
{
    constexpr std::array kDropouts{"aten::dropout", "aten::feature_dropout", "aten::alpha_dropout",
                                   "aten::feature_alpha_dropout"};
    return std::ranges::find(kDropouts, node.op) != kDropouts.end() && node.args[0].isValue() &&
           node.args[2].isConstant() && node.args[2].constant().isBool() &&
           !node.args[2].constant().toBool();
}

/// Each value gets the digest of the expression that computes it; only the outputs' digests are
/// needed in the end, so neither names nor the order of independent nodes can matter.
class StructureHasher {
public:
    explicit StructureHasher(const Graph& graph) : m_graph(graph), m_digests(graph.values().size())
    {
        for (std::size_t i = 0; i < graph.inputs().size(); ++i) {
            m_digests[toSize(graph.inputs()[i])] = "input " + std::to_string(i);
        }
        for (const Parameter& parameter : graph.parameters()) {
            m_digests[toSize(parameter.value)] =
                "parameter " + std::to_string(parameter.name.size()) + " " + parameter.name;
        }
        for (const Node& node : graph.nodes()) {
            if (isInactiveDropout(node)) {
                m_digests[toSize(node.outputs.front())] = m_digests[toSize(node.args[0].value())];
                continue;
            }
            std::string text = node.op + "(";
            for (const Argument& argument : node.args) {
                text += textOf(argument) + ";";
            }
            const std::string digest = digestOf(text);
            for (std::size_t k = 0; k < node.outputs.size(); ++k) {
                m_digests[toSize(node.outputs[k])] = digest + "/" + std::to_string(k);
            }
        }
    }

    std::string text() const
    {
        std::string text;
        for (const ValueIndex output : m_graph.outputs()) {
            text += m_digests[toSize(output)] + "\n";
        }
        return text;
    }

private:
    std::string textOf(const Argument& argument) const
    {
        if (argument.isValue()) {
            return "%" + m_digests[toSize(argument.value())];
        }
        if (argument.isConstant()) {
            return placelessText(argument.constant());
        }
        std::string text = "[";
        for (const Argument& item : argument.list()) {
            text += textOf(item) + ",";
        }
        return text + "]";
    }

    const Graph& m_graph;
    std::vector<std::string> m_digests; ///< per value
};

std::string parameterDigest(const Parameter& parameter)
{
    BITLOOM_REQUIRE(!parameter.tensor.is_meta(), ErrorCode::InvalidArgument, "the parameter \"",
                    parameter.name, "\" has no data to take a fingerprint of");
    const at::Tensor data = parameter.tensor.detach().cpu().contiguous();
    std::string header = std::to_string(parameter.name.size()) + " " + parameter.name + " " +
                         c10::toString(data.scalar_type());
    for (const std::int64_t size : data.sizes()) {
        header += ' ';
        header += std::to_string(size);
    }
    Sha256 hash;
    hash.update(header + "\n");
    hash.update(bytesOfTensor(data));
    return hash.hexDigest();
}

} // namespace

std::string fingerprint(const Graph& graph)
{
    std::vector<const Parameter*> parameters;
    for (const Parameter& parameter : graph.parameters()) {
        parameters.push_back(&parameter);
    }
    std::ranges::sort(parameters, {}, [](const Parameter* parameter) { return parameter->name; });
    std::vector<std::string> digests(parameters.size());
    runTasks(static_cast<std::int64_t>(parameters.size()), at::get_num_threads(), {},
             [&](std::int64_t index) {
                 const auto i = static_cast<std::size_t>(index);
                 digests[i] = parameterDigest(*parameters[i]);
             });
    Sha256 hash;
    hash.update("bitloom graph 1\n");
    hash.update(StructureHasher(graph).text());
    for (const std::string& digest : digests) {
        hash.update(digest + "\n");
    }
    return "sha256:" + hash.hexDigest();
}

} // namespace bitloom::graph
