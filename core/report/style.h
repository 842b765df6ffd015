// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace bitloom::report {

/// The rules shared by all pictures, for light and dark; each standalone picture carries them, a
/// page once.
std::string pictureStyle();
/// The rules of the page around them.
std::string pageStyle();

} // namespace bitloom::report
