// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/passes/channel_flow.h"

#include "core/graph/passes/graph_rewriter.h"
#include "core/graph/passes/record_shapes.h"

#include <ATen/core/function_schema.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace bitloom::graph {
namespace {

using Shape = std::vector<std::int64_t>;

std::string_view baseName(const Node& node)
{
    return std::string_view(node.op).substr(0, node.op.find('.'));
}

bool isBinaryElementwise(std::string_view op)
{
    static const std::unordered_set<std::string_view> names{
        "aten::add", "aten::sub", "aten::mul", "aten::div", "aten::maximum", "aten::minimum"};
    return names.contains(op);
}

/// Works within a channel: leading axes keep their places.
bool isSpatial(std::string_view op)
{
    static const std::unordered_set<std::string_view> names{
        "aten::max_pool1d",          "aten::max_pool2d",          "aten::max_pool3d",
        "aten::avg_pool1d",          "aten::avg_pool2d",          "aten::avg_pool3d",
        "aten::adaptive_avg_pool1d", "aten::adaptive_avg_pool2d", "aten::adaptive_avg_pool3d",
        "aten::adaptive_max_pool1d", "aten::adaptive_max_pool2d", "aten::upsample_nearest1d",
        "aten::upsample_nearest2d",  "aten::upsample_bilinear2d", "aten::upsample_bicubic2d"};
    return names.contains(op);
}

std::int64_t product(const Shape& shape, std::size_t from, std::size_t to)
{
    std::int64_t result = 1;
    for (std::size_t i = from; i < to; ++i) {
        result *= shape[i];
    }
    return result;
}

/// The same channels in count positions each.
ChannelSources repeated(ChannelSources sources, std::int64_t count)
{
    sources.size *= count;
    for (ChannelSpan& span : sources.spans) {
        span.begin *= count;
        span.end *= count;
        span.repeat *= count;
    }
    return sources;
}

/// Positions [from, to) of the sources, moved to start at target.
void appendPart(const ChannelSources& sources, std::int64_t from, std::int64_t to,
                std::int64_t target, std::vector<ChannelSpan>& result)
{
    for (const ChannelSpan& span : sources.spans) {
        const std::int64_t begin = std::max(span.begin, from);
        const std::int64_t end = std::min(span.end, to);
        if (begin >= end) {
            continue;
        }
        ChannelSpan part = span;
        part.begin = begin - from + target;
        part.end = end - from + target;
        // A cut inside a repeated channel cannot be said by one span.
        if ((begin - span.begin) % span.repeat != 0) {
            part.layer = ChannelSpan::kUnknown;
        }
        part.firstChannel += (begin - span.begin) / span.repeat;
        result.push_back(part);
    }
}

class FlowFinder {
public:
    FlowFinder(const Graph& graph, const std::vector<LayerSite>& layers)
        : m_graph(graph), m_layers(layers), m_sources(graph.values().size()),
          m_readers(countReaders(graph))
    {
        std::vector<ValueIndex> wanted;
        for (const ValueIndex input : graph.inputs()) {
            if (m_readers[toSize(input)] > 0) {
                wanted.push_back(input);
            }
        }
        for (const Node& node : graph.nodes()) {
            for (std::size_t k = 0; k < node.outputs.size(); ++k) {
                const auto& returns = node.kernel->schema().returns();
                if (k < returns.size() && returns[k].type()->kind() == c10::TypeKind::TensorType) {
                    wanted.push_back(node.outputs[k]);
                }
            }
        }
        m_recorded = recordTensors(graph, wanted);
        for (std::size_t l = 0; l < layers.size(); ++l) {
            m_layerOfNode.emplace(layers[l].node, l);
        }
    }

    std::vector<LayerChannels> find()
    {
        m_channels.resize(m_layers.size());
        for (const ValueIndex input : m_graph.inputs()) {
            m_sources[toSize(input)] = unknown(input);
        }
        for (std::size_t i = 0; i < m_graph.nodes().size(); ++i) {
            const Node& node = m_graph.nodes()[i];
            for (const ValueIndex output : node.outputs) {
                m_sources[toSize(output)] = unknown(output);
            }
            const auto layer = m_layerOfNode.find(NodeIndex{static_cast<std::int32_t>(i)});
            std::optional<ChannelSources> result =
                layer != m_layerOfNode.end() ? throughLayer(layer->second, node) : through(node);
            if (result) {
                m_sources[toSize(node.outputs.front())] = std::move(*result);
            }
        }
        markOutputs();
        return std::move(m_channels);
    }

private:
    const Shape& shapeOf(ValueIndex value) const
    {
        static const Shape none;
        const auto found = m_recorded.find(value);
        return found == m_recorded.end() ? none : found->second.shape;
    }

