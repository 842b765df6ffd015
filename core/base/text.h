// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// Shell-style match of a whole name: '*' any run of characters, '?' one character, '[abc]' one of
/// a set.
bool globMatches(std::string_view pattern, std::string_view name);

/// The candidates nearest to a misspelt name, best first, at most count of them, by edit distance.
std::vector<std::string>
nearestNames(std::string_view name, std::span<const std::string> candidates, std::size_t count = 3);

/// "a, b and c"; "none" for an empty list.
std::string joinForPeople(std::span<const std::string> items);

/// The first few of a long list: "a, b, c and 4 more".
std::string joinFirstForPeople(std::span<const std::string> items);

/// "(64, 3, 7, 7)": a tensor's shape in messages; "()" for a single value.
std::string shapeText(std::span<const std::int64_t> shape);

/// The shortest text that is read back as the same number; "nan", "inf", "-inf".
template <typename Number>
std::string shortestText(Number number)
{
    char text[32]; // the longest double has 24 characters
    return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

} // namespace bitloom
