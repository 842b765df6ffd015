// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/method_catalog.h"

#include "core/methods/registry.h"

namespace bitloom::engine {

const std::vector<MethodDescription>& methodCatalog()
{
    static const std::vector<MethodDescription> catalog = [] {
        std::vector<MethodDescription> all;
        for (const Method* method : methods()) {
            all.push_back(method->description());
        }
        return all;
    }();
    return catalog;
}

const MethodDescription& methodNamed(std::string_view name)
{
    return searchMethod(name).description();
}

std::vector<RunWarning> runWarnings(std::string_view method, const RunHistory& history)
{
    for (const Method* each : methods()) {
        if (each->description().name == method) {
            return each->warnings(history);
        }
    }
    return {};
}

} // namespace bitloom::engine
