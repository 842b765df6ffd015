// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/evaluate/flip_delegate.h"

#include "app/workbench/panels/evaluate/flip_model.h"
#include "widgets/util/theme.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>

namespace bitloom::workbench {

namespace {
constexpr int kPadding = 4;
}

QSize FlipDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const
{
    const int text = option.fontMetrics.horizontalAdvance(QStringLiteral("automobile \u2192"));
    return {std::max(FlipModel::kThumbnailSize, text) + 2 * kPadding,
            FlipModel::kThumbnailSize + 2 * option.fontMetrics.height() + 3 * kPadding};
}

void FlipDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const
{
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    item.text.clear();
    item.icon = QIcon();
    const QStyle* style = item.widget != nullptr ? item.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);

    const ui::Theme theme(option.palette);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QColor text = option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
    const QColor dim = selected ? text : theme.dimText();
    const int side = FlipModel::kThumbnailSize;
    const QRect frame(option.rect.left() + (option.rect.width() - side) / 2,
                      option.rect.top() + kPadding, side, side);
    painter->save();
    const auto picture = index.data(Qt::DecorationRole).value<QImage>();
    if (picture.isNull()) {
        painter->fillRect(frame, theme.grid());
    } else {
        // Small pictures are enlarged pixel by pixel: a blurred digit tells less.
        const QSize size = picture.size().scaled(frame.size(), Qt::KeepAspectRatio);
        const QRect place(
            frame.topLeft() + QPoint((side - size.width()) / 2, (side - size.height()) / 2), size);
        painter->drawImage(place, picture);
    }
    const int lineHeight = option.fontMetrics.height();
    QRect line(option.rect.left() + kPadding, frame.bottom() + kPadding,
               option.rect.width() - 2 * kPadding, lineHeight);
    const auto mark = static_cast<Mark>(index.data(FlipModel::MarkRole).toInt());
    const int markSide = option.fontMetrics.ascent();
    paintMark(*painter, QRect(line.left(), line.top(), markSide, line.height()), mark,
              selected ? text : markColour(mark, option.palette));
    painter->setFont(option.font);
    painter->setPen(text);
    const QRect answers = line.adjusted(markSide + 4, 0, 0, 0);
    painter->drawText(
        answers, Qt::AlignLeft | Qt::AlignVCenter,
        option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, answers.width()));
    line.translate(0, lineHeight);
    painter->setPen(dim);
    painter->drawText(
        line, Qt::AlignLeft | Qt::AlignVCenter,
        option.fontMetrics.elidedText(tr("is %1").arg(index.data(FlipModel::LabelRole).toString()),
                                      Qt::ElideRight, line.width()));
    painter->restore();
}

} // namespace bitloom::workbench
