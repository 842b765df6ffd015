// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/run_scenes.h"

#include "widgets/models/run_series.h"
#include "widgets/util/formatting.h"
#include "widgets/util/picture.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace bitloom::ui {

namespace {
constexpr int kMostStops = 300;
constexpr double kFaintWidth = 1.2;
constexpr int kHistogramBins = 20;

struct RunWords {
    Q_DECLARE_TR_FUNCTIONS(RunScenes)
};

/// A line where a later stage of the run begins.
void addStages(PlotScene& scene, const RunHistory& history)
{
    const HistorySeries* stages = history.find("stages");
    const auto number = stages == nullptr ? std::nullopt : columnOf(*stages, "stage");
    for (std::size_t row = 0; number && row < stages->rows(); ++row) {
        if (stages->row(row)[*number] <= 1) { // every run begins with the search
            continue;
        }
        PlotGuide start;
        start.id = kStageGuide;
        start.value = static_cast<double>(stages->steps[row]);
        start.colour = PlotColour::Reference;
        start.isDashed = true;
        start.labelSide = Qt::AlignRight;
        start.text = [](double) { return RunWords::tr("fine-tuning"); };
        scene.guides.push_back(start);
    }
}

/// Axis of steps, stops at the rows of the series, lines at its stages and at the chosen step.
PlotScene sceneOver(const RunHistory& history, const HistorySeries* series, const RunLook& look,
                    const QString& emptyText)
{
    PlotScene scene;
    scene.x.title = RunWords::tr("Step");
    scene.x.style = NumberStyle::Index;
    scene.emptyText = emptyText;
    if (series == nullptr || series->rows() == 0) {
        return scene;
    }
    for (const std::size_t row : spreadRows(*series, kMostStops)) {
        scene.stops.x.push_back(static_cast<double>(series->steps[row]));
    }
    addStages(scene, history);
    if (look.time) {
        PlotGuide time;
        time.id = kTimeGuide;
        time.value = static_cast<double>(*look.time);
        time.isDraggable = true;
        time.text = [](double step) {
            return RunWords::tr("step %1").arg(
                formatExact(static_cast<std::int64_t>(std::llround(step))));
        };
        scene.guides.push_back(time);
    }
    return scene;
}

void addColumn(PlotScene& scene, const HistorySeries* series, const char* column,
               const RunLook& look, CurveSeries curve)
{
    const auto index = series == nullptr ? std::nullopt : columnOf(*series, column);
    if (index && series->rows() > 0) {
        curve.points = thinnedColumn(*series, *index, look.stretches);
        scene.curves.push_back(std::move(curve));
    }
}

/// The part of the loss that is not cross-entropy: lambda times the regulariser, and weight decay
/// where there is some.
std::vector<QPointF> priceOfBits(const HistorySeries& losses, const RunLook& look)
{
    const auto loss = columnOf(losses, "loss");
    const auto crossEntropy = columnOf(losses, "cross_entropy");
    if (!loss || !crossEntropy) {
        return {};
    }
    HistorySeries difference{{}, {"price"}, losses.steps, {}};
    difference.values.reserve(losses.rows());
    for (std::size_t row = 0; row < losses.rows(); ++row) {
        const auto values = losses.row(row);
        difference.values.push_back(values[*loss] - values[*crossEntropy]);
    }
    return thinnedColumn(difference, 0, look.stretches);
}

PlotColour colourOf(GateSubject subject)
{
    return subject == GateSubject::Weights ? PlotColour::Weights : PlotColour::Activations;
}

PlotGuide mark(int id, double probability, bool isDashed, const QString& text)
{
    PlotGuide guide;
    guide.id = id;
    guide.orientation = Qt::Horizontal;
    guide.value = probability;
    guide.colour = PlotColour::Reference;
    guide.isDashed = isDashed;
    guide.text = [text](double) { return text; };
    return guide;
}

PlotGuide openMark()
{
    return mark(2, kOpenProbability, false,
                RunWords::tr("open > %1").arg(QLocale().toString(kOpenProbability)));
}
} // namespace

PlotScene lossScene(const RunHistory& history, const RunLook& look)
{
    const HistorySeries* losses = history.find("losses");
    PlotScene scene =
        sceneOver(history, losses, look,
                  RunWords::tr("The losses appear here with the first recorded step."));
    scene.y.title = RunWords::tr("Loss of a step");
    scene.y.isLog = look.isLog;
    addColumn(scene, losses, "cross_entropy", look,
              {.name = RunWords::tr("cross-entropy"), .colour = PlotColour::Weights});
    if (losses != nullptr && losses->rows() > 0) {
        CurveSeries price;
        price.name = RunWords::tr("λ × regulariser");
        price.colour = PlotColour::Activations;
        price.pen = Qt::DashLine;
        price.points = priceOfBits(*losses, look);
        scene.curves.push_back(std::move(price));
    }
    addColumn(scene, losses, "loss", look,
              {.name = RunWords::tr("sum"), .colour = PlotColour::Text, .width = kFaintWidth});
    return scene;
}

