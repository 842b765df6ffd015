// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/row_delegate.h"

namespace bitloom::ui {

/// Shows BitsRole as a chip of the width's colour and edits with a list of the legal widths.
///
/// A choice is told by bitsPicked and not written to the model, because a view may apply it to all
/// selected rows as one step.
class BitDelegate final : public RowDelegate {
    Q_OBJECT
public:
    using RowDelegate::RowDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    /// Null where LegalBitsRole is empty.
    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const override;
    void setEditorData(QWidget* editor, const QModelIndex& index) const override;
    void setModelData(QWidget* editor, QAbstractItemModel* model,
                      const QModelIndex& index) const override;

Q_SIGNALS:
    void bitsPicked(const QModelIndex& index, int bits) const;
};

} // namespace bitloom::ui
