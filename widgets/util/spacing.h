// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace bitloom::ui {

/// Between controls that stand together, in pixels.
inline constexpr int kGap = 8;
/// Between what belongs less closely together, such as the parts of a dialog.
inline constexpr int kWideGap = 12;

} // namespace bitloom::ui
