// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QItemSelection>
#include <QModelIndexList>
#include <QSet>
#include <QString>

class QTreeView;

namespace bitloom::ui {

// Rows of a tree as sets: what is open, and what is selected as few ranges. The selection model
// compares ranges with each other, so its time is quadratic in their number, not in the rows'.

/// SortRole of the open rows whose ancestors are open too.
QSet<QString> openRows(const QTreeView& view);
void openOnly(QTreeView& view, const QSet<QString>& keys);

/// Brothers that follow each other as one range.
QItemSelection asRanges(QModelIndexList rows);
/// Every row that can be scrolled to: one range for the children of each open row.
QItemSelection shownRows(const QTreeView& view);

} // namespace bitloom::ui
