// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/report/svg_frontier.h"

#include "core/report/axis_scale.h"
#include "core/report/label_placer.h"
#include "core/report/number_format.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace bitloom::report {

namespace {
constexpr double kFrontierLeft = 58;
constexpr double kFrontierRight = 14;
constexpr double kMarkRadius = 4;
constexpr double kAnchorRadius = 5.5;

double costOf(const FrontierPoint& point, FrontierCost cost)
{
    return cost == FrontierCost::Bytes ? static_cast<double>(point.bytes) : point.bopsPercentOfFp32;
}

struct Mark {
    double x = 0;
    double y = 0;
    const FrontierPoint* point = nullptr;
};

/// One of the two panels: its marks and where it stands.
struct Panel {
    std::string title;
    std::vector<Mark> marks;
    bool isMeasured = false; ///< higher is better, filled marks
    AxisScale y;
    double top = 0;
    double bottom = 0;
};

std::string tooltipOf(const FrontierPoint& point)
{
    std::string text = point.label.empty() ? std::string("plan") : point.label;
    text += "\n" + formatBytes(point.bytes) + " (" + formatExact(point.bytes) + " bytes), BOPs " +
            formatPercent(point.bopsPercentOfFp32) + " of FP32";
    if (point.top1Percent) {
        text += "\nmeasured top-1 " + formatPercent(point.top1Percent);
    }
    if (point.predictedLoss) {
        text += "\npredicted loss " + formatSignificant(*point.predictedLoss);
    }
    if (point.optimal) {
        text += "\nproven optimal";
    }
    return text;
}

/// The marks that no other mark beats in both cost and quality, cheapest first.
std::vector<Mark> nonDominated(const Panel& panel)
{
    std::vector<Mark> sorted;
    for (const Mark& mark : panel.marks) {
        const bool isAnchor = mark.point->kind == PointKind::UniformAnchor;
        const bool isSearched = panel.isMeasured || mark.point->kind == PointKind::Predicted;
        if (!isAnchor && isSearched) {
            sorted.push_back(mark);
        }
    }
    const auto isBetter = [&panel](double a, double b) { return panel.isMeasured ? a > b : a < b; };
    std::stable_sort(sorted.begin(), sorted.end(), [&isBetter](const Mark& a, const Mark& b) {
        return a.x != b.x ? a.x < b.x : isBetter(a.y, b.y);
    });
    std::vector<Mark> front;
    for (const Mark& mark : sorted) {
        if (front.empty() || isBetter(mark.y, front.back().y)) {
            front.push_back(mark);
        }
    }
    return front;
}

void drawStep(SvgCanvas& canvas, const Panel& panel, const AxisScale& x, LabelPlacer& labels)
{
    const std::vector<Mark> front = nonDominated(panel);
    if (front.size() < 2) {
        return;
    }
    const double worst = panel.isMeasured ? panel.bottom : panel.top;
    const double right = canvas.width() - kFrontierRight;
    std::string line;
    for (std::size_t i = 0; i < front.size(); ++i) {
        const double px = x.toPixel(front[i].x);
        const double py = panel.y.toPixel(front[i].y);
        const double end = i + 1 < front.size() ? x.toPixel(front[i + 1].x) : right;
        line +=
            (i == 0 ? "M" + coordinate(px) + " " : "V") + coordinate(py) + "H" + coordinate(end);
        labels.block({px, py - 1, end - px, 2});
        if (i + 1 < front.size()) {
            const double next = panel.y.toPixel(front[i + 1].y);
            labels.block({end - 1, std::min(py, next), 2, std::abs(next - py)});
        }
    }
    canvas.path(line + "V" + coordinate(worst) + "H" + coordinate(x.toPixel(front.front().x)) + "Z",
                "wgt shade");
    canvas.path(line, "line wgtl");
}

void drawMark(SvgCanvas& canvas, const Panel& panel, double px, double py,
              const FrontierPoint& point)
{
    const std::string tooltip = tooltipOf(point);
    if (point.kind == PointKind::UniformAnchor) {
        canvas.diamond(px, py, kAnchorRadius, panel.isMeasured ? "mark act" : "mark hollow anchor",
                       tooltip);
    } else {
        canvas.circle(px, py, kMarkRadius, panel.isMeasured ? "mark wgt" : "mark hollow", tooltip);
    }
}

void drawPanel(SvgCanvas& canvas, Panel& panel, const AxisScale& x, const FrontierStyle& style)
{
    const double right = canvas.width() - kFrontierRight;
    panel.y.setPixels(panel.bottom, panel.top);
    canvas.text(0, panel.top - 12, panel.title, "h");
    for (const double tick : panel.y.ticks()) {
        const double py = panel.y.toPixel(tick);
        canvas.line(kFrontierLeft, py, right, py, "grid");
        canvas.text(kFrontierLeft - 8, py + 4, formatTick(tick), "dim e");
    }
    for (const double tick : x.ticks()) {
        canvas.line(x.toPixel(tick), panel.top, x.toPixel(tick), panel.bottom, "grid");
    }
    LabelPlacer labels({kFrontierLeft, panel.top, right - kFrontierLeft, panel.bottom - panel.top});
    for (const Mark& mark : panel.marks) {
        labels.block({x.toPixel(mark.x) - kMarkRadius, panel.y.toPixel(mark.y) - kMarkRadius,
                      2 * kMarkRadius, 2 * kMarkRadius});
    }
    drawStep(canvas, panel, x, labels);
    if (panel.isMeasured && style.floatTop1Percent) {
        const double py = panel.y.toPixel(*style.floatTop1Percent);
        const std::string text = "FP32 " + formatPercent(style.floatTop1Percent);
        canvas.line(kFrontierLeft, py, right, py, "ref");
        labels.block({kFrontierLeft, py - 1, right - kFrontierLeft, 2});
        if (const auto place = labels.place(kFrontierLeft + 2, py, 2, text)) {
            canvas.text(place->x, place->y, text, "dim lbl");
        }
    }
    // Anchors first: they must keep their labels. A measured point's value is a service where there
    // is room.
    for (const bool anchors : {true, false}) {
        for (const Mark& mark : panel.marks) {
            const bool isAnchor = mark.point->kind == PointKind::UniformAnchor;
            const double px = x.toPixel(mark.x);
            const double py = panel.y.toPixel(mark.y);
            if (isAnchor != anchors) {
                continue;
            }
            drawMark(canvas, panel, px, py, *mark.point);
            const std::string text = isAnchor           ? elided(mark.point->label, 18)
                                     : panel.isMeasured ? formatTick(std::round(mark.y * 100) / 100)
                                                        : std::string();
            if (const auto place = labels.place(px, py, kAnchorRadius, text)) {
                canvas.text(place->x, place->y, text, isAnchor ? "ink lbl" : "dim lbl");
            }
        }
    }
}

void drawKey(SvgCanvas& canvas, const std::vector<Panel>& panels)
{
    const auto has = [&panels](bool isMeasured, bool isAnchor) {
        return std::any_of(panels.begin(), panels.end(), [=](const Panel& panel) {
            return panel.isMeasured == isMeasured &&
                   std::any_of(panel.marks.begin(), panel.marks.end(), [=](const Mark& mark) {
                       return (mark.point->kind == PointKind::UniformAnchor) == isAnchor;
                   });
        });
    };
    double x = 0;
    const double y = 8;
    const auto entry = [&](std::string_view classes, std::string_view text, bool isAnchor) {
        if (isAnchor) {
            canvas.diamond(x + 6, y, kAnchorRadius, classes);
        } else {
            canvas.circle(x + 6, y, kMarkRadius, classes);
        }
        canvas.text(x + 16, y + 4, text, "dim");
        x += 16 + estimatedWidth(text) + 14;
    };
    if (has(true, false)) {
        entry("wgt", "measured", false);
    }
    if (has(false, false)) {
        entry("hollow", "predicted", false);
    }
    if (has(true, true)) {
        entry("act", "uniform, measured", true);
    }
    if (has(false, true)) {
        entry("hollow anchor", "uniform, predicted", true);
    }
}
} // namespace

