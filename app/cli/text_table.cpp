// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/text_table.h"

#include "core/types/quant_spec.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <sstream>
#include <utility>

namespace bitloom::cli {

TextTable::TextTable(std::vector<std::string> header) : m_rows{std::move(header)}
{
}

void TextTable::addRow(std::vector<std::string> cells)
{
    m_rows.push_back(std::move(cells));
}

std::string TextTable::toString() const
{
    std::vector<std::size_t> widths(m_rows.front().size(), 0);
    for (const auto& row : m_rows) {
        for (std::size_t column = 0; column < widths.size(); ++column) {
            widths[column] = std::max(widths[column], row[column].size());
        }
    }
    std::string text;
    for (const auto& row : m_rows) {
        std::string line;
        for (std::size_t column = 0; column < widths.size(); ++column) {
            const std::string padding(widths[column] - row[column].size(), ' ');
            line += column == 0 ? row[column] + padding : "  " + padding + row[column];
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    }
    return text;
}

namespace {
std::string threeDigits(double value)
{
    const double magnitude = std::abs(value);
    return formatFixed(value, magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : 2);
}
} // namespace

std::string formatCount(double value)
{
    constexpr std::array<const char*, 5> prefixes{"", " k", " M", " G", " T"};
    std::size_t index = 0;
    while (std::abs(value) >= 999.5 && index + 1 < prefixes.size()) {
        value /= 1000;
        ++index;
    }
    return index == 0 ? formatFixed(value, 0) : threeDigits(value) + prefixes[index];
}

std::string formatBytes(std::int64_t bytes)
{
    const std::string count = formatCount(static_cast<double>(bytes));
    return count + (count.find(' ') == std::string::npos ? " B" : "B");
}

std::string formatShape(const std::vector<std::int64_t>& shape)
{
    std::string text;
    for (const std::int64_t size : shape) {
        text += (text.empty() ? "" : " x ") + std::to_string(size);
    }
    return text.empty() ? "-" : text;
}

std::string countOf(std::size_t count, const std::string& noun)
{
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string formatFixed(double value, int decimals)
{
    std::ostringstream out;
    out.precision(decimals);
    out << std::fixed << value;
    return out.str();
}

std::string formatSignificant(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

std::string formatBits(int bits)
{
    return bits == kFloatBits ? "float" : bits == kPrunedBits ? "pruned" : std::to_string(bits);
}

} // namespace bitloom::cli
