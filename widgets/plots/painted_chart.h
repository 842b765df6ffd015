// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/util/picture.h"
#include "widgets/util/refresh_gate.h"
#include "widgets/util/theme.h"

#include <QFont>
#include <QRectF>
#include <QWidget>

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

/// A small chart without axes, painted by a function: hover, keyboard, export.
///
/// Keys: arrows go to the nearest part in that direction, Return or Space activates it.
class PaintedChart : public QWidget {
    Q_OBJECT
public:
    explicit PaintedChart(QWidget* parent = nullptr);

    void setEmptyText(const QString& text);
    std::optional<QRectF> spotPlace(int id) const; ///< in the widget's coordinates
    int spotCount() const;
    int currentSpot() const; ///< id; -1: none

    Picture picture(const QString& name) const;
    virtual QString csv() const = 0;

Q_SIGNALS:
    void spotActivated(int id);

protected:
    /// Lays out and, with a painter, paints into (0, 0, size); returns the parts. It must hold what
    /// it needs: pictures call it when the widget may be gone. No parts: the empty text is shown.
    using Drawing =
        std::function<std::vector<HotSpot>(QPainter*, QSize, const Theme&, const QFont&)>;
    void setDrawing(Drawing drawing);
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void relayout();
    const HotSpot* spotAt(QPointF position) const;
    const HotSpot* spotOf(int id) const;
    void setCurrent(int id);

    Drawing m_drawing;
    std::vector<HotSpot> m_spots;
    Theme m_theme;
    QString m_emptyText;
    int m_current = -1;
    int m_hovered = -1;
    mutable RefreshGate m_gate; ///< asking for a place lays out what waits to be shown
};

} // namespace bitloom::ui
