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
        CostText::tr("Size: bytes of the packed weights with scales and zero points, "
                     "and of all other tensors as they are.") +
        u'\n' +
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
    text.definition =
        CostText::tr("BOPs: multiply-accumulates × weight bits × activation bits, summed over the "
                     "layers; FP32 counts 32 × 32.") +
        u'\n' +
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
    text.definition = CostText::tr("Predicted loss: sum of the losses that the sensitivity table "
                                   "gives each layer at its widths. Not a measurement.");
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
    text.definition =
        CostText::tr("Measured accuracy: share of the images whose best class is right, top-1.");
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
