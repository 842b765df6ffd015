// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/architecture_catalog.h"

#include "core/graph/architectures.h"

namespace bitloom::engine {

const std::vector<ArchitectureEntry>& architectureCatalog()
{
    static const std::vector<ArchitectureEntry> catalog = [] {
        std::vector<ArchitectureEntry> entries;
        for (const graph::ArchitectureInfo& info : graph::architectures()) {
            entries.push_back(
                {info.name, info.description, info.inputShape, info.numClasses, info.parameters});
        }
        return entries;
    }();
    return catalog;
}

} // namespace bitloom::engine
