// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace bitloom::io {

/// What the first line of an events file says (docs/formats.md).
inline constexpr std::string_view kRunEventsFormat = "bitloom.run_events";
inline constexpr int kRunEventsVersion = 1;

} // namespace bitloom::io
