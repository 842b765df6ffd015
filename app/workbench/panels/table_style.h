// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QString>

class QTreeView;

namespace bitloom::workbench {

/// A flat list with columns: no frame, whole rows selected, smooth scrolling, copy by the keyboard
/// as lines with tabs. The name is what a screen reader says.
void setUpTable(QTreeView& view, const QString& accessibleName);

/// Numbers get the room that they need, names in the first column as many characters as given; a
/// table that is wider than its panel scrolls.
void sizeColumns(QTreeView& view, int nameCharacters);

/// Monospace in the size of the program's font, for command lines and hashes.
QFont fixedFont();

} // namespace bitloom::workbench
