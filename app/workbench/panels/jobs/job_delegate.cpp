// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/jobs/job_delegate.h"

#include "app/workbench/panels/jobs/job_model.h"
#include "widgets/util/theme.h"

#include <QApplication>
#include <QLocale>
#include <QPainter>
#include <QTreeView>

#include <algorithm>
#include <cmath>

namespace bitloom::workbench {

namespace {
/// Status to rate: what an ended job has to say needs the room of columns that it leaves empty.
QRect statusSpan(const QStyleOptionViewItem& option)
{
    QRect span = option.rect;
    const auto* view = qobject_cast<const QTreeView*>(option.widget);
    if (view == nullptr) {
        return span;
    }
    const int first = static_cast<int>(JobColumn::Status);
    span.setLeft(view->columnViewportPosition(first));
    span.setWidth(0);
    for (int column = first; column <= static_cast<int>(JobColumn::Rate); ++column) {
        span.setWidth(span.width() + view->columnWidth(column)); // 0 for a hidden one
    }
    return span;
}
} // namespace

void paintProgress(QPainter& painter, const QRectF& rect, double fraction, const QColor& bar,
                   const QColor& text, const QFont& font)
{
    const QString share =
        QStringLiteral("%1\u00A0%").arg(QLocale().toString(static_cast<int>(100 * fraction)));
    const double textWidth =
        QFontMetricsF(font).horizontalAdvance(QStringLiteral("100\u00A0%")) + 8;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QRectF track = rect.adjusted(4, 0, -textWidth - 4, 0);
    track.setTop(std::round(rect.center().y() - 3));
    track.setHeight(6);
    QColor ground = text;
    ground.setAlphaF(0.18F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(track, 3, 3);
    if (fraction > 0) {
        QRectF done = track;
        done.setWidth(std::max(6.0, track.width() * fraction));
        painter.setBrush(bar);
        painter.drawRoundedRect(done, 3, 3);
    }
    painter.setPen(text);
    painter.setFont(font);
    painter.drawText(rect.adjusted(0, 0, -4, 0), Qt::AlignRight | Qt::AlignVCenter, share);
    painter.restore();
}

void JobDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const
{
    const auto column = static_cast<JobColumn>(index.column());
    const QModelIndex status = index.siblingAtColumn(static_cast<int>(JobColumn::Status));
    const bool ended = status.data(JobModel::EndedRole).toBool();
    const bool partOfStatus =
        column == JobColumn::Status ||
        (ended && (column == JobColumn::Progress || column == JobColumn::Rate));
    if (!partOfStatus && column != JobColumn::Progress) {
        ui::RowDelegate::paint(painter, option, index);
        return;
    }
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    item.text.clear();
    const QStyle* style = item.widget != nullptr ? item.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);

    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QColor textColour =
        option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
    if (!partOfStatus) {
        const QVariant fraction = index.data(JobModel::FractionRole);
        if (fraction.isValid()) {
            paintProgress(*painter, option.rect, fraction.toDouble(),
                          selected ? textColour : ui::Theme(option.palette).weights(), textColour,
                          item.font);
        }
        return;
    }
    const QRect span = ended ? statusSpan(option) : option.rect;
    const auto mark = static_cast<Mark>(status.data(JobModel::MarkRole).toInt());
    const int side = option.fontMetrics.ascent();
    painter->save();
    painter->setClipRect(option.rect, Qt::IntersectClip);
    paintMark(*painter, QRect(span.left() + 4, span.top(), side, span.height()), mark,
              selected ? textColour : markColour(mark, option.palette));
    const QRect textRect = span.adjusted(side + 10, 0, -4, 0);
    painter->setFont(item.font);
    painter->setPen(textColour);
    painter->drawText(
        textRect, Qt::AlignLeft | Qt::AlignVCenter,
        option.fontMetrics.elidedText(status.data().toString(), Qt::ElideRight, textRect.width()));
    painter->restore();
}

} // namespace bitloom::workbench
