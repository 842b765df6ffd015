// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/evaluate/change_delegate.h"

#include "app/workbench/panels/evaluate/class_change_model.h"
#include "widgets/util/theme.h"
#include "widgets/views/cell_painting.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace bitloom::workbench {

void ChangeDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const
{
    const QVariant share = index.data(ClassChangeModel::ChangeRole);
    if (!share.isValid()) {
        RowDelegate::paint(painter, option, index);
        return;
    }
    QStyleOptionViewItem item = option;
    paintGround(*painter, item, index);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QColor text = option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
    const int numberWidth =
        option.fontMetrics.horizontalAdvance(QStringLiteral("\u2212100.00")) + ui::kCellMargin;
    const QRectF room =
        option.rect.adjusted(ui::kCellMargin, 4, -numberWidth - ui::kCellMargin, -4);
    painter->save();
    if (room.width() > 12) {
        const double middle = std::round(room.center().x());
        const double length = share.toDouble() * room.width() / 2;
        const ui::Theme theme(option.palette);
        if (std::abs(length) >= 0.5) {
            QRectF bar(middle, room.top(), length, room.height());
            painter->fillRect(bar.normalized(),
                              selected ? text : theme.difference(length < 0 ? 0.85 : -0.85));
        }
        QColor axis = text;
        axis.setAlphaF(0.4F);
        painter->setPen(axis);
        painter->drawLine(QPointF(middle, option.rect.top() + 2),
                          QPointF(middle, option.rect.bottom() - 2));
    }
    painter->setPen(text);
    painter->setFont(item.font);
    painter->drawText(option.rect.adjusted(0, 0, -ui::kCellMargin, 0),
                      Qt::AlignRight | Qt::AlignVCenter, index.data().toString());
    painter->restore();
}

} // namespace bitloom::workbench