PlotScene accuracyScene(const RunHistory& history, const RunLook& look)
{
    const HistorySeries* evaluation = history.find("evaluation");
    const HistorySeries* losses = history.find("losses");
    PlotScene scene = sceneOver(
        history, evaluation, look,
        RunWords::tr("Accuracy on the test images appears here with the first evaluation."));
    scene.y.title = RunWords::tr("Top-1, %");
    addColumn(scene, losses, "train_top1_percent", look,
              {.name = RunWords::tr("training batch"),
               .colour = PlotColour::Reference,
               .width = kFaintWidth});
    addColumn(
        scene, evaluation, "top1_percent", look,
        {.name = RunWords::tr("test images"), .colour = PlotColour::Weights, .hasDots = true});
    return scene;
}

PlotScene bopsScene(const RunHistory& history, const RunLook& look)
{
    const HistorySeries* evaluation = history.find("evaluation");
    PlotScene scene =
        sceneOver(history, evaluation, look,
                  RunWords::tr("The cost of the network appears here with the first evaluation."));
    scene.y.title = RunWords::tr("BOPs, % of FP32");
    scene.y.isLog = look.isLog;
    addColumn(scene, evaluation, "expected_relative_bops_percent", look,
              {.name = RunWords::tr("expected"),
               .colour = PlotColour::Activations,
               .pen = Qt::DashLine,
               .hasDots = true});
    addColumn(scene, evaluation, "relative_bops_percent", look,
              {.name = RunWords::tr("by open gates"),
               .colour = PlotColour::Weights,
               .isStepped = true,
               .hasDots = true});
    return scene;
}

PlotScene rateScene(const RunHistory& history, const RunLook& look)
{
    const HistorySeries* rates = history.find("learning_rates");
    PlotScene scene =
        sceneOver(history, rates, look,
                  RunWords::tr("The learning rates appear here with the first recorded step."));
    scene.y.title = RunWords::tr("Learning rate");
    scene.y.isLog = look.isLog;
    addColumn(scene, rates, "weights", look,
              {.name = RunWords::tr("weights"), .colour = PlotColour::Weights});
    addColumn(scene, rates, "gates", look,
              {.name = RunWords::tr("gates"), .colour = PlotColour::Good, .pen = Qt::DashLine});
    addColumn(scene, rates, "ranges", look,
              {.name = RunWords::tr("ranges"),
               .colour = PlotColour::Activations,
               .pen = Qt::DashDotLine});
    return scene;
}

PlotScene gateScene(const RunHistory& history, const GateSite& site, GateSubject subject,
                    const RunLook& look)
{
    const HistorySeries* gates = history.find("gate_probabilities");
    PlotScene scene = sceneOver(
        history, gates, look, RunWords::tr("The gates appear here with the first recorded step."));
    scene.y.title = subject == GateSubject::Weights ? RunWords::tr("P(open), weights")
                                                    : RunWords::tr("P(open), activations");
    scene.y.range = AxisRange{-0.02, 1.02};
    if (gates == nullptr || gates->rows() == 0) {
        return scene;
    }
    constexpr std::array<Qt::PenStyle, 4> kPens{Qt::SolidLine, Qt::DashLine, Qt::DashDotLine,
                                                Qt::DotLine};
    for (std::size_t i = 0; i < GateReading::kLevels.size(); ++i) {
        CurveSeries curve;
        // The unit once: the key has to fit beside the plot.
        const bool isLast = i + 1 == GateReading::kLevels.size();
        curve.name = isLast ? RunWords::tr("%n bit(s)", nullptr, GateReading::kLevels[i])
                            : QLocale().toString(GateReading::kLevels[i]);
        curve.colour = colourOf(subject);
        curve.pen = kPens[i];
        curve.width = 1.8;
        curve.endLabel = QLocale().toString(GateReading::kLevels[i]);
        curve.points = thinnedColumn(*gates, site.column + 1 + i, look.stretches);
        scene.curves.push_back(std::move(curve));
    }
    if (subject == GateSubject::Weights) {
        CurveSeries kept;
        kept.name = RunWords::tr("kept, mean");
        kept.colour = PlotColour::Good;
        kept.width = 1.8;
        kept.endLabel = RunWords::tr("kept");
        kept.points = thinnedColumn(*gates, site.column, look.stretches);
        scene.curves.push_back(std::move(kept));
    }
    scene.guides.push_back(openMark());
    scene.guides.push_back(
        mark(3, kAbsorbedProbability, true,
             RunWords::tr("shut for good ≤ %1").arg(QLocale().toString(0.40, 'f', 2))));
    return scene;
}

