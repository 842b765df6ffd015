// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fnmatch.h>

namespace bitloom {

bool globMatches(std::string_view pattern, std::string_view name)
{
    return ::fnmatch(std::string(pattern).c_str(), std::string(name).c_str(), 0) == 0;
}

namespace {
std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitute});
        }
    }
    return row[b.size()];
}
} // namespace

std::vector<std::string> nearestNames(std::string_view name,
                                      std::span<const std::string> candidates, std::size_t count)
{
    std::vector<std::pair<std::size_t, std::string>> ranked;
    ranked.reserve(candidates.size());
    for (const std::string& candidate : candidates) {
        ranked.emplace_back(editDistance(name, candidate), candidate);
    }
    std::sort(ranked.begin(), ranked.end());
    std::vector<std::string> nearest;
    for (std::size_t i = 0; i < std::min(count, ranked.size()); ++i) {
        nearest.push_back(std::move(ranked[i].second));
    }
    return nearest;
}

std::string joinForPeople(std::span<const std::string> items)
{
    if (items.empty()) {
        return "none";
    }
    std::string text = items.front();
    for (std::size_t i = 1; i < items.size(); ++i) {
        text += (i + 1 == items.size() ? " and " : ", ") + items[i];
    }
    return text;
}

std::string joinFirstForPeople(std::span<const std::string> items)
{
    constexpr std::size_t kListed = 3;
    if (items.size() <= kListed + 1) {
        return joinForPeople(items);
    }
    std::vector<std::string> listed(items.begin(), items.begin() + kListed);
    listed.push_back(std::to_string(items.size() - kListed) + " more");
    return joinForPeople(listed);
}

std::string shapeText(std::span<const std::int64_t> shape)
{
    std::string text = "(";
    for (std::size_t i = 0; i < shape.size(); ++i) {
        text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    }
    return text + ")";
}

} // namespace bitloom
