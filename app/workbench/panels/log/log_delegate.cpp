// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/log/log_delegate.h"

#include "app/workbench/panels/log/log_model.h"

#include <QApplication>
#include <QPainter>

#include <utility>

namespace bitloom::workbench {

void LogDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    ui::RowDelegate::initStyleOption(option, index);
    option->text.replace(u'\n', QStringLiteral("  "));
    if (index.column() != static_cast<int>(LogColumn::Text)) {
        option->palette.setColor(QPalette::Text, option->palette.color(QPalette::PlaceholderText));
    }
}

void LogDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const
{
    if (index.column() != static_cast<int>(LogColumn::Level)) {
        ui::RowDelegate::paint(painter, option, index);
        return;
    }
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const QString text = std::exchange(item.text, QString());
    const QStyle* style = item.widget != nullptr ? item.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);
    const auto mark = static_cast<Mark>(index.data(LogModel::MarkRole).toInt());
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QColor textColour =
        item.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
    const int side = option.fontMetrics.ascent() - 1;
    paintMark(*painter,
              QRect(option.rect.left() + 4, option.rect.top(), side, option.rect.height()), mark,
              selected ? textColour : markColour(mark, option.palette));
    painter->save();
    painter->setFont(item.font);
    painter->setPen(textColour);
    painter->drawText(option.rect.adjusted(side + 10, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                      text);
    painter->restore();
}

} // namespace bitloom::workbench