    ChannelSources unknown(ValueIndex value) const
    {
        const Shape& shape = shapeOf(value);
        ChannelSources sources;
        sources.axis = shape.size() > 1 ? 1 : 0;
        sources.size = shape.empty() ? 0 : shape[static_cast<std::size_t>(sources.axis)];
        sources.spans = {{ChannelSpan::kUnknown, 0, 0, sources.size, 1}};
        return sources;
    }

    /// What an operator reads from its first argument; the chain ends where others read it too.
    std::optional<ChannelSources> firstOf(const Node& node) const
    {
        if (node.args.empty() || !node.args.front().isValue()) {
            return std::nullopt;
        }
        return read(node.args.front().value());
    }

    ChannelSources read(ValueIndex value) const
    {
        ChannelSources sources = m_sources[toSize(value)];
        sources.isChain = sources.isChain && m_readers[toSize(value)] == 1;
        return sources;
    }

    std::optional<ChannelSources> throughLayer(std::size_t index, const Node& node)
    {
        const LayerSite& site = m_layers[index];
        LayerChannels& layer = m_channels[index];
        layer.inputSources = read(site.inputs.front().value);
        if (!site.weight) {
            return std::nullopt;
        }
        const Shape& output = shapeOf(node.outputs.front());
        const bool isConv = site.kind == LayerKind::Conv || site.kind == LayerKind::ConvTranspose;
        ChannelSources sources;
        sources.axis = isConv ? 1 : static_cast<int>(output.size()) - 1;
        sources.size = output[static_cast<std::size_t>(sources.axis)];
        layer.outputs = sources.size;
        layer.inputs = layer.inputSources.size;
        if (layer.inputSources.axis != expectedInputAxis(site)) {
            layer.inputSources = unknownInput(site);
            layer.inputs = layer.inputSources.size;
        }
        layer.isDepthwise = site.groups > 1 && site.groups == layer.inputs;
        if (layer.isDepthwise) {
            return repeated(layer.inputSources, layer.outputs / layer.inputs);
        }
        sources.spans = {{index, 0, 0, sources.size, 1}};
        sources.isChain = true;
        return sources;
    }

    int expectedInputAxis(const LayerSite& site) const
    {
        const bool isLinear = site.kind == LayerKind::Linear;
        return isLinear ? static_cast<int>(shapeOf(site.inputs.front().value).size()) - 1 : 1;
    }

    ChannelSources unknownInput(const LayerSite& site) const
    {
        ChannelSources sources;
        sources.axis = expectedInputAxis(site);
        sources.size = shapeOf(site.inputs.front().value)[static_cast<std::size_t>(sources.axis)];
        sources.spans = {{ChannelSpan::kUnknown, 0, 0, sources.size, 1}};
        return sources;
    }

    std::optional<ChannelSources> through(const Node& node) const
    {
        const std::string_view op = baseName(node);
        if (op == "aten::cat") {
            return concatenated(node);
        }
        std::optional<ChannelSources> first = firstOf(node);
        if (!first) {
            return std::nullopt;
        }
        const Shape& output = shapeOf(node.outputs.front());
        if (isUnaryElementwise(node) || (isSpatial(op) && first->axis < 2)) {
            return first;
        }
        if (isBinaryElementwise(op)) {
            return combined(node, std::move(*first));
        }
        if (op == "aten::flatten" || op == "aten::reshape" || op == "aten::view" ||
            op == "aten::squeeze" || op == "aten::unsqueeze" || op == "aten::unflatten") {
            return reshaped(std::move(*first), shapeOf(node.args.front().value()), output);
        }
        if (op == "aten::permute" || op == "aten::transpose" || op == "aten::t") {
            return permuted(node, std::move(*first));
        }
        if (op == "aten::mean" || op == "aten::amax") {
            return reduced(node, std::move(*first));
        }
        if (op == "aten::slice") {
            return sliced(node, std::move(*first));
        }
        if (op == "aten::constant_pad_nd") {
            return padded(node, std::move(*first));
        }
        return std::nullopt;
    }

    std::int64_t normalized(std::int64_t dim, std::size_t rank) const
    {
        return dim < 0 ? dim + static_cast<std::int64_t>(rank) : dim;
    }

