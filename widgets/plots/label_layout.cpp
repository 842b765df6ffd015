// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/label_layout.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace bitloom::ui {

void LabelLayout::blockLine(QPointF from, QPointF to)
{
    // A slanted line becomes a chain of small boxes: its bounding box would block what is free.
    const QPointF extent = to - from;
    const bool isStraight = std::abs(extent.x()) < 1 || std::abs(extent.y()) < 1;
    const double length = std::hypot(extent.x(), extent.y());
    const int pieces = isStraight ? 1 : std::clamp(static_cast<int>(length / 8), 1, 500);
    for (int i = 0; i < pieces; ++i) {
        const QPointF a = from + extent * (static_cast<double>(i) / pieces);
        const QPointF b = from + extent * (static_cast<double>(i + 1) / pieces);
        m_taken.push_back(QRectF(a, b).normalized().adjusted(-1, -1, 1, 1));
    }
}

bool LabelLayout::isFree(const QRectF& place) const
{
    return m_bounds.contains(place) &&
           std::none_of(m_taken.begin(), m_taken.end(),
                        [&place](const QRectF& taken) { return taken.intersects(place); });
}

std::optional<QRectF> LabelLayout::place(QPointF mark, double radius, QSizeF size)
{
    const double w = size.width();
    const double h = size.height();
    for (const double distance : {4.0, 10.0, 18.0}) {
        const double r = radius + distance;
        const double d = r * 0.7;
        const std::array<QPointF, 8> corners = {QPointF(r, -h / 2),      QPointF(-r - w, -h / 2),
                                                QPointF(-w / 2, -r - h), QPointF(-w / 2, r),
                                                QPointF(d, -d - h),      QPointF(d, d),
                                                QPointF(-d - w, -d - h), QPointF(-d - w, d)};
        for (const QPointF& corner : corners) {
            const QRectF candidate(mark + corner, size);
            if (isFree(candidate)) {
                m_taken.push_back(candidate);
                return candidate;
            }
        }
    }
    return std::nullopt;
}

} // namespace bitloom::ui