bool frontierVaries(std::span<const FrontierPoint> points, FrontierCost cost)
{
    return std::any_of(points.begin(), points.end(), [&](const FrontierPoint& point) {
        return costOf(point, cost) > 0 && costOf(point, cost) != costOf(points.front(), cost);
    });
}

std::string frontierSvg(std::span<const FrontierPoint> points, const FrontierStyle& wanted)
{
    FrontierStyle style = wanted;
    if (style.floatTop1Percent && !std::isfinite(*style.floatTop1Percent)) {
        style.floatTop1Percent.reset();
    }
    const bool isBytes = style.cost == FrontierCost::Bytes;
    const std::string costTitle = isBytes ? "Stored size" : "BOPs, % of FP32";
    const std::string title = "Frontier over " + costTitle;
    Panel measured;
    measured.title = "Measured top-1 accuracy, %";
    measured.isMeasured = true;
    Panel predicted;
    predicted.title = "Predicted loss (lower is better)";
    std::vector<double> costs;
    std::size_t leftOut = 0;
    for (const FrontierPoint& point : points) {
        const double cost = costOf(point, style.cost);
        const bool hasCost = std::isfinite(cost) && cost > 0;
        const bool hasTop1 = point.top1Percent && std::isfinite(*point.top1Percent);
        const bool hasLoss =
            point.predictedLoss && std::isfinite(*point.predictedLoss) && *point.predictedLoss >= 0;
        if (!hasCost || (!hasTop1 && !hasLoss)) {
            ++leftOut;
            continue;
        }
        costs.push_back(cost);
        if (hasTop1) {
            measured.marks.push_back({cost, *point.top1Percent, &point});
        }
        if (hasLoss) {
            predicted.marks.push_back({cost, *point.predictedLoss, &point});
        }
    }
    if (costs.empty()) {
        return emptyPicture(title, "No plan was predicted or measured yet.", style.use);
    }

    std::vector<Panel> panels;
    double y = 20;
    for (Panel* panel : {&measured, &predicted}) {
        if (panel->marks.empty()) {
            continue;
        }
        panel->top = y + 34;
        panel->bottom = panel->top + (panel->isMeasured ? 210 : 180);
        y = panel->bottom + 8;
        std::vector<double> values;
        for (const Mark& mark : panel->marks) {
            values.push_back(mark.y);
        }
        if (panel->isMeasured) {
            if (style.floatTop1Percent) {
                values.push_back(*style.floatTop1Percent);
            }
            panel->y = AxisScale::linear(values, 5);
        } else {
            panel->y = AxisScale::logarithmic(values, 8, true);
        }
        panels.push_back(*panel);
    }
    const double height = y + (leftOut > 0 ? 58 : 42);
    SvgCanvas canvas(style.width, height, title, style.use);
    AxisScale x = AxisScale::logarithmic(costs, 9);
    x.setPixels(kFrontierLeft, style.width - kFrontierRight);
    drawKey(canvas, panels);
    for (Panel& panel : panels) {
        drawPanel(canvas, panel, x, style);
    }
    double lastLabelEnd = 0;
    for (const double tick : x.ticks()) {
        const std::string text = isBytes ? formatByteTick(tick) : formatTick(tick);
        const double half = estimatedWidth(text) / 2;
        const double px = std::min(x.toPixel(tick), style.width - half);
        if (px - half > lastLabelEnd) {
            canvas.text(px, y + 10, text, "dim m");
            lastLabelEnd = px + half;
        }
    }
    canvas.text((kFrontierLeft + style.width - kFrontierRight) / 2, y + 31,
                costTitle + " (logarithmic)", "h m");
    if (leftOut > 0) {
        canvas.text(0, y + 54, std::to_string(leftOut) + " without cost or value: not drawn",
                    "dim");
    }
    return canvas.finish();
}

} // namespace bitloom::report
