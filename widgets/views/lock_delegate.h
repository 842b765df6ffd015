// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/row_delegate.h"

namespace bitloom::ui {

/// Shows Qt::CheckStateRole as a padlock: closed, half (some layers of a scope), or open in a faint
/// line under the pointer and on selected rows. A click or Space asks for the other state.
class LockDelegate final : public RowDelegate {
    Q_OBJECT
public:
    using RowDelegate::RowDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option,
                     const QModelIndex& index) override;

Q_SIGNALS:
    void lockPicked(const QModelIndex& index, bool locked);
};

} // namespace bitloom::ui
