// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/file_map.h"
#include "core/types/packed_detail.h"

#include <string>

namespace bitloom::cli {

/// Every region of the file in its order, and the sum of each kind.
std::string textOf(const FileMap& map);
/// How often each code occurs, and the errors against the float weights where they are known.
std::string textOf(const PackedDetail& detail);

} // namespace bitloom::cli
