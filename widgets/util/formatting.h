// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace bitloom::ui {

// Numbers as the window shows them: in the user's locale (QLocale()), three significant digits,
// units of 1000, a real minus sign. NaN, infinities and absent values are a dash: not known is
// never 0.

QString notKnown(); ///< the dash

/// "812", "40.6 M", "1.81 G".
QString formatCount(std::int64_t count);
/// Every digit, grouped: "25,557,032".
QString formatExact(std::int64_t count);
/// "915 B", "34.7 kB", "25.6 MB".
QString formatBytes(std::int64_t bytes);
/// "25,557,032 bytes".
QString formatExactBytes(std::int64_t bytes);
/// Three significant digits: "0.00123", "91.9", "4.50e−7".
QString formatSignificant(double value);
QString formatSignificant(const std::optional<double>& value);
/// Two decimals and the sign: "2.31 %".
QString formatPercent(double percent);
QString formatPercent(const std::optional<double>& percent);
/// Two decimals with their sign: "+0.10", "−0.42".
QString formatSigned(double value, int decimals = 2);
/// "7.41×"; a dash if the divisor is not positive.
QString formatRatio(double numerator, double divisor);
/// "0.4 s", "12 s", "3 min 20 s", "2 h 05 min".
QString formatDuration(double seconds);
/// "4", "FP32" for 32, "pruned" for 0.
QString formatBits(int bits);
/// "64 × 3 × 7 × 7".
QString formatShape(const std::vector<std::int64_t>& shape);
/// A name too long for a message or a narrow place: start and end stay, the middle goes.
QString shortened(const QString& text, int characters);

} // namespace bitloom::ui
