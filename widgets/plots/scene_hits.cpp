// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/scene_hits.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitloom::ui {

namespace {
constexpr double kHitDistance = 10;
constexpr double kLogCountLow = 0.7; // a count of one stands a little above the axis

std::size_t barCount(const BarSeries& series)
{
    return series.edges.empty() ? 0 : std::min(series.heights.size(), series.edges.size() - 1);
}

std::size_t spanCount(const SpanSeries& series)
{
    return std::min(series.low.size(), series.high.size());
}

double spanX(const SpanSeries& series, std::size_t index)
{
    return series.firstX + static_cast<double>(index);
}

int idAt(int firstId, std::size_t index)
{
    return firstId + static_cast<int>(index);
}
} // namespace

std::vector<SceneHit> sceneHits(const PlotScene& scene, const PlotFrame& frame)
{
    std::vector<SceneHit> hits;
    for (const PointSeries& series : scene.points) {
        for (const PlotPoint& point : series.points) {
            if (point.id >= 0 && frame.hasPlace(point)) {
                hits.push_back({point.id, frame.toPixel(point), series.size / 2 + 4, {}});
            }
        }
    }
    const auto addColumn = [&](int id, double left, double right, double y) {
        const double from = std::max(left, frame.area.left());
        const double to = std::min(right, frame.area.right());
        if (from < to) {
            hits.push_back({id,
                            {(from + to) / 2, y},
                            0,
                            {from, frame.area.top(), to - from, frame.area.height()}});
        }
    };
    const std::vector<double>& stops = scene.stops.x;
    for (std::size_t i = 0; i < stops.size(); ++i) {
        if (!frame.x.hasPlace(stops[i])) {
            continue;
        }
        // Each reaches half-way to its neighbours.
        const double pixel = frame.x.toPixel(stops[i]);
        const double left = i == 0 ? pixel : frame.x.toPixel(stops[i - 1]);
        const double right = i + 1 == stops.size() ? pixel : frame.x.toPixel(stops[i + 1]);
        const double from = i == 0 ? pixel - (right - pixel) / 2 - 1 : (left + pixel) / 2;
        const double to =
            i + 1 == stops.size() ? pixel + (pixel - left) / 2 + 1 : (pixel + right) / 2;
        addColumn(idAt(scene.stops.firstId, i), from, to, frame.area.top() + 12);
    }
    for (const BarSeries& series : scene.bars) {
        for (std::size_t i = 0; series.firstId >= 0 && i < barCount(series); ++i) {
            if (frame.x.hasPlace(series.edges[i]) && frame.x.hasPlace(series.edges[i + 1])) {
                addColumn(idAt(series.firstId, i), frame.x.toPixel(series.edges[i]),
                          frame.x.toPixel(series.edges[i + 1]),
                          frame.y.hasPlace(series.heights[i]) ? frame.y.toPixel(series.heights[i])
                                                              : frame.area.bottom());
            }
        }
    }
    for (const SpanSeries& series : scene.spans) {
        for (std::size_t i = 0; series.firstId >= 0 && i < spanCount(series); ++i) {
            const double x = spanX(series, i);
            if (frame.x.hasPlace(x) && frame.y.hasPlace(series.low[i]) &&
                frame.y.hasPlace(series.high[i])) {
                addColumn(idAt(series.firstId, i), frame.x.toPixel(x - 0.5),
                          frame.x.toPixel(x + 0.5),
                          frame.y.toPixel((series.low[i] + series.high[i]) / 2));
            }
        }
    }
    std::stable_sort(hits.begin(), hits.end(), [](const SceneHit& a, const SceneHit& b) {
        return a.pixel.x() != b.pixel.x() ? a.pixel.x() < b.pixel.x() : a.pixel.y() < b.pixel.y();
    });
    return hits;
}

const SceneHit* hitAt(const std::vector<SceneHit>& hits, const PlotFrame& frame, QPointF pixel)
{
    const SceneHit* nearest = nullptr;
    double distance = kHitDistance;
    for (const SceneHit& hit : hits) {
        const double there = hit.radius > 0
                                 ? std::hypot(hit.pixel.x() - pixel.x(), hit.pixel.y() - pixel.y())
                                 : std::numeric_limits<double>::infinity();
        if (there <= distance) {
            distance = there;
            nearest = &hit;
        }
    }
    if (nearest != nullptr || !frame.area.contains(pixel)) {
        return nearest;
    }
    for (const SceneHit& hit : hits) {
        if (hit.radius == 0 && pixel.x() >= hit.column.left() && pixel.x() < hit.column.right()) {
            return &hit;
        }
    }
    return nullptr;
}

