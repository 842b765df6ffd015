// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/plot_painter.h"

namespace bitloom::ui {

/// One thing of a scene that hover, click and keys can reach.
struct SceneHit {
    int id = -1;
    QPointF pixel;     ///< centre of the point, top of the bar, middle of the span
    double radius = 0; ///< of the ring around it; 0: a column, which is shaded instead
    QRectF column;     ///< of bars and spans
};

/// All that can be reached, from left to right.
std::vector<SceneHit> sceneHits(const PlotScene& scene, const PlotFrame& frame);
/// The nearest point within 10 px, or the column under the pixel.
const SceneHit* hitAt(const std::vector<SceneHit>& hits, const PlotFrame& frame, QPointF pixel);

struct SceneCounts {
    int drawn = 0;
    int omitted = 0;
};
/// Points, bars and spans with and without a place on the axes.
SceneCounts countScene(const PlotScene& scene);
bool isEmpty(const PlotScene& scene); ///< nothing has a place

/// The ranges that show everything.
AxisRange xRangeOf(const PlotScene& scene);
AxisRange yRangeOf(const PlotScene& scene);

} // namespace bitloom::ui
