// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_scene.h"
#include "widgets/util/picture.h"

#include <QWidget>

#include <functional>
#include <memory>
#include <optional>

namespace bitloom::ui {

/// A plot of a scene: axes, hover, selection, lines that can be dragged, zoom and pan, export.
///
/// Mouse: wheel zooms x, Ctrl+wheel both, Shift+wheel y; drag with the left or middle button pans;
/// double-click resets. Keys: arrows go from point to point, Return activates, Shift+arrows move
/// the guide, Page Down takes the next guide, + and - zoom, 0 resets, Escape leaves the point.
/// Where points can be brushed: drag with Ctrl, or without in brush mode, takes a rectangle of
/// them, Ctrl+arrows take it from point to point, Escape or a click where nothing is gives it up.
/// Draws at most 25 times a second and never while hidden. Colours follow the palette.
class Plot : public QWidget {
    Q_OBJECT
public:
    explicit Plot(QWidget* parent = nullptr);
    ~Plot() override;

    /// Shows a scene. The user's zoom stays; resetZoom() undoes it.
    void setScene(PlotScene scene);
    const PlotScene& scene() const;

    /// The text for a point under the pointer: what it is and what a click will do.
    void setTooltipProvider(std::function<QString(int id)> provider);
    /// The points with a selection ring.
    void setSelectedPoints(std::vector<int> ids);
    const std::vector<int>& selectedPoints() const;
    /// Whether a part of the plane can be brushed at all.
    void setBrushable(bool brushable);
    /// A plain drag brushes, too, instead of moving the plane.
    void setBrushMode(bool on);
    /// While data arrive, the axes only grow (in steps), so that the picture does not jump.
    void setLive(bool live);

    void resetZoom();
    bool isZoomed() const;
    AxisRange xRange() const;
    AxisRange yRange() const;

    /// Where things are, in the widget's coordinates.
    QRectF plotArea() const;
    std::optional<QPointF> pixelOfPoint(int id) const; ///< none: no such point, or no place for it
    std::optional<QPointF> pixelOfGuide(int id) const; ///< its grip
    double xAtPixel(double x) const;

    int currentPoint() const; ///< under the pointer or reached by keys; -1: none
    /// Points, bars and spans that have no place on these axes.
    int omittedPoints() const;
    int drawnPoints() const; ///< those with a place
    QStringList drawnLabels() const;
    int drawings() const; ///< how often the scene was drawn

    /// What the widget shows, at any size, and its numbers.
    Picture picture(const QString& name) const;
    /// "series,label,x,y" with a header line; classes with better names of columns replace it.
    virtual QString csv() const;

    QSize sizeHint() const override { return {480, 320}; }
    QSize minimumSizeHint() const override { return {160, 120}; }

Q_SIGNALS:
    void pointHovered(int id); ///< -1: left
    void pointActivated(int id);
    void guideDragged(int id, double value);
    void guideReleased(int id, double value);
    void rangeChanged();
    /// The user brushed scene().brush, or gave it up.
    void brushChanged();

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace bitloom::ui
