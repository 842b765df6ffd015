// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_scene.h"
#include "widgets/util/theme.h"

#include <QFont>
#include <QRectF>

class QPainter;

namespace bitloom::ui {

QColor colourOf(PlotColour colour, const Theme& theme);
/// One mark, centred; hollow marks are filled with the ground so that lines end at their edge.
void paintMark(QPainter& painter, QPointF centre, const PointSeries& series, const Theme& theme);

/// The lines above the axes: caption in words, title of the y axis, key of the series.
class PlotHeader {
public:
    PlotHeader(const PlotScene& scene, const QFont& font, double width);

    int height() const { return m_height; }
    void paint(QPainter& painter, const Theme& theme) const;

private:
    struct Entry {
        QRectF place; ///< mark and text
        QString text;
        const PointSeries* series = nullptr; ///< null: a line or a block of the colour
        const PlotGuide* guide = nullptr;
        const CurveSeries* curve = nullptr;
        PlotColour colour = PlotColour::Weights;
    };
    const PlotScene& m_scene;
    QFont m_font;
    double m_width;
    double m_line = 0;
    QRectF m_caption;
    QRectF m_title;
    std::vector<Entry> m_entries;
    int m_height = 0;
};

} // namespace bitloom::ui