SceneCounts countScene(const PlotScene& scene)
{
    const RangeFinder x(scene.x.isLog);
    const RangeFinder y(scene.y.isLog);
    SceneCounts counts;
    const auto count = [&counts](bool hasPlace) { ++(hasPlace ? counts.drawn : counts.omitted); };
    for (const PointSeries& series : scene.points) {
        for (const PlotPoint& point : series.points) {
            count(x.hasPlace(point.x) && y.hasPlace(point.y));
        }
    }
    for (const CurveSeries& series : scene.curves) {
        for (const QPointF& point : series.points) {
            // A gap is no value.
            if (!std::isnan(point.y())) {
                count(x.hasPlace(point.x()) && y.hasPlace(point.y()));
            }
        }
    }
    for (const BarSeries& series : scene.bars) {
        for (std::size_t i = 0; i < barCount(series); ++i) {
            // An empty bin is a fact, not a value that is missing.
            count(x.hasPlace(series.edges[i]) && x.hasPlace(series.edges[i + 1]) &&
                  std::isfinite(series.heights[i]));
        }
    }
    for (const SpanSeries& series : scene.spans) {
        for (std::size_t i = 0; i < spanCount(series); ++i) {
            count(x.hasPlace(spanX(series, i)) && y.hasPlace(series.low[i]) &&
                  y.hasPlace(series.high[i]));
        }
    }
    return counts;
}

bool isEmpty(const PlotScene& scene)
{
    return countScene(scene).drawn == 0;
}

AxisRange xRangeOf(const PlotScene& scene)
{
    if (scene.x.range) {
        return *scene.x.range;
    }
    RangeFinder finder(scene.x.isLog);
    for (const PointSeries& series : scene.points) {
        for (const PlotPoint& point : series.points) {
            if (RangeFinder(scene.y.isLog).hasPlace(point.y)) {
                finder.add(point.x);
            }
        }
    }
    for (const CurveSeries& series : scene.curves) {
        for (const QPointF& point : series.points) {
            if (RangeFinder(scene.y.isLog).hasPlace(point.y())) {
                finder.add(point.x());
            }
        }
    }
    for (const PlotGuide& guide : scene.guides) {
        if (guide.orientation == Qt::Vertical) {
            finder.add(guide.value);
        }
    }
    RangeFinder columns(scene.x.isLog);
    for (const BarSeries& series : scene.bars) {
        for (const double edge : series.edges) {
            finder.add(edge);
        }
    }
    for (const SpanSeries& series : scene.spans) {
        if (spanCount(series) > 0) {
            columns.add(series.firstX - 1);
            columns.add(spanX(series, spanCount(series)));
        }
    }
    return columns.isEmpty() ? finder.padded() : columns.exact();
}

AxisRange yRangeOf(const PlotScene& scene)
{
    if (scene.y.range) {
        return *scene.y.range;
    }
    RangeFinder finder(scene.y.isLog);
    for (const PointSeries& series : scene.points) {
        for (const PlotPoint& point : series.points) {
            if (RangeFinder(scene.x.isLog).hasPlace(point.x)) {
                finder.add(point.y);
            }
        }
    }
    for (const CurveSeries& series : scene.curves) {
        for (const QPointF& point : series.points) {
            if (RangeFinder(scene.x.isLog).hasPlace(point.x())) {
                finder.add(point.y());
            }
        }
    }
    for (const PlotGuide& guide : scene.guides) {
        if (guide.orientation == Qt::Horizontal) {
            finder.add(guide.value);
        }
    }
    for (const BarSeries& series : scene.bars) {
        for (const double height : series.heights) {
            finder.add(height);
        }
    }
    for (const SpanSeries& series : scene.spans) {
        for (std::size_t i = 0; i < spanCount(series); ++i) {
            finder.add(series.low[i]);
            finder.add(series.high[i]);
        }
    }
    AxisRange range = finder.padded();
    if (scene.y.startsAtZero) {
        range.low = scene.y.isLog ? std::min(range.low, kLogCountLow) : 0;
    }
    return range;
}

} // namespace bitloom::ui
