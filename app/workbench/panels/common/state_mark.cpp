// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/common/state_mark.h"

#include "widgets/util/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <QPalette>

#include <algorithm>

namespace bitloom::workbench {

QColor markColour(Mark mark, const QPalette& palette)
{
    const ui::Theme theme(palette);
    switch (mark) {
    case Mark::Done:
        return theme.good();
    case Mark::Failed:
        return theme.error();
    case Mark::Running:
        return theme.weights();
    case Mark::Warning:
        return theme.text();
    case Mark::None:
    case Mark::Waiting:
    case Mark::Paused:
    case Mark::Stopped:
    case Mark::Command:
        break;
    }
    return theme.dimText();
}

void paintMark(QPainter& painter, const QRectF& rect, Mark mark, const QColor& colour)
{
    // Drawn on a grid of 16 units.
    const double side = std::min(rect.width(), rect.height());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(rect.center() - QPointF(side, side) / 2);
    painter.scale(side / 16, side / 16);
    const QPen line(colour, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    painter.setPen(line);
    painter.setBrush(Qt::NoBrush);
    switch (mark) {
    case Mark::None:
        break;
    case Mark::Waiting:
        painter.drawEllipse(QPointF(8, 8), 5.5, 5.5);
        painter.drawLine(QPointF(8, 5), QPointF(8, 8));
        painter.drawLine(QPointF(8, 8), QPointF(10.5, 9.5));
        break;
    case Mark::Running:
        painter.setBrush(colour);
        painter.drawPolygon(QPolygonF({QPointF(4.5, 3), QPointF(13, 8), QPointF(4.5, 13)}));
        break;
    case Mark::Paused:
        painter.setPen(QPen(colour, 2.6, Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(QPointF(5.5, 3), QPointF(5.5, 13));
        painter.drawLine(QPointF(10.5, 3), QPointF(10.5, 13));
        break;
    case Mark::Done:
        painter.setPen(QPen(colour, 2.2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPolyline(QPolygonF({QPointF(3, 8.5), QPointF(6.5, 12), QPointF(13, 4.5)}));
        break;
    case Mark::Failed:
        painter.setPen(QPen(colour, 2.2, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(QPointF(4, 4), QPointF(12, 12));
        painter.drawLine(QPointF(12, 4), QPointF(4, 12));
        break;
    case Mark::Stopped:
        painter.drawRoundedRect(QRectF(4, 4, 8, 8), 1.5, 1.5);
        break;
    case Mark::Warning:
        painter.drawPolygon(QPolygonF({QPointF(8, 2.5), QPointF(14, 13), QPointF(2, 13)}));
        painter.drawLine(QPointF(8, 6.3), QPointF(8, 9.3));
        painter.drawPoint(QPointF(8, 11.2));
        break;
    case Mark::Command:
        painter.drawPolyline(QPolygonF({QPointF(3, 4), QPointF(7, 8), QPointF(3, 12)}));
        painter.drawLine(QPointF(8.5, 12), QPointF(13, 12));
        break;
    }
    painter.restore();
}

QPixmap markPixmap(Mark mark, int size, const QColor& colour, double devicePixelRatio)
{
    QPixmap pixmap(QSize(size, size) * devicePixelRatio);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintMark(painter, QRectF(0, 0, size, size), mark, colour);
    return pixmap;
}

} // namespace bitloom::workbench