    std::optional<ChannelSources> combined(const Node& node, ChannelSources first) const
    {
        if (node.args.size() < 2 || !node.args[1].isValue() ||
            m_graph.value(node.args[1].value()).parameter) {
            return first; // a number, or a parameter that is the same for every input
        }
        const ValueIndex other = node.args[1].value();
        if (m_graph.value(node.args[0].value()).parameter) {
            return read(other);
        }
        const ChannelSources second = read(other);
        const auto fromEnd = [this](ValueIndex value, int axis) {
            return axis - static_cast<int>(shapeOf(value).size());
        };
        if (first.size != second.size ||
            fromEnd(node.args[0].value(), first.axis) != fromEnd(other, second.axis)) {
            return std::nullopt;
        }
        const bool isLonger = shapeOf(other).size() > shapeOf(node.args[0].value()).size();
        ChannelSources result = isLonger ? second : first;
        const ChannelSources& added = isLonger ? first : second;
        for (const ChannelSpan& span : added.spans) {
            if (std::ranges::find(result.spans, span) == result.spans.end()) {
                result.spans.push_back(span);
            }
        }
        result.isChain = false;
        return result;
    }

    /// Row-major reshapes that keep channels together: what lies before them stays, and what comes
    /// after may be drawn into them.
    static std::optional<ChannelSources> reshaped(ChannelSources sources, const Shape& from,
                                                  const Shape& to)
    {
        const auto axis = static_cast<std::size_t>(sources.axis);
        const std::int64_t before = product(from, 0, axis);
        const auto fits = [&](std::size_t candidate) {
            return candidate < to.size() && product(to, 0, candidate) == before &&
                   to[candidate] >= sources.size && to[candidate] % sources.size == 0 &&
                   sources.size > 0;
        };
        std::optional<std::size_t> found;
        for (std::size_t candidate = 0; candidate < to.size(); ++candidate) {
            if (fits(candidate) && (!found || candidate == axis)) {
                found = candidate;
            }
        }
        if (!found) {
            return std::nullopt;
        }
        sources.axis = static_cast<int>(*found);
        const std::int64_t times = to[*found] / sources.size;
        return repeated(std::move(sources), times);
    }

    std::optional<ChannelSources> permuted(const Node& node, ChannelSources sources) const
    {
        const std::size_t rank = shapeOf(node.args.front().value()).size();
        std::vector<std::int64_t> order(rank);
        for (std::size_t i = 0; i < rank; ++i) {
            order[i] = static_cast<std::int64_t>(i);
        }
        if (node.op == "aten::permute" && node.args[1].isConstant()) {
            order = node.args[1].constant().toIntVector();
        } else if (node.op == "aten::transpose.int" && node.args[1].isConstant() &&
                   node.args[2].isConstant()) {
            std::swap(
                order[static_cast<std::size_t>(normalized(node.args[1].constant().toInt(), rank))],
                order[static_cast<std::size_t>(normalized(node.args[2].constant().toInt(), rank))]);
        } else if (node.op == "aten::t" && rank == 2) {
            std::swap(order[0], order[1]);
        } else {
            return std::nullopt;
        }
        for (std::size_t i = 0; i < rank; ++i) {
            if (normalized(order[i], rank) == sources.axis) {
                sources.axis = static_cast<int>(i);
                return sources;
            }
        }
        return std::nullopt;
    }

    std::optional<ChannelSources> reduced(const Node& node, ChannelSources sources) const
    {
        const auto dims = argumentPosition(node, "dim");
        const auto keep = argumentPosition(node, "keepdim");
        if (!dims || !keep || !node.args[*dims].isConstant() || !node.args[*keep].isConstant() ||
            !node.args[*dims].constant().isIntList()) {
            return std::nullopt;
        }
        const std::size_t rank = shapeOf(node.args.front().value()).size();
        const int axis = sources.axis;
        for (const std::int64_t raw : node.args[*dims].constant().toIntVector()) {
            const std::int64_t dim = normalized(raw, rank);
            if (dim == axis) {
                return std::nullopt;
            }
            sources.axis -= dim < axis && !node.args[*keep].constant().toBool() ? 1 : 0;
        }
        return sources;
    }

    std::optional<ChannelSources> sliced(const Node& node, ChannelSources sources) const
    {
        const std::size_t rank = shapeOf(node.args.front().value()).size();
        if (!std::all_of(node.args.begin() + 1, node.args.end(),
                         [](const Argument& each) { return each.isConstant(); })) {
            return std::nullopt;
        }
        if (normalized(node.args[1].constant().toInt(), rank) != sources.axis) {
            return sources;
        }
        if (node.args[4].constant().toInt() != 1) {
            return std::nullopt;
        }
        const c10::IValue& start = node.args[2].constant();
        const std::int64_t size = sources.size;
        std::int64_t from = start.isNone() ? 0 : start.toInt();
        from = std::clamp(from < 0 ? from + size : from, std::int64_t{0}, size);
        const std::int64_t count =
            shapeOf(node.outputs.front())[static_cast<std::size_t>(sources.axis)];
        ChannelSources part{sources.axis, count, {}, false};
        appendPart(sources, from, from + count, 0, part.spans);
        return part;
    }

