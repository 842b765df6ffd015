// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// Numbers that a run wrote down along its way: one row per step that was recorded.
struct HistorySeries {
    std::string name;                 ///< "losses", "gates", "ranges", ...
    std::vector<std::string> columns; ///< unique, e.g. "conv1.weight/4"
    std::vector<std::int64_t> steps;  ///< ascending, one per row
    std::vector<float> values;        ///< rows x columns; NaN where a row lacks a number

    std::size_t rows() const { return steps.size(); }
    std::span<const float> row(std::size_t index) const;
    bool operator==(const HistorySeries&) const = default;
};

/// The history of a run, the same whether it is watched or read from its file later.
struct RunHistory {
    std::vector<HistorySeries> series;

    const HistorySeries* find(std::string_view name) const;
    /// A new series, or the one of this name if it has the same columns.
    /// Errors: InvalidArgument if it has others.
    HistorySeries& declare(std::string_view name, const std::vector<std::string>& columns);
    /// Errors: InvalidArgument for an unknown series, a number of values that is not that of its
    /// columns, or a step that is not after the last one.
    void append(std::string_view name, std::int64_t step, std::span<const float> values);
    /// Forgets every row after the step: a run goes on from there.
    void cutAfter(std::int64_t step);
    bool operator==(const RunHistory&) const = default;
};

} // namespace bitloom
