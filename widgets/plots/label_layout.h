// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>

#include <optional>
#include <vector>

namespace bitloom::ui {

/// Finds room for labels beside marks, so that none covers another label, a mark or a line.
class LabelLayout {
public:
    explicit LabelLayout(const QRectF& bounds) : m_bounds(bounds) {}

    /// Keeps labels off a place.
    void block(const QRectF& place) { m_taken.push_back(place); }
    /// Keeps labels off a straight line.
    void blockLine(QPointF from, QPointF to);
    /// The first free place around a mark: right, left, above, below, then the corners, then
    /// further out. It is taken from then on. None: no room.
    std::optional<QRectF> place(QPointF mark, double radius, QSizeF size);

private:
    bool isFree(const QRectF& place) const;

    QRectF m_bounds;
    std::vector<QRectF> m_taken;
};

} // namespace bitloom::ui
