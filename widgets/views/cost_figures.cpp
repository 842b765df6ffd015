// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/cost_figures.h"

#include "widgets/util/formatting.h"

#include <QCoreApplication>

#include <cmath>

namespace bitloom::ui {

namespace {
class CostText {
    Q_DECLARE_TR_FUNCTIONS(CostFigures)
};

/// A formatted magnitude with the sign of the value; "±0" is no change.
QString withSign(double value, const QString& magnitude)
{
    return value == 0 ? CostText::tr("no change")
                      : (value < 0 ? QChar(0x2212) : QChar(u'+')) + magnitude;
}

QString withUnit(const QString& number, const QString& unit)
{
    return unit.isEmpty() ? number : number + QChar(0x00A0) + unit;
}

FigureText bytesText(const CostFigures& figures, const CostReference* reference)
{
    FigureText text;
    text.caption = CostText::tr("Size");
    text.value = formatBytes(figures.bytes);
    const auto fp32 = static_cast<double>(figures.bytesFp32);
    const auto now = static_cast<double>(figures.bytes);
    if (now > 0 && fp32 > 0) {
        text.detail = fp32 >= now ? CostText::tr("%1 smaller").arg(formatRatio(fp32, now))
                                  : CostText::tr("%1 larger").arg(formatRatio(now, fp32));
    }
    text.definition =
        definitionOf(Metric::Size).meaning + u'\n' +
        CostText::tr("This plan: %1. FP32: %2.")
            .arg(formatExactBytes(figures.bytes), formatExactBytes(figures.bytesFp32));
    if (reference != nullptr) {
        const std::int64_t change = figures.bytes - reference->figures.bytes;
        text.change = withSign(static_cast<double>(change), formatBytes(std::abs(change)));
    }
    return text;
}

FigureText bopsText(const CostFigures& figures, const CostReference* reference)
{
    FigureText text;
    text.caption = CostText::tr("Bit operations");
    text.value = figures.bopsFp32 > 0 ? formatPercent(figures.bopsPercent()) : notKnown();
    text.detail = CostText::tr("of FP32");
    text.definition = definitionOf(Metric::Bops).meaning + u'\n' +
                      CostText::tr("This plan: %1 BOPs for %2 MACs.")
                          .arg(formatExact(figures.bops), formatExact(figures.macs));
    if (reference != nullptr && figures.bopsFp32 > 0) {
        const double change = figures.bopsPercent() - reference->figures.bopsPercent();
        text.inPoints = true;
        text.change =
            figures.bops == reference->figures.bops ? withSign(0, {}) : formatSigned(change);
    }
    return text;
}

FigureText lossText(const CostFigures& figures, const CostReference* reference,
                    const QString& lossUnit)
{
    FigureText text;
    text.caption = CostText::tr("Predicted loss");
    text.predicted = figures.predictedLoss.has_value();
    text.value = figures.predictedLoss
                     ? withUnit(formatSignificant(*figures.predictedLoss), lossUnit)
                     : notKnown();
    text.definition = definitionOf(Metric::PredictedLoss).meaning;
    if (!figures.predictedLoss) {
        text.definition += u'\n' + CostText::tr("Not known: the table lacks widths of this plan.");
    } else if (reference != nullptr && reference->figures.predictedLoss) {
        const double change = *figures.predictedLoss - *reference->figures.predictedLoss;
        text.change = withSign(change, formatSignificant(std::abs(change)));
    }
    return text;
}

FigureText accuracyText(const CostFigures& figures, const CostReference* reference)
{
    FigureText text;
    text.caption = CostText::tr("Measured accuracy");
    text.value = formatPercent(figures.measuredAccuracy);
    text.definition = definitionOf(Metric::Top1).meaning;
    if (!figures.measuredAccuracy) {
        text.detail = CostText::tr("not measured");
        text.definition += u'\n' + CostText::tr("This plan has not been evaluated yet.");
    } else if (reference != nullptr && reference->figures.measuredAccuracy) {
        text.change =
            formatSigned(*figures.measuredAccuracy - *reference->figures.measuredAccuracy);
        text.inPoints = true;
    }
    return text;
}
} // namespace

Metric metricOf(Figure figure)
{
    switch (figure) {
    case Figure::Bytes:
        return Metric::Size;
    case Figure::Bops:
        return Metric::Bops;
    case Figure::PredictedLoss:
        return Metric::PredictedLoss;
    case Figure::MeasuredAccuracy:
        break;
    }
    return Metric::Top1;
}

FigureText figureText(Figure figure, const CostFigures& figures, const CostReference* reference,
                      const QString& lossUnit)
{
    FigureText text;
    switch (figure) {
    case Figure::Bytes:
        text = bytesText(figures, reference);
        break;
    case Figure::Bops:
        text = bopsText(figures, reference);
        break;
    case Figure::PredictedLoss:
        text = lossText(figures, reference, lossUnit);
        break;
    case Figure::MeasuredAccuracy:
        text = accuracyText(figures, reference);
        break;
    }
    if (reference != nullptr && !text.change.isEmpty()) {
        text.definition +=
            u'\n' + (text.inPoints
                         ? CostText::tr("In brackets: the change against %1 in percentage points.")
                         : CostText::tr("In brackets: the change against %1."))
                        .arg(reference->name);
    }
    return text;
}

} // namespace bitloom::ui
