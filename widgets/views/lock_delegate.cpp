// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/lock_delegate.h"

#include "widgets/util/theme.h"
#include "widgets/views/cell_painting.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

namespace bitloom::ui {

namespace {
/// A padlock on a grid of 12 units; open: the shackle is lifted.
QPainterPath shackle(bool open)
{
    QPainterPath path;
    const qreal lift = open ? -2 : 0;
    path.moveTo(3.5, 6 + lift);
    path.lineTo(3.5, 4 + lift);
    path.arcTo(QRectF(3.5, 1.5 + lift, 5, 5), 180, -180);
    path.lineTo(8.5, open ? 4 + lift : 6);
    return path;
}

void paintLock(QPainter& painter, const QRect& cell, Qt::CheckState state, const QColor& colour,
               int size)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(cell.left() + kCellMargin, cell.top() + (cell.height() - size) / 2.0);
    painter.scale(size / 12.0, size / 12.0);
    painter.setPen(QPen(colour, 1.2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(shackle(state == Qt::Unchecked));
    const QRectF body(2, 6, 8, 5.5);
    if (state == Qt::PartiallyChecked) { // the lower half only
        painter.fillRect(QRectF(2, 8.75, 8, 2.75), colour);
    } else if (state == Qt::Checked) {
        painter.fillRect(body, colour);
    }
    painter.drawRoundedRect(body, 1, 1);
    painter.restore();
}
} // namespace

void LockDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const
{
    QStyleOptionViewItem ground(option);
    paintGround(*painter, ground, index);
    const auto state = static_cast<Qt::CheckState>(index.data(Qt::CheckStateRole).toInt());
    const bool selected = (option.state & QStyle::State_Selected) != 0;
    if (state == Qt::Unchecked && !selected && (option.state & QStyle::State_MouseOver) == 0) {
        return;
    }
    QColor colour = option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
    if (state == Qt::Unchecked) {
        colour.setAlphaF(0.6F);
    }
    paintLock(*painter, option.rect, state, colour, option.fontMetrics.ascent());
}

QSize LockDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QSize size = RowDelegate::sizeHint(option, index);
    size.setWidth(option.fontMetrics.ascent() + 2 * kCellMargin);
    return size;
}

bool LockDelegate::editorEvent(QEvent* event, QAbstractItemModel*,
                               const QStyleOptionViewItem& option, const QModelIndex& index)
{
    bool toggles = false;
    if (event->type() == QEvent::MouseButtonRelease) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        toggles = mouse->button() == Qt::LeftButton && mouse->modifiers() == Qt::NoModifier &&
                  option.rect.contains(mouse->position().toPoint());
    } else if (event->type() == QEvent::KeyPress) {
        toggles = static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space;
    }
    if (!toggles || (index.flags() & Qt::ItemIsUserCheckable) == 0) {
        return false;
    }
    Q_EMIT lockPicked(index, index.data(Qt::CheckStateRole).toInt() != Qt::Checked);
    return true;
}

} // namespace bitloom::ui
