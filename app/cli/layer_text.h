// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/layer_detail.h"

#include <string>

namespace bitloom::cli {

/// A layer's ranges, grids and errors as tables for a terminal.
std::string textOf(const LayerDetail& detail);

} // namespace bitloom::cli
