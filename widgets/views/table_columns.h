// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

class QMenu;
class QTreeView;

namespace bitloom::ui {

/// Order, width and visibility of a table's columns and the sort order, as versioned JSON. Columns
/// are known by KeyRole, so columns of a later version find their place. Without widths, where the
/// view finds them itself.
QByteArray savedColumns(const QTreeView& view, bool withWidths = true);
/// False, and nothing changed, if the text is no such JSON or of a newer version.
bool restoreColumns(QTreeView& view, const QByteArray& json);

/// Hides a column for lack of room, or shows it again. Unlike one that the user hid, it stays in
/// copies and in exported numbers.
void setYielded(QTreeView& view, int column, bool yielded);
bool hasYielded(const QTreeView& view, int column);

/// A checkable entry per column but the first, which stays.
void fillColumnMenu(QMenu& menu, QTreeView& view);

} // namespace bitloom::ui
