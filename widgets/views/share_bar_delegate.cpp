// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/share_bar_delegate.h"

#include "widgets/models/roles.h"
#include "widgets/util/formatting.h"
#include "widgets/views/cell_painting.h"

namespace bitloom::ui {

void ShareBarDelegate::setFullScale(double share)
{
    m_fullScale = share > 0 && share <= 1 ? share : 1;
}

void ShareBarDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const
{
    const QVariant share = index.data(BarRole);
    if (!share.isValid()) {
        RowDelegate::paint(painter, option, index);
        return;
    }
    QStyleOptionViewItem ground(option);
    paintGround(*painter, ground, index);
    paintShareBar(*painter, option.rect, share.toDouble() / m_fullScale, index.data().toString(),
                  option.palette, (option.state & QStyle::State_Selected) != 0, ground.font);
}

QSize ShareBarDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QSize size = RowDelegate::sizeHint(option, index);
    size.setWidth(option.fontMetrics.horizontalAdvance(formatPercent(100)) + 48 + 3 * kCellMargin);
    return size;
}

} // namespace bitloom::ui
