// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/conversion.h"

#include <string>

namespace CLI {
class App;
}

namespace bitloom::cli {

/// What becomes of each tensor, then of the file, and how large the output will be.
std::string textOf(const ConversionReport& report);

/// --dtype, of outputs that are state dicts.
void declareDtype(CLI::App& app, std::string& dtype);

} // namespace bitloom::cli
