// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/error_plot.h"

#include "widgets/util/formatting.h"

#include <algorithm>
#include <array>

namespace bitloom::ui {

namespace {
QString nameOf(Observer observer)
{
    switch (observer) {
    case Observer::MinMax:
        return ErrorPlot::tr("Min-max");
    case Observer::Percentile:
        return ErrorPlot::tr("Percentile");
    case Observer::Mse:
        return ErrorPlot::tr("MSE");
    }
    return {};
}

struct Look {
    Observer observer;
    PlotColour colour;
    MarkShape shape;
};
constexpr std::array kLooks = {
    Look{Observer::MinMax, PlotColour::Activations, MarkShape::Triangle},
    Look{Observer::Percentile, PlotColour::Good, MarkShape::Diamond},
    Look{Observer::Mse, PlotColour::Weights, MarkShape::Circle},
};
} // namespace

ErrorPlot::ErrorPlot(QWidget* parent) : Plot(parent)
{
    setAccessibleName(tr("Quantization error by bits and observer"));
    setTooltipProvider([this](int id) { return tooltipOf(id); });
    connect(this, &Plot::pointActivated, this, [this](int id) {
        const ObserverError& error = (*m_errors)[static_cast<std::size_t>(id)];
        Q_EMIT errorActivated(error.observer, error.bits);
    });
    rebuild();
}

void ErrorPlot::setErrors(std::shared_ptr<const std::vector<ObserverError>> errors)
{
    m_errors = std::move(errors);
    rebuild();
}

void ErrorPlot::setPlan(std::optional<Observer> observer, int bits)
{
    m_planObserver = observer;
    m_planBits = bits;
    showPlan();
}

void ErrorPlot::showPlan()
{
    std::vector<int> ids;
    for (std::size_t i = 0; m_errors && m_planObserver && i < m_errors->size(); ++i) {
        if ((*m_errors)[i].observer == *m_planObserver && (*m_errors)[i].bits == m_planBits) {
            ids.push_back(static_cast<int>(i));
        }
    }
    setSelectedPoints(std::move(ids));
}

void ErrorPlot::rebuild()
{
    PlotScene built;
    built.x.title = tr("Bits");
    built.x.style = NumberStyle::Index;
    built.y.title = tr("Mean squared error of the weights");
    built.y.isLog = true;
    built.emptyText = tr("Select a layer to see its quantization error at each bit width.");
    int lowest = kFloatBits;
    int highest = 0;
    int without = 0;
    for (const Look& look : kLooks) {
        PointSeries series;
        series.name = nameOf(look.observer);
        series.colour = look.colour;
        series.shape = look.shape;
        series.size = 9;
        series.isConnected = true;
        for (std::size_t i = 0; m_errors && i < m_errors->size(); ++i) {
            const ObserverError& error = (*m_errors)[i];
            if (error.observer != look.observer) {
                continue;
            }
            lowest = std::min(lowest, error.bits);
            highest = std::max(highest, error.bits);
            without += error.meanSquaredError > 0 ? 0 : 1;
            series.points.push_back(
                {static_cast<double>(error.bits), error.meanSquaredError, static_cast<int>(i), {}});
        }
        std::stable_sort(series.points.begin(), series.points.end(),
                         [](const PlotPoint& a, const PlotPoint& b) { return a.x < b.x; });
        if (!series.points.empty()) {
            built.points.push_back(std::move(series));
        }
    }
    if (highest >= lowest) {
        built.x.range = AxisRange{lowest - 0.5, highest + 0.5};
    }
    if (without > 0) {
        built.caption = tr("Without any error, below this axis: %1").arg(formatExact(without));
    }
    setScene(std::move(built));
    showPlan();
}

QString ErrorPlot::tooltipOf(int id) const
{
    if (!m_errors || id < 0 || static_cast<std::size_t>(id) >= m_errors->size()) {
        return {};
    }
    const ObserverError& error = (*m_errors)[static_cast<std::size_t>(id)];
    QString text = tr("%1, bits: %2\nMean squared error %3")
                       .arg(nameOf(error.observer), formatBits(error.bits),
                            formatSignificant(error.meanSquaredError));
    if (error.sqnrDb) {
        text +=
            u'\n' + tr("Signal to quantization noise %1 dB").arg(formatSigned(*error.sqnrDb, 1));
    }
    return text + u'\n' + tr("Click to take this observer and width");
}

QString ErrorPlot::csv() const
{
    QString text = QStringLiteral("observer,bits,mean_squared_error,sqnr_db\n");
    for (std::size_t i = 0; m_errors && i < m_errors->size(); ++i) {
        const ObserverError& error = (*m_errors)[i];
        const std::string_view observer = toString(error.observer);
        text += QString::fromUtf8(observer.data(), static_cast<qsizetype>(observer.size())) + u',' +
                QString::number(error.bits) + u',' +
                QString::number(error.meanSquaredError, 'g', 17) + u',' +
                (error.sqnrDb ? QString::number(*error.sqnrDb, 'g', 17) : QString()) + u'\n';
    }
    return text;
}

} // namespace bitloom::ui
