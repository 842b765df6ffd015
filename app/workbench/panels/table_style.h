// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

class QTreeView;

namespace bitloom::workbench {

/// Rows of font height + 8 px, as all tables of the window have.
class RowDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// A flat list with columns: no frame, whole rows selected, smooth scrolling, copy by the keyboard
/// as lines with tabs. The name is what a screen reader says.
void setUpTable(QTreeView& view, const QString& accessibleName);

/// Monospace in the size of the program's font, for command lines and hashes.
QFont fixedFont();

/// The selected rows as lines, columns separated by tabs, raw numbers where a model has them.
QString selectedRowsAsText(const QTreeView& view);

} // namespace bitloom::workbench
