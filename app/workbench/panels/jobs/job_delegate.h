// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/row_delegate.h"

namespace bitloom::workbench {

/// Paints the sign before a job's status and the bar of its progress; the outcome of an ended job
/// runs on over the columns of its progress and rate.
class JobDelegate final : public ui::RowDelegate {
    Q_OBJECT
public:
    using RowDelegate::RowDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

/// A flat progress bar with its share as text at the right.
void paintProgress(QPainter& painter, const QRectF& rect, double fraction, const QColor& bar,
                   const QColor& text, const QFont& font);

} // namespace bitloom::workbench
