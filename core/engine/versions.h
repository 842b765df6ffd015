// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace bitloom::engine {

/// The versions of the program and of the libraries that results depend on, in one line.
std::string libraryVersions();

} // namespace bitloom::engine