namespace {
/// The same column with the other sign: the range of a signed quantizer lies on both sides.
std::vector<QPointF> mirrored(std::vector<QPointF> points)
{
    for (QPointF& point : points) {
        point.setY(-point.y());
    }
    return points;
}
} // namespace

PlotScene rangeScene(const RunHistory& history, const std::string& site, GateSubject subject,
                     const RunLook& look)
{
    const HistorySeries* ranges = history.find("ranges");
    PlotScene scene =
        sceneOver(history, ranges, look,
                  RunWords::tr("The ranges appear here with the first recorded step."));
    scene.y.title = subject == GateSubject::Weights ? RunWords::tr("Range of the weights")
                                                    : RunWords::tr("Range of the activations");
    const auto reading = rangeReading(history, site, look.time);
    if (!reading) {
        return scene;
    }
    const bool isSigned = reading->isSigned().value_or(subject == GateSubject::Weights);
    addColumn(scene, ranges, site.c_str(), look,
              {.name = isSigned ? RunWords::tr("range, ±x_max") : RunWords::tr("range, x_max"),
               .colour = colourOf(subject),
               .width = 1.8});
    if (isSigned && !scene.curves.empty()) {
        CurveSeries lower = scene.curves.back();
        lower.name.clear();
        lower.points = mirrored(std::move(lower.points));
        scene.curves.push_back(std::move(lower));
    }
    const HistorySeries* tensors = history.find("tensor_ranges");
    CurveSeries seen;
    seen.colour = PlotColour::Text;
    seen.pen = Qt::DotLine;
    seen.width = kFaintWidth;
    seen.hasDots = true;
    seen.name = RunWords::tr("smallest and largest value");
    addColumn(scene, tensors, (site + "/max").c_str(), look, seen);
    seen.name.clear();
    addColumn(scene, tensors, (site + "/min").c_str(), look, seen);
    if (reading->clippedPercent) {
        scene.caption = RunWords::tr("%1 of the values lie outside the range.")
                            .arg(formatPercent(reading->clippedPercent));
    }
    return scene;
}

PlotScene channelScene(const ChannelReading& reading)
{
    PlotScene scene;
    scene.x.title = RunWords::tr("Channels, the most probable first");
    scene.x.style = NumberStyle::Index;
    scene.y.title = RunWords::tr("P(kept)");
    scene.y.range = AxisRange{0, 1.02};
    scene.emptyText = RunWords::tr("The channels of this weight cannot be pruned.");
    BarSeries kept;
    BarSeries pruned;
    kept.name = RunWords::tr("kept");
    pruned.name = RunWords::tr("pruned");
    pruned.colour = PlotColour::Reference;
    std::size_t place = 0;
    for (const int channel : reading.order) {
        const double p = reading.probabilities[static_cast<std::size_t>(channel)];
        const bool isKept = gateStateOf(p) == GateState::Open;
        kept.edges.push_back(static_cast<double>(place));
        pruned.edges.push_back(static_cast<double>(place++));
        kept.heights.push_back(isKept ? p : 0);
        pruned.heights.push_back(isKept ? 0 : p);
    }
    if (place == 0) {
        return scene;
    }
    kept.edges.push_back(static_cast<double>(place));
    pruned.edges.push_back(static_cast<double>(place));
    scene.x.range = AxisRange{0, static_cast<double>(place)};
    kept.firstId = 0;
    scene.bars.push_back(std::move(kept));
    scene.bars.push_back(std::move(pruned));
    scene.guides.push_back(
        mark(2, kOpenProbability, false,
             RunWords::tr("kept > %1").arg(QLocale().toString(kOpenProbability))));
    return scene;
}

PlotScene channelHistogramScene(const ChannelReading& reading)
{
    PlotScene scene;
    scene.x.title = RunWords::tr("P(kept)");
    scene.x.range = AxisRange{0, 1};
    scene.y.title = RunWords::tr("Channels");
    scene.y.style = NumberStyle::Index;
    scene.y.startsAtZero = true;
    scene.emptyText = RunWords::tr("The channels of this weight cannot be pruned.");
    if (reading.probabilities.empty()) {
        return scene;
    }
    BarSeries bars;
    bars.firstId = 0;
    bars.heights = reading.histogram(kHistogramBins);
    for (int i = 0; i <= kHistogramBins; ++i) {
        bars.edges.push_back(static_cast<double>(i) / kHistogramBins);
    }
    scene.bars.push_back(std::move(bars));
    PlotGuide open = openMark();
    open.orientation = Qt::Vertical;
    open.text = [](double) {
        return RunWords::tr("kept > %1").arg(QLocale().toString(kOpenProbability));
    };
    scene.guides.push_back(open);
    return scene;
}

