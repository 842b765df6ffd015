// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/part_chart.h"

#include <QFont>
#include <QRectF>

#include <functional>
#include <optional>
#include <vector>

namespace bitloom::ui {

/// A part of a chart that hover, click and keys reach.
struct HotSpot {
    QRectF place;
    int id = 0;
    QString tooltip; ///< also its description for screen readers
};

/// A small chart without axes, painted by a function.
///
/// Keys: arrows go to the nearest part in that direction, Return or Space activates it.
class PaintedChart : public PartChart {
    Q_OBJECT
public:
    explicit PaintedChart(QWidget* parent = nullptr);

    void setEmptyText(const QString& text);
    std::optional<QRectF> spotPlace(int id) const; ///< in the widget's coordinates
    int spotCount() const;
    QString textOf(int part) const override;

protected:
    /// Lays out and, with a painter, paints into (0, 0, size); returns the parts. It must hold what
    /// it needs: pictures call it when the widget may be gone. No parts: the empty text is shown.
    using Drawing =
        std::function<std::vector<HotSpot>(QPainter*, QSize, const Theme&, const QFont&)>;
    void setDrawing(Drawing drawing);
    void layOut() override;
    Painting painting() const override;
    void paintChart(QPainter& painter, int pointed) override;
    std::optional<Part> partAt(QPointF position) const override;
    std::optional<int> partTowards(int key) const override;
    QString idleText() const override;

private:
    const HotSpot* spotOf(int id) const;
    int spotTowards(QPointF direction) const;

    Drawing m_drawing;
    std::vector<HotSpot> m_spots;
    QString m_emptyText;
};

} // namespace bitloom::ui
