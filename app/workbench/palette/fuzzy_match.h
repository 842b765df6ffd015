// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>
#include <vector>

namespace bitloom::workbench {

struct FuzzyMatch {
    int score = 0;              ///< higher is better; comparable for one pattern only
    std::vector<int> positions; ///< of the matched characters in the text, ascending
};

/// Whether all characters of the pattern occur in the text in their order, whatever lies between;
/// case and spaces of the pattern do not count. The alignment is the best one: characters in a row,
/// at the start of words ("dp" in "Duplicate plan"), early in the text. Empty pattern: score 0, no
/// positions. Cost: O(pattern * text * text).
std::optional<FuzzyMatch> fuzzyMatch(const QString& pattern, const QString& text);

} // namespace bitloom::workbench
