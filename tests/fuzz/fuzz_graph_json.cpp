// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/graph_json.h"

#include <cstddef>
#include <cstdint>

/// Any text is either a graph, which can then be written again, or a bitloom::Error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    try {
        const bitloom::graph::Graph graph =
            bitloom::graph::graphFromJson({reinterpret_cast<const char*>(data), size}, {});
        const std::string text = bitloom::graph::toJson(graph);
        if (bitloom::graph::toJson(bitloom::graph::graphFromJson(text, {})) != text) {
            __builtin_trap();
        }
    } catch (const bitloom::Error&) {
    }
    return 0;
}
