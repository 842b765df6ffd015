// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/report/number_format.h"

#include <array>
#include <charconv>
#include <cmath>

namespace bitloom::report {

namespace {
constexpr std::string_view kMinus = "\u2212";
constexpr std::string_view kNoBreakSpace = "\u00a0";
constexpr std::string_view kThinSpace = "\u202f";
constexpr std::array<std::string_view, 7> kPrefixes = {"", "k", "M", "G", "T", "P", "E"};

std::string toText(double value, std::chars_format format, int precision)
{
    // Fixed notation of the largest double needs 309 digits before the point.
    std::array<char, 352> buffer{};
    const auto [end, error] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, precision);
    return error == std::errc() ? std::string(buffer.data(), end) : std::string(kDash);
}

/// The decimal exponent after rounding to this many significant digits: 999.6 with three digits
/// has 3.
int roundedExponent(double value, int digits)
{
    const std::string text = toText(value, std::chars_format::scientific, digits - 1);
    int exponent = 0;
    const std::size_t mark = text.find('e');
    const std::size_t start = mark + (text[mark + 1] == '+' ? 2 : 1);
    std::from_chars(text.data() + start, text.data() + text.size(), exponent);
    return exponent;
}

/// Real minus signs, and exponents without padding: "1e-05" becomes "1e−5".
std::string polish(const std::string& text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '-') {
            out += kMinus;
        } else if (text[i] != '+') {
            out += text[i];
        }
        const bool inExponent = i > 0 && (text[i] == '-' || text[i] == '+') && text[i - 1] == 'e';
        while (inExponent && i + 2 < text.size() && text[i + 1] == '0') {
            ++i;
        }
    }
    return out;
}

std::string significant(double value, int digits)
{
    if (!std::isfinite(value)) {
        return std::string(kDash);
    }
    if (value == 0) {
        return "0";
    }
    const int exponent = roundedExponent(value, digits);
    if (exponent < -3 || exponent > 5) {
        return polish(toText(value, std::chars_format::scientific, digits - 1));
    }
    return polish(toText(value, std::chars_format::fixed, std::max(0, digits - 1 - exponent)));
}

/// Three significant digits with a prefix of 1000, then the unit.
std::string scaled(double value, std::string_view unit, bool keepZeros)
{
    if (!std::isfinite(value)) {
        return std::string(kDash);
    }
    std::size_t prefix = 0;
    while (prefix + 1 < kPrefixes.size() && value != 0 && roundedExponent(value, 3) >= 3) {
        value /= 1000;
        ++prefix;
    }
    std::string text = formatTick(value);
    if (prefix > 0 && keepZeros) {
        text = significant(value, 3);
    }
    const std::string suffix = std::string(kPrefixes[prefix]).append(unit);
    return suffix.empty() ? text : text.append(kNoBreakSpace).append(suffix);
}
} // namespace

std::string formatSignificant(double value)
{
    return significant(value, 3);
}

std::string formatShort(double value)
{
    return significant(value, 2);
}

std::string formatTick(double value)
{
    if (!std::isfinite(value)) {
        return std::string(kDash);
    }
    // Six digits hide the last-bit noise of k * step; adding zero turns -0 into 0.
    return polish(toText(value + 0.0, std::chars_format::general, 6));
}

std::string formatPercent(double value)
{
    if (!std::isfinite(value)) {
        return std::string(kDash);
    }
    return polish(toText(value, std::chars_format::fixed, 2)).append(kNoBreakSpace) + "%";
}

std::string formatPercent(const std::optional<double>& value)
{
    return value ? formatPercent(*value) : std::string(kDash);
}

std::string formatSigned(double value)
{
    if (!std::isfinite(value)) {
        return std::string(kDash);
    }
    std::string text = toText(std::abs(value), std::chars_format::fixed, 2);
    if (text == "0.00") {
        return text;
    }
    return (value < 0 ? std::string(kMinus) : std::string("+")) + text;
}

std::string formatBytes(std::int64_t bytes)
{
    return scaled(static_cast<double>(bytes), "B", true);
}

std::string formatByteTick(double bytes)
{
    return scaled(bytes, "B", false);
}

std::string formatCount(std::int64_t count)
{
    return scaled(static_cast<double>(count), "", true);
}

std::string formatExact(std::int64_t value)
{
    const std::string digits = std::to_string(value);
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const std::size_t left = digits.size() - i;
        if (i > 0 && left % 3 == 0 && digits[i - 1] != '-') {
            out += kThinSpace;
        }
        out += digits[i];
    }
    return polish(out);
}

std::string formatRatio(double numerator, double divisor)
{
    if (!(divisor > 0) || !std::isfinite(numerator / divisor)) {
        return std::string(kDash);
    }
    return formatSignificant(numerator / divisor) + "\u00d7";
}

} // namespace bitloom::report
