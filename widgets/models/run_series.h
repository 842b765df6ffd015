// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/run_history.h"

#include <QPointF>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace bitloom::ui {

/// Index of a column by its name; nullopt: the series has none.
std::optional<std::size_t> columnOf(const HistorySeries& series, std::string_view name);

/// The last row at or before a step; nullopt: the series begins later or has no rows.
/// step absent: the last row.
std::optional<std::size_t> rowAt(const HistorySeries& series, std::optional<std::int64_t> step);

/// One column against the steps. A series of more rows than asked for becomes the lowest and the
/// highest value of each stretch of rows, in their order, so that no peak is lost; at most 2 points
/// per stretch. Gaps (NaN) stay gaps: a point whose y is NaN breaks the curve.
/// Cost: one pass over the rows.
std::vector<QPointF> thinnedColumn(const HistorySeries& series, std::size_t column,
                                   std::size_t stretches);

/// Rows at which a pointer may stop: every row, or this many evenly spread ones and the last.
std::vector<std::size_t> spreadRows(const HistorySeries& series, std::size_t most);

} // namespace bitloom::ui
