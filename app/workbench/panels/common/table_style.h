// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QList>
#include <QString>

class QTreeView;

namespace bitloom::workbench {

/// A flat list with columns: no frame, whole rows selected, smooth scrolling, copy by the keyboard
/// as lines with tabs. The name is what a screen reader says.
void setUpTable(QTreeView& view, const QString& accessibleName);

/// Numbers get the room that they need, names in the first column as many characters as given; a
/// table that is wider than its panel scrolls.
void sizeColumns(QTreeView& view, int nameCharacters);

/// For a table that is better narrow than scrolled sideways: these columns give way, the first one
/// first, as long as the others do not fit; the first column of the table takes what is left.
/// Pictures have the columns that are in sight, copies and exported numbers all. After setModel().
void yieldColumns(QTreeView& view, const QList<int>& order);

/// Monospace in the size of the program's font, for command lines and hashes.
QFont fixedFont();

} // namespace bitloom::workbench
