// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/report/svg_histogram.h"

#include "core/report/axis_scale.h"
#include "core/report/layer_rows.h"
#include "core/report/number_format.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace bitloom::report {

namespace {
constexpr double kHistogramWidth = 350;
constexpr double kHistogramHeight = 178;
constexpr double kHistogramLeft = 6;
constexpr double kHistogramRight = kHistogramWidth - 6;
constexpr double kBarTop = 44;
constexpr double kBarBottom = 146;
constexpr double kLevelTick = 8;
constexpr std::size_t kMaxLines = 40;

void drawHandle(SvgCanvas& canvas, double x, double inward)
{
    canvas.line(x, kBarTop - 4, x, kBarBottom, "axis actl");
    canvas.path("M" + coordinate(x) + " " + coordinate(kBarTop - 4) + "h" + coordinate(7 * inward) +
                    "l" + coordinate(-7 * inward) + " 7Z",
                "act");
}

std::string caption(const WeightHistogram& histogram, bool hasGrid)
{
    std::string text = bitsText(histogram.bits);
    if (histogram.bits != kFloatBits && histogram.bits != kPrunedBits) {
        text += histogram.bits == 1 ? " bit" : " bits";
    }
    if (hasGrid) {
        text += ", " + formatPercent(histogram.clippedPercent) + " clipped";
    }
    if (hasGrid && histogram.gridChannel >= 0) {
        text += ", grid of channel " + std::to_string(histogram.gridChannel);
    }
    return text;
}
} // namespace

std::string histogramSvg(const WeightHistogram& histogram, SvgUse use)
{
    SvgCanvas canvas(kHistogramWidth, kHistogramHeight, "Weights of " + histogram.layer, use);
    const bool hasGrid = std::isfinite(histogram.clipLow) && std::isfinite(histogram.clipHigh) &&
                         histogram.clipLow < histogram.clipHigh;
    std::int64_t total = 0;
    std::int64_t highest = 0;
    for (const std::int64_t count : histogram.counts) {
        total += count;
        highest = std::max(highest, count);
    }
    canvas.text(0, 12, rowLabels({histogram.layer}).front(), "h", histogram.layer);
    canvas.text(0, 29, caption(histogram, hasGrid), "dim");
    const bool hasRange = std::isfinite(histogram.low) && std::isfinite(histogram.high) &&
                          histogram.low < histogram.high;
    if (highest == 0 || !hasRange) {
        canvas.text(0, 90, "No weights to count.", "dim");
        return canvas.finish();
    }

    std::vector<double> ends = {histogram.low, histogram.high};
    if (hasGrid) {
        ends.push_back(histogram.clipLow);
        ends.push_back(histogram.clipHigh);
    }
    AxisScale x = AxisScale::linearWithin(ends, 6);
    x.setPixels(kHistogramLeft, kHistogramRight);
    const double binWidth =
        (histogram.high - histogram.low) / static_cast<double>(histogram.counts.size());
    std::string bars = "M" + coordinate(x.toPixel(histogram.low)) + " " + coordinate(kBarBottom);
    for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
        const double share =
            std::max(0.0, static_cast<double>(histogram.counts[i]) / static_cast<double>(highest));
        const double binEnd = histogram.low + binWidth * static_cast<double>(i + 1);
        bars += "V" + coordinate(kBarBottom - share * (kBarBottom - kBarTop)) + "H" +
                coordinate(x.toPixel(binEnd));
    }
    const bool hasLines = histogram.gridLevels.size() < kMaxLines;
    std::string lines;
    std::string ticks;
    for (const float level : histogram.gridLevels) {
        if (std::isfinite(level)) {
            const std::string px = coordinate(x.toPixel(static_cast<double>(level)));
            lines += "M" + px + " " + coordinate(kBarTop) + "V" + coordinate(kBarBottom);
            ticks += "M" + px + " " + coordinate(kBarBottom + 1) + "v" + coordinate(kLevelTick);
        }
    }
    canvas.openGroup({});
    canvas.path(bars + "V" + coordinate(kBarBottom) + "Z", "wgt bars");
    if (hasLines && !lines.empty()) {
        canvas.path(lines, "axis actl faint");
    }
    canvas.line(kHistogramLeft, kBarBottom, kHistogramRight, kBarBottom, "axis");
    if (!ticks.empty()) {
        canvas.path(ticks, "axis actl levels");
    }
    if (hasGrid) {
        drawHandle(canvas, x.toPixel(histogram.clipLow), 1);
        drawHandle(canvas, x.toPixel(histogram.clipHigh), -1);
    }
    canvas.closeGroup();
    for (const double tick : x.ticks()) {
        const std::string text = formatTick(tick);
        const double half = estimatedWidth(text) / 2;
        canvas.text(std::clamp(x.toPixel(tick), half, kHistogramWidth - half), kBarBottom + 24,
                    text, "dim m");
    }
    canvas.text(kHistogramRight, 29, formatCount(total) + " weights", "dim e",
                formatExact(total) + " weights");
    return canvas.finish();
}

} // namespace bitloom::report
