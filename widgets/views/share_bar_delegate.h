// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/row_delegate.h"

namespace bitloom::ui {

/// Shows BarRole as a bar beside the number.
class ShareBarDelegate final : public RowDelegate {
    Q_OBJECT
public:
    using RowDelegate::RowDelegate;

    /// The share that fills the whole bar, in (0, 1].
    void setFullScale(double share);
    double fullScale() const { return m_fullScale; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    double m_fullScale = 1;
};

} // namespace bitloom::ui