    std::optional<ChannelSources> padded(const Node& node, ChannelSources sources) const
    {
        if (!node.args[1].isConstant()) {
            return std::nullopt;
        }
        const std::vector<std::int64_t> pad = node.args[1].constant().toIntVector();
        const std::size_t rank = shapeOf(node.args.front().value()).size();
        const std::size_t position = 2 * (rank - 1 - static_cast<std::size_t>(sources.axis));
        if (position + 1 >= pad.size()) {
            return sources;
        }
        if (pad[position] < 0 || pad[position + 1] < 0) {
            return std::nullopt;
        }
        ChannelSources wider{
            sources.axis, sources.size + pad[position] + pad[position + 1], {}, false};
        appendPart(sources, 0, sources.size, pad[position], wider.spans);
        return wider;
    }

    std::optional<ChannelSources> concatenated(const Node& node) const
    {
        if (!node.args[0].isList() || node.args[0].list().empty() || !node.args[1].isConstant()) {
            return std::nullopt;
        }
        std::optional<ChannelSources> result;
        for (const Argument& item : node.args[0].list()) {
            if (!item.isValue()) {
                return std::nullopt;
            }
            const ChannelSources part = read(item.value());
            const std::int64_t dim =
                normalized(node.args[1].constant().toInt(), shapeOf(item.value()).size());
            if (!result) {
                result = ChannelSources{part.axis, 0, {}, false};
            }
            if (part.axis != result->axis) {
                return std::nullopt;
            }
            if (dim == part.axis) {
                appendPart(part, 0, part.size, result->size, result->spans);
                result->size += part.size;
            } else {
                appendPart(part, 0, part.size, 0, result->spans);
                result->size = part.size;
            }
        }
        return result;
    }

    /// Walks back from the network's results to the layers that give them.
    void markOutputs()
    {
        std::vector<ValueIndex> open = m_graph.outputs();
        std::unordered_set<ValueIndex> seen(open.begin(), open.end());
        while (!open.empty()) {
            const Value& value = m_graph.value(open.back());
            open.pop_back();
            if (!value.producer) {
                continue;
            }
            const auto layer = m_layerOfNode.find(*value.producer);
            if (layer != m_layerOfNode.end() && m_layers[layer->second].weight) {
                m_channels[layer->second].reachesOutput = true;
                continue;
            }
            for (const Argument& argument : m_graph.node(*value.producer).args) {
                forEachValue(argument, [&](ValueIndex read) {
                    if (seen.insert(read).second) {
                        open.push_back(read);
                    }
                });
            }
        }
    }

    const Graph& m_graph;
    const std::vector<LayerSite>& m_layers;
    std::unordered_map<ValueIndex, RecordedTensor> m_recorded;
    std::unordered_map<NodeIndex, std::size_t> m_layerOfNode;
    std::vector<ChannelSources> m_sources; ///< per value, set once its producer was visited
    std::vector<std::size_t> m_readers;
    std::vector<LayerChannels> m_channels;
};

} // namespace

bool isUnaryElementwise(const Node& node)
{
    static const std::unordered_set<std::string_view> names{
        "aten::relu",      "aten::relu6",   "aten::hardtanh",   "aten::leaky_relu",
        "aten::elu",       "aten::selu",    "aten::celu",       "aten::gelu",
        "aten::silu",      "aten::mish",    "aten::hardswish",  "aten::hardsigmoid",
        "aten::sigmoid",   "aten::tanh",    "aten::softplus",   "aten::prelu",
        "aten::threshold", "aten::dropout", "aten::clamp",      "aten::clamp_min",
        "aten::clamp_max", "aten::neg",     "aten::abs",        "aten::square",
        "aten::sqrt",      "aten::exp",     "aten::contiguous", "aten::clone",
        "aten::detach",    "aten::alias",   "aten::batch_norm", "aten::instance_norm",
        "aten::to",        "aten::pow"};
    return names.contains(baseName(node));
}

std::vector<LayerChannels> findChannelFlow(const Graph& graph, const std::vector<LayerSite>& layers)
{
    return FlowFinder(graph, layers).find();
}

} // namespace bitloom::graph
