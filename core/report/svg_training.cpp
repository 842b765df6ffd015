// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/report/svg_training.h"

#include "core/report/axis_scale.h"
#include "core/report/label_placer.h"
#include "core/report/number_format.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace bitloom::report {

namespace {
constexpr double kTrainingHeight = 262;
constexpr double kPanelWidth = 524;
constexpr double kAxisLeft = 52;
constexpr double kLabelRoom = 92; ///< right of the lines, for their names
constexpr double kTrainingTop = 30;
constexpr double kTrainingBottom = 212;
/// Beyond this, marks would merge into a band.
constexpr std::size_t kMaxMarkedEpochs = 40;

struct Series {
    std::string name;
    bool isTest = false;
    std::vector<std::optional<double>> values; ///< one per epoch
};

std::optional<double> finite(const std::optional<double>& value)
{
    return value && std::isfinite(*value) ? value : std::nullopt;
}

void drawSeries(SvgCanvas& canvas, const Series& series, std::span<const EpochResult> epochs,
                const AxisScale& x, const AxisScale& y, LabelPlacer& labels)
{
    std::string path;
    bool isOpen = false;
    std::optional<std::pair<double, double>> last;
    for (std::size_t i = 0; i < epochs.size(); ++i) {
        if (!series.values[i]) {
            isOpen = false;
            continue;
        }
        last = {x.toPixel(epochs[i].epoch), y.toPixel(*series.values[i])};
        path += (isOpen ? "L" : "M") + coordinate(last->first) + " " + coordinate(last->second);
        isOpen = true;
    }
    if (!last) {
        return;
    }
    canvas.path(path, series.isTest ? "line actl" : "line wgtl");
    for (std::size_t i = 0; i < epochs.size() && epochs.size() <= kMaxMarkedEpochs; ++i) {
        if (series.values[i]) {
            const std::string tooltip = "epoch " + std::to_string(epochs[i].epoch) + ": " +
                                        series.name + " " + formatSignificant(*series.values[i]);
            const double px = x.toPixel(epochs[i].epoch);
            const double py = y.toPixel(*series.values[i]);
            // Two shapes, so that the lines are told apart without colour.
            if (series.isTest) {
                canvas.diamond(px, py, 5, "mark act", tooltip);
            } else {
                canvas.circle(px, py, 3.5, "mark wgt", tooltip);
            }
        }
    }
    const std::string text = series.name;
    if (const auto place = labels.place(last->first, last->second, 5, text)) {
        canvas.text(place->x, place->y, text, "ink");
    }
}

void drawPanel(SvgCanvas& canvas, double left, const std::string& title,
               std::span<const EpochResult> epochs, const std::vector<Series>& all, bool fromZero)
{
    std::vector<double> values;
    for (const Series& series : all) {
        for (const std::optional<double>& value : series.values) {
            if (value) {
                values.push_back(*value);
            }
        }
    }
    if (fromZero) {
        values.push_back(0);
    }
    std::vector<double> steps;
    for (const EpochResult& epoch : epochs) {
        steps.push_back(epoch.epoch);
    }
    const double right = left + kPanelWidth - kLabelRoom;
    AxisScale y = AxisScale::linear(values, 5);
    y.setPixels(kTrainingBottom, kTrainingTop);
    AxisScale x = AxisScale::linearWithin(steps, 8);
    x.setPixels(left + kAxisLeft, right);
    canvas.text(left, 12, title, "h");
    for (const double tick : y.ticks()) {
        canvas.line(left + kAxisLeft, y.toPixel(tick), right, y.toPixel(tick), "grid");
        canvas.text(left + kAxisLeft - 8, y.toPixel(tick) + 4, formatTick(tick), "dim e");
    }
    for (const double tick : x.ticks()) {
        if (tick == std::round(tick)) {
            canvas.text(x.toPixel(tick), kTrainingBottom + 18, formatTick(tick), "dim m");
        }
    }
    canvas.text((left + kAxisLeft + right) / 2, kTrainingBottom + 40, "Epoch", "h m");
    // Names stand in the margin at the right, where no line runs.
    LabelPlacer labels(
        {right + 1, kTrainingTop - 20, kLabelRoom, kTrainingBottom - kTrainingTop + 40});
    for (const Series& series : all) {
        drawSeries(canvas, series, epochs, x, y, labels);
    }
}
} // namespace

std::string trainingSvg(std::span<const EpochResult> epochs, SvgUse use)
{
    const std::string title = "Training";
    if (epochs.empty()) {
        return emptyPicture(title, "The model was not trained here.", use);
    }
    Series loss{"training", false, {}};
    Series train{"training", false, {}};
    Series test{"test", true, {}};
    for (const EpochResult& epoch : epochs) {
        loss.values.push_back(finite(epoch.loss));
        train.values.push_back(finite(epoch.trainTop1Percent));
        test.values.push_back(finite(epoch.testTop1Percent));
    }
    SvgCanvas canvas(SvgCanvas::kPageWidth, kTrainingHeight, title, use);
    drawPanel(canvas, 0, "Loss (mean over the epoch)", epochs, {loss}, true);
    drawPanel(canvas, SvgCanvas::kPageWidth - kPanelWidth, "Top-1 accuracy, %", epochs,
              {train, test}, false);
    return canvas.finish();
}

} // namespace bitloom::report
