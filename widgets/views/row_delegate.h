// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace bitloom::ui {

/// Cells of all tables: rows as high as the design says.
class RowDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

protected:
    /// Ground, selection and focus of a cell, without text and check mark; option gets what the
    /// model says.
    void paintGround(QPainter& painter, QStyleOptionViewItem& option,
                     const QModelIndex& index) const;
};

} // namespace bitloom::ui
