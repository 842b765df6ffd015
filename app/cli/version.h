// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace bitloom::cli {

/// The versions of the program, LibTorch, HDF5 and the instruction sets in use, one per line.
std::string versionText();

} // namespace bitloom::cli
