// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bitloom::report {

/// What stands where nothing was measured.
inline constexpr std::string_view kDash = "\u2013";

/// Numbers as people read them: the same text whatever the process's locale, a real minus sign, and
/// kDash instead of NaN and infinities.

/// Three significant digits: "0.00123", "91.9", "1230", "4.50e−7".
std::string formatSignificant(double value);
/// Two significant digits, for narrow cells: "0.012", "3.4e−5".
std::string formatShort(double value);
/// Shortest text of a tick: "0.5", "20", "1e−5".
std::string formatTick(double value);
/// Two decimals and the sign: "2.31 %".
std::string formatPercent(double value);
std::string formatPercent(const std::optional<double>& value);
/// Two decimals with an explicit sign: "−0.42", "+0.10".
std::string formatSigned(double value);
/// Units of 1000, three significant digits: "915 B", "34.7 kB", "25.6 MB".
std::string formatBytes(std::int64_t bytes);
/// As formatBytes for a tick: no trailing zeros, "20 kB".
std::string formatByteTick(double bytes);
/// Units of 1000, three significant digits: "812", "40.6 M", "1.81 G".
std::string formatCount(std::int64_t count);
/// Every digit, in groups of three: "25 557 032".
std::string formatExact(std::int64_t value);
/// "7.41×"; a dash if the divisor is not positive.
std::string formatRatio(double numerator, double divisor);

} // namespace bitloom::report
