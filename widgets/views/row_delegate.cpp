// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/row_delegate.h"

#include "widgets/views/cell_painting.h"

#include <QApplication>
#include <QStyle>

#include <algorithm>

namespace bitloom::ui {

QSize RowDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setHeight(std::max(rowHeight(option.fontMetrics), size.height()));
    return size;
}

void RowDelegate::paintGround(QPainter& painter, QStyleOptionViewItem& option,
                              const QModelIndex& index) const
{
    initStyleOption(&option, index);
    option.text.clear();
    option.features.setFlag(QStyleOptionViewItem::HasCheckIndicator, false);
    const QStyle* style = option.widget != nullptr ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &option, &painter, option.widget);
}

} // namespace bitloom::ui
