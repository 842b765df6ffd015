// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plot_drawing.h"

#include "widgets/plots/plot_header.h"
#include "widgets/plots/scene_hits.h"

#include <QPainter>
#include <QWidget>

namespace bitloom::ui {

PlotFrame PlotDrawing::layout(PlotAxes& axes, QSize size) const
{
    axes.setAxes(scene.x, scene.y, x, y);
    axes.setLook(theme, font);
    return axes.layout(size, PlotHeader(scene, font, size.width()).height(), !scene.marks.empty());
}

QStringList PlotDrawing::paint(QPainter& painter, const PlotAxes& axes, const PlotFrame& frame,
                               QSize size) const
{
    painter.fillRect(QRect(QPoint(0, 0), size), theme.base());
    painter.setRenderHint(QPainter::Antialiasing);
    if (isEmpty(scene)) {
        painter.setFont(font);
        painter.setPen(theme.dimText());
        painter.drawText(QRect(QPoint(0, 0), size).adjusted(24, 24, -24, -24),
                         Qt::AlignCenter | Qt::TextWordWrap, scene.emptyText);
        return {};
    }
    axes.paint(painter);
    PlotHeader(scene, font, size.width()).paint(painter, theme);
    ScenePainter scenePainter(scene, frame, theme, font);
    painter.save();
    painter.setClipRect(frame.area);
    scenePainter.paintInside(painter);
    painter.restore();
    scenePainter.paintMarks(painter);
    return scenePainter.drawnLabels();
}

void PlotDrawing::paintGuides(QPainter& painter, const PlotFrame& frame, int activeGuide) const
{
    const ScenePainter scenePainter(scene, frame, theme, font);
    for (const PlotGuide& guide : scene.guides) {
        scenePainter.paintGuide(painter, guide, guide.id == activeGuide);
    }
}

QFont captionFont(const QWidget& widget)
{
    QFont font = widget.font();
    if (font.pointSizeF() > 0) {
        font.setPointSizeF(font.pointSizeF() * 0.92);
    }
    return font;
}

} // namespace bitloom::ui
