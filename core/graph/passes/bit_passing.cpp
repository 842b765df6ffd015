// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/passes/bit_passing.h"

#include "core/graph/passes/graph_rewriter.h"

#include <string_view>
#include <unordered_set>

namespace bitloom::graph {
namespace {

bool isConstantFalse(const Node& node, const std::string& name)
{
    const auto position = argumentPosition(node, name);
    return position && node.args[*position].isConstant() &&
           node.args[*position].constant().isBool() && !node.args[*position].constant().toBool();
}

bool padsWithZero(const Node& node)
{
    const auto position = argumentPosition(node, "value");
    if (!position || !node.args[*position].isConstant()) {
        return false;
    }
    const c10::IValue& value = node.args[*position].constant();
    return value.isNone() || (value.isScalar() && value.toScalar().toDouble() == 0);
}

} // namespace

bool passesBits(const Node& node)
{
    static const std::unordered_set<std::string_view> movers{
        // moved
        "aten::flatten", "aten::unflatten", "aten::view", "aten::reshape", "aten::squeeze",
        "aten::unsqueeze", "aten::permute", "aten::transpose", "aten::t", "aten::numpy_T",
        "aten::movedim", "aten::swapaxes", "aten::expand", "aten::slice", "aten::select",
        "aten::narrow", "aten::contiguous", "aten::clone", "aten::detach", "aten::alias",
        "aten::channel_shuffle", "aten::pixel_shuffle", "aten::pixel_unshuffle",
        "aten::upsample_nearest1d", "aten::upsample_nearest2d",
        // pooled
        "aten::max_pool1d", "aten::max_pool2d", "aten::max_pool3d", "aten::avg_pool1d",
        "aten::avg_pool2d", "aten::avg_pool3d", "aten::adaptive_avg_pool1d",
        "aten::adaptive_avg_pool2d", "aten::adaptive_avg_pool3d", "aten::adaptive_max_pool1d",
        "aten::adaptive_max_pool2d", "aten::mean", "aten::amax"};
    const std::string_view op = std::string_view(node.op).substr(0, node.op.find('.'));
    if (op == "aten::dropout" || op == "aten::feature_dropout") {
        return isConstantFalse(node, "train");
    }
    if (op == "aten::constant_pad_nd" || op == "aten::pad") {
        return padsWithZero(node);
    }
    return movers.contains(op);
}

ValueIndex bitSource(const Graph& graph, ValueIndex value)
{
    while (graph.value(value).producer) {
        const Node& node = graph.node(*graph.value(value).producer);
        if (!passesBits(node) || !node.args.front().isValue()) {
            break;
        }
        value = node.args.front().value();
    }
    return value;
}

} // namespace bitloom::graph
