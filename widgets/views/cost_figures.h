// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/util/definitions.h"

#include <QString>

#include <cstdint>
#include <optional>

namespace bitloom::ui {

/// What a plan costs, as the cost strip shows it. Definitions: core/cost/cost_model.h.
struct CostFigures {
    std::int64_t bytes = 0;     ///< all stored payload
    std::int64_t bytesFp32 = 0; ///< of the unquantized model
    std::int64_t bops = 0;
    std::int64_t bopsFp32 = 0; ///< 1024 * MACs
    std::int64_t macs = 0;
    std::optional<double> predictedLoss;    ///< sum of the layers' losses
    std::optional<double> measuredAccuracy; ///< top-1, percent; of exactly this plan

    double bopsPercent() const
    {
        return bopsFp32 > 0 ? 100.0 * static_cast<double>(bops) / static_cast<double>(bopsFp32)
                            : 0.0;
    }
    bool operator==(const CostFigures&) const = default;
};

/// What the figures are compared with: FP32, W8A8, the last measured plan.
struct CostReference {
    QString id;   ///< for settings, "fp32"
    QString name; ///< for the user
    CostFigures figures;
};

enum class Figure { Bytes, Bops, PredictedLoss, MeasuredAccuracy };
Metric metricOf(Figure figure);

/// The parts of one figure's text, already formatted.
struct FigureText {
    QString caption;    ///< "Size"
    QString value;      ///< "4.10 MB", or a dash
    QString detail;     ///< "7.41× smaller"; may be empty
    QString change;     ///< "−1.20 MB" against the reference; empty: not known
    QString definition; ///< one sentence, then exact values
    bool predicted = false;
    bool inPoints = false; ///< the change is a difference of percentages
};

FigureText figureText(Figure figure, const CostFigures& figures, const CostReference* reference,
                      const QString& lossUnit);

} // namespace bitloom::ui
