// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFontMetricsF>

#include <cmath>

namespace bitloom::ui {

/// Free space inside a chart's edges, in pixels: titles, labels and cells of all charts start at
/// the same place.
inline constexpr double kMargin = 12;

/// Height of one line of text in whole pixels.
inline double lineHeight(const QFont& font)
{
    return std::ceil(QFontMetricsF(font).height());
}

} // namespace bitloom::ui
