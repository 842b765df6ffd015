// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bitloom::cli {

/// A table for a terminal: the first column is left-aligned, the others right-aligned.
class TextTable {
public:
    explicit TextTable(std::vector<std::string> header);
    void addRow(std::vector<std::string> cells);
    std::string toString() const;

private:
    std::vector<std::vector<std::string>> m_rows; ///< the first one is the header
};

/// "11.7 M", "1.81 G": three significant digits with SI prefixes of 1000.
std::string formatCount(double value);
/// "4.10 MB" (1000-based), "812 B".
std::string formatBytes(std::int64_t bytes);
/// "3 x 32 x 32".
std::string formatShape(const std::vector<std::int64_t>& shape);
/// "1 layer", "3 layers".
std::string countOf(std::size_t count, const std::string& noun);
std::string formatFixed(double value, int decimals);
/// Four significant digits: "0.01234", "1.2e-07".
std::string formatSignificant(double value);
/// Of a plan: "4", "float", "pruned".
std::string formatBits(int bits);

} // namespace bitloom::cli
