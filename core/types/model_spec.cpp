// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/model_spec.h"

namespace bitloom {

bool namesArchitecture(std::string_view spec)
{
    return spec.starts_with(kArchitecturePrefix);
}

std::string specOfArchitecture(std::string_view name, std::string_view file)
{
    std::string spec(kArchitecturePrefix);
    spec += name;
    if (!file.empty()) {
        spec += '@';
        spec += file;
    }
    return spec;
}

std::string_view fileOfSpec(std::string_view spec)
{
    if (!namesArchitecture(spec)) {
        return spec;
    }
    const std::size_t at = spec.find('@');
    return at == std::string_view::npos ? std::string_view() : spec.substr(at + 1);
}

} // namespace bitloom
