// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace bitloom {

// What people name a model by: "FILE"; "arch:NAME", a built-in network with random weights;
// "arch:NAME@FILE", the same with the weights of a file.

inline constexpr std::string_view kArchitecturePrefix = "arch:";

/// True for "arch:NAME" and "arch:NAME@FILE".
bool namesArchitecture(std::string_view spec);
/// "arch:NAME@FILE"; without a file "arch:NAME".
std::string specOfArchitecture(std::string_view name, std::string_view file = {});
/// The path in "FILE" and "arch:NAME@FILE"; empty for "arch:NAME".
std::string_view fileOfSpec(std::string_view spec);

} // namespace bitloom
