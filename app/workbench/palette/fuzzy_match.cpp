// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/palette/fuzzy_match.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace bitloom::workbench {

namespace {
constexpr int kInARow = 8;
constexpr int kWordStart = 6;
constexpr int kTextStart = 4;
constexpr int kMostSkipped = 6; // a skipped character costs 1, more than this cost no more
constexpr int kNone = std::numeric_limits<int>::min() / 2;

bool startsWord(const QString& text, int at)
{
    if (at == 0) {
        return true;
    }
    const QChar before = text[at - 1];
    const QChar here = text[at];
    return !before.isLetterOrNumber() || (before.isLower() && here.isUpper()) ||
           (before.isLetter() && here.isDigit());
}

int valueOf(const QString& text, int at)
{
    if (at == 0) {
        return kWordStart + kTextStart;
    }
    return startsWord(text, at) ? kWordStart : 0;
}

/// score of row i (the first i + 1 characters of the pattern), column j (the last of them is
/// there).
class Table {
public:
    Table(int rows, int columns)
        : m_columns(static_cast<std::size_t>(columns)),
          m_scores(static_cast<std::size_t>(rows) * m_columns, kNone), m_from(m_scores.size(), -1)
    {
    }
    int& score(int row, int column) { return m_scores[at(row, column)]; }
    int& from(int row, int column) { return m_from[at(row, column)]; }

private:
    std::size_t at(int row, int column) const
    {
        return static_cast<std::size_t>(row) * m_columns + static_cast<std::size_t>(column);
    }
    std::size_t m_columns;
    std::vector<int> m_scores;
    std::vector<int> m_from; ///< column of the character before
};

void fill(Table& table, const QString& wanted, const QString& lower, const QString& text)
{
    for (int i = 0; i < wanted.size(); ++i) {
        for (int j = i; j < lower.size(); ++j) {
            if (lower[j] != wanted[i]) {
                continue;
            }
            if (i == 0) {
                table.score(i, j) = valueOf(text, j) - std::min(j, kMostSkipped);
                continue;
            }
            for (int k = i - 1; k < j; ++k) {
                const int before = table.score(i - 1, k);
                if (before == kNone) {
                    continue;
                }
                const int gap = j - k - 1;
                const int value =
                    before + valueOf(text, j) + (gap == 0 ? kInARow : -std::min(gap, kMostSkipped));
                if (value > table.score(i, j)) {
                    table.score(i, j) = value;
                    table.from(i, j) = k;
                }
            }
        }
    }
}
} // namespace

std::optional<FuzzyMatch> fuzzyMatch(const QString& pattern, const QString& text)
{
    const QString wanted = QString(pattern).remove(u' ').toLower();
    const QString lower = text.toLower();
    const int rows = static_cast<int>(wanted.size());
    const int columns = static_cast<int>(lower.size());
    if (rows == 0) {
        return FuzzyMatch{};
    }
    // A few letters change their length in lower case; positions would be off.
    if (rows > columns || lower.size() != text.size()) {
        return std::nullopt;
    }
    Table table(rows, columns);
    fill(table, wanted, lower, text);
    int best = 0;
    for (int j = 1; j < columns; ++j) {
        if (table.score(rows - 1, j) > table.score(rows - 1, best)) {
            best = j;
        }
    }
    if (table.score(rows - 1, best) == kNone) {
        return std::nullopt;
    }
    FuzzyMatch match{table.score(rows - 1, best), {}};
    for (int i = rows - 1; i >= 0; --i) {
        match.positions.insert(match.positions.begin(), best);
        best = table.from(i, best);
    }
    return match;
}

} // namespace bitloom::workbench
