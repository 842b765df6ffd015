// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/methods/method.h"

#include <string_view>
#include <vector>

namespace bitloom {

/// All methods there are, in the order in which they are offered.
const std::vector<const Method*>& methods();
/// Errors: InvalidArgument with the names there are.
const Method& searchMethod(std::string_view name);

} // namespace bitloom
