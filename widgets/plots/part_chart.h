// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/util/picture.h"
#include "widgets/util/refresh_gate.h"
#include "widgets/util/theme.h"

#include <QRectF>
#include <QWidget>

#include <functional>
#include <optional>

namespace bitloom::ui {

/// A painted chart whose parts are reached by hover, clicks and keys: what is pointed at has a
/// tooltip, is said to screen readers and is activated by a click, Return or Space.
class PartChart : public QWidget {
    Q_OBJECT
public:
    int currentPart() const { return m_current; } ///< reached by keys or clicked; -1: none
    virtual QString textOf(int part) const = 0;   ///< of its tooltip; empty: there is none
    Picture picture(const QString& name) const;
    virtual QString csv() const = 0;

Q_SIGNALS:
    void partActivated(int part);

protected:
    struct Part {
        int id = 0;
        QRectF place; ///< around the position that was asked for
    };
    /// Paints into (0, 0, size). It must hold what it needs: pictures call it when the widget may
    /// be gone.
    using Painting = std::function<void(QPainter&, QSize)>;

    explicit PartChart(QWidget* parent);

    /// For the size, theme and font of now.
    virtual void layOut() = 0;
    virtual Painting painting() const = 0;
    /// Paints what was laid out. pointed: to be ringed; -1: none.
    virtual void paintChart(QPainter& painter, int pointed) = 0;
    virtual std::optional<Part> partAt(QPointF position) const = 0;
    /// Where a key goes from the current part, which may be -1; nullopt: it is no key of the chart.
    virtual std::optional<int> partTowards(int key) const = 0;
    /// While no part is the current one.
    virtual QString idleText() const = 0;

    const Theme& theme() const { return m_theme; }
    void contentChanged() { m_gate.markDirty(); }
    /// Asking for a place lays out what waits to be shown.
    void flush() const { m_gate.flush(); }
    void forgetParts(); ///< their numbers mean others now

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
    void describe();
    void setCurrent(int part);

    Theme m_theme;
    int m_current = -1;
    int m_hovered = -1;
    mutable RefreshGate m_gate;
};

} // namespace bitloom::ui
