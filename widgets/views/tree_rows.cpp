// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/tree_rows.h"

#include "widgets/models/roles.h"

#include <QTreeView>

#include <algorithm>

namespace bitloom::ui {

namespace {
/// Calls visit(row) for the children of the root and of each row for which it answered true.
template <typename Visit>
void walk(const QTreeView& view, const Visit& visit)
{
    const QAbstractItemModel& model = *view.model();
    QModelIndexList waiting{QModelIndex()};
    while (!waiting.isEmpty()) {
        const QModelIndex parent = waiting.takeLast();
        for (int row = 0; row < model.rowCount(parent); ++row) {
            const QModelIndex index = model.index(row, 0, parent);
            if (visit(index)) {
                waiting.append(index);
            }
        }
    }
}
} // namespace

QSet<QString> openRows(const QTreeView& view)
{
    QSet<QString> open;
    walk(view, [&](const QModelIndex& index) {
        if (view.isExpanded(index)) {
            open.insert(index.data(SortRole).toString());
            return true;
        }
        return false;
    });
    return open;
}

void openOnly(QTreeView& view, const QSet<QString>& keys)
{
    view.collapseAll();
    walk(view, [&](const QModelIndex& index) {
        if (keys.contains(index.data(SortRole).toString())) {
            view.expand(index);
            return true;
        }
        return false;
    });
}

QItemSelection asRanges(QModelIndexList rows)
{
    std::sort(rows.begin(), rows.end(), [](const QModelIndex& a, const QModelIndex& b) {
        return a.parent() == b.parent() ? a.row() < b.row() : a.parent() < b.parent();
    });
    QItemSelection selection;
    for (qsizetype first = 0; first < rows.size();) {
        qsizetype last = first;
        while (last + 1 < rows.size() && rows[last + 1].parent() == rows[first].parent() &&
               rows[last + 1].row() == rows[last].row() + 1) {
            ++last;
        }
        selection.append(QItemSelectionRange(rows[first], rows[last]));
        first = last + 1;
    }
    return selection;
}

QItemSelection shownRows(const QTreeView& view)
{
    const QAbstractItemModel& model = *view.model();
    QItemSelection selection;
    const auto addChildren = [&](const QModelIndex& parent) {
        if (const int rows = model.rowCount(parent); rows > 0) {
            selection.append(
                QItemSelectionRange(model.index(0, 0, parent), model.index(rows - 1, 0, parent)));
        }
    };
    addChildren({});
    walk(view, [&](const QModelIndex& index) {
        const bool open = view.isExpanded(index);
        if (open) {
            addChildren(index);
        }
        return open;
    });
    return selection;
}

} // namespace bitloom::ui