std::int64_t stepOfStop(const PlotScene& scene, int id)
{
    const int index = id - scene.stops.firstId;
    return index < 0 || index >= static_cast<int>(scene.stops.x.size())
               ? 0
               : std::llround(scene.stops.x[static_cast<std::size_t>(index)]);
}

namespace {
/// "cross-entropy: 0.123", from the last row of a series at a step.
class StepText {
public:
    StepText(const RunHistory& history, const char* series, std::int64_t step)
        : m_series(history.find(series)),
          m_row(m_series == nullptr ? std::nullopt : rowAt(*m_series, step))
    {
        if (m_row) {
            m_lines << RunWords::tr("Step %1").arg(formatExact(m_series->steps[*m_row]));
        }
    }

    StepText& add(const QString& name, const std::string& column)
    {
        const auto index = m_row ? columnOf(*m_series, column) : std::nullopt;
        return index ? addText(name, formatSignificant(m_series->row(*m_row)[*index])) : *this;
    }
    StepText& addText(const QString& name, const QString& value)
    {
        m_lines << RunWords::tr("%1: %2").arg(name, value);
        return *this;
    }
    QString text() const { return m_lines.join(u'\n'); }

private:
    const HistorySeries* m_series;
    std::optional<std::size_t> m_row;
    QStringList m_lines;
};
} // namespace

QString stepText(const RunHistory& history, RunFigures figures, std::int64_t step)
{
    const auto text = [&](const char* series,
                          const std::vector<std::pair<const char*, QString>>& columns) {
        StepText lines(history, series, step);
        for (const auto& [column, name] : columns) {
            lines.add(name, column);
        }
        return lines.text();
    };
    switch (figures) {
    case RunFigures::Losses:
        return text("losses", {{"cross_entropy", RunWords::tr("cross-entropy")},
                               {"regulariser", RunWords::tr("regulariser, before λ")},
                               {"loss", RunWords::tr("sum")}});
    case RunFigures::Evaluation:
        return text("evaluation",
                    {{"top1_percent", RunWords::tr("top-1 on the test images, %")},
                     {"relative_bops_percent", RunWords::tr("BOPs by open gates, % of FP32")},
                     {"expected_relative_bops_percent", RunWords::tr("expected BOPs, % of FP32")},
                     {"absorbed_gates", RunWords::tr("gates shut for good")}});
    case RunFigures::Rates:
        break;
    }
    return text("learning_rates", {{"weights", RunWords::tr("weights")},
                                   {"gates", RunWords::tr("gates")},
                                   {"ranges", RunWords::tr("ranges")}});
}

QString gateText(const RunHistory& history, const GateSite& site, std::int64_t step)
{
    StepText text(history, "gate_probabilities", step);
    for (const int level : GateReading::kLevels) {
        text.add(RunWords::tr("%n bit(s)", nullptr, level),
                 site.name + "/" + std::to_string(level));
    }
    return text.add(RunWords::tr("channels kept, mean"), site.name + "/kept").text();
}

QString rangeText(const RunHistory& history, const std::string& site, std::int64_t step)
{
    StepText text(history, "ranges", step);
    text.add(RunWords::tr("range, x_max"), site);
    if (const auto reading = rangeReading(history, site, step)) {
        const auto add = [&text](const QString& name, const std::optional<double>& value) {
            if (value) {
                text.addText(name, formatSignificant(*value));
            }
        };
        add(RunWords::tr("smallest value"), reading->low);
        add(RunWords::tr("largest value"), reading->high);
        add(RunWords::tr("values outside the range, %"), reading->clippedPercent);
    }
    return text.text();
}

QString seriesCsv(const HistorySeries& series, const std::string& site)
{
    std::vector<std::size_t> columns;
    QString text = QStringLiteral("step");
    for (std::size_t column = 0; column < series.columns.size(); ++column) {
        const std::string& name = series.columns[column];
        if (site.empty() || name == site || name.starts_with(site + "/") ||
            name.starts_with(site + "[")) {
            columns.push_back(column);
            text += u',' + csvField(QString::fromStdString(name));
        }
    }
    text += u'\n';
    for (std::size_t row = 0; row < series.rows(); ++row) {
        text += QString::number(series.steps[row]);
        const auto values = series.row(row);
        for (const std::size_t column : columns) {
            text += u',' + (std::isfinite(values[column]) ? QString::number(values[column], 'g', 9)
                                                          : QString());
        }
        text += u'\n';
    }
    return text;
}

} // namespace bitloom::ui
