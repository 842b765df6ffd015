// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/plot_axes.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>
#include <QPicture>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace bitloom::ui {

namespace {
/// Round ticks in the user's locale instead of the library's own.
class Ticker final : public QCPAxisTicker {
public:
    Ticker(bool isLog, NumberStyle style) : m_isLog(isLog), m_style(style) {}

    void setMaxTicks(int count) { m_maxTicks = count; }

    void generate(const QCPRange& range, const QLocale& /*locale*/, QChar /*formatChar*/,
                  int /*precision*/, QVector<double>& ticks, QVector<double>* subTicks,
                  QVector<QString>* tickLabels) override
    {
        std::vector<double> values = axisTicks({range.lower, range.upper}, m_isLog, m_maxTicks);
        if (m_style == NumberStyle::Index) {
            std::erase_if(values, [](double value) { return value != std::round(value); });
        }
        ticks = QVector<double>(values.begin(), values.end());
        if (subTicks != nullptr) {
            subTicks->clear();
        }
        if (tickLabels != nullptr) {
            const std::vector<QString> texts = tickTexts(values, m_style);
            *tickLabels = QVector<QString>(texts.begin(), texts.end());
        }
    }

private:
    bool m_isLog;
    NumberStyle m_style;
    int m_maxTicks = 5;
};

void setAxis(QCPAxis& axis, const PlotAxis& wanted, const AxisRange& range)
{
    axis.setScaleType(wanted.isLog ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    axis.setRange(range.low, range.high);
    axis.setTicker(QSharedPointer<QCPAxisTicker>(new Ticker(wanted.isLog, wanted.style)));
}

void setMaxTicks(QCPAxis& axis, double pixels, double pixelsPerTick)
{
    static_cast<Ticker*>(axis.ticker().data()) // set by setAxis() only
        ->setMaxTicks(std::clamp(static_cast<int>(pixels / pixelsPerTick), 2, 12));
}

constexpr int kRight = 16; // half of the last tick's label hangs over
constexpr int kBottom = 6;
} // namespace

class PlotAxes::Engine final : public QCustomPlot {
public:
    Engine()
    {
        // The constructor asks for a drawing on a screen that it never gets.
        QCoreApplication::removePostedEvents(this, QEvent::MetaCall);
        setBackground(Qt::NoBrush);
        axisRect()->setBackground(Qt::NoBrush);
        axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
        plotLayout()->setMargins(QMargins(0, 0, 0, 0));
        for (QCPAxis* axis : {xAxis, yAxis}) {
            axis->setSubTicks(false);
            axis->setTickLength(0, 0);
            axis->setTickPen(QPen(Qt::transparent));
            axis->grid()->setZeroLinePen(Qt::NoPen);
            axis->setPadding(6);
            axis->setLabelPadding(6);
        }
        yAxis->setBasePen(Qt::NoPen);
        yAxis->setTickLabelPadding(8);
    }

    using QCustomPlot::updateLayout;
};

PlotAxes::PlotAxes() : m_engine(std::make_unique<Engine>())
{
}
PlotAxes::~PlotAxes() = default;

void PlotAxes::setAxes(const PlotAxis& x, const PlotAxis& y, const AxisRange& xRange,
                       const AxisRange& yRange)
{
    m_isXLog = x.isLog;
    m_isXIndex = x.style == NumberStyle::Index;
    m_isYLog = y.isLog;
    setAxis(*m_engine->xAxis, x, xRange);
    setAxis(*m_engine->yAxis, y, yRange);
    m_engine->xAxis->setLabel(x.title); // that of y stands in the header, where it can be read
}

void PlotAxes::setLook(const Theme& theme, const QFont& font)
{
    for (QCPAxis* axis : {m_engine->xAxis, m_engine->yAxis}) {
        axis->setTickLabelFont(font);
        axis->setLabelFont(font);
        axis->setTickLabelColor(theme.dimText());
        axis->setLabelColor(theme.dimText());
        axis->grid()->setPen(QPen(theme.grid(), 1));
    }
    m_engine->xAxis->setBasePen(QPen(theme.dimText(), 1));
}

PlotFrame PlotAxes::layout(QSize size, int headerHeight, bool hasMarks)
{
    m_size = size;
    const QFontMetricsF metrics(m_engine->xAxis->tickLabelFont());
    m_engine->xAxis->setTickLabelPadding(hasMarks ? 12 : 6);
    m_engine->axisRect()->setMargins(QMargins(0, headerHeight, kRight, kBottom));
    setMaxTicks(
        *m_engine->xAxis, size.width() - 80,
        metrics.horizontalAdvance(m_isXIndex ? QStringLiteral("0000") : QStringLiteral("0.0000")) +
            14);
    setMaxTicks(*m_engine->yAxis, size.height() - headerHeight - 40, metrics.height() * 2);
    m_engine->setViewport(QRect(QPoint(0, 0), size));
    m_engine->updateLayout();
    PlotFrame frame;
    frame.area = QRectF(m_engine->axisRect()->rect());
    const QCPRange x = m_engine->xAxis->range();
    const QCPRange y = m_engine->yAxis->range();
    frame.x = {{x.lower, x.upper}, m_isXLog, frame.area.left(), frame.area.right()};
    frame.y = {{y.lower, y.upper}, m_isYLog, frame.area.bottom(), frame.area.top()};
    return frame;
}

void PlotAxes::paint(QPainter& painter) const
{
    // The library wants a painter of its own class, and a device takes one painter at a time.
    QPicture picture;
    {
        QCPPainter recorder(&picture);
        m_engine->toPainter(&recorder, m_size.width(), m_size.height());
    }
    painter.drawPicture(0, 0, picture);
}

} // namespace bitloom::ui
