// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/painted_chart.h"
#include "widgets/plots/precision_view.h"

#include <memory>

namespace bitloom::ui {

/// Which bit widths feed which: activations (rows) into weights (columns), with the number of
/// layers in each cell, darker for more of the model's MACs.
class TransitionMatrix final : public PaintedChart {
    Q_OBJECT
public:
    explicit TransitionMatrix(QWidget* parent = nullptr);

    void setView(std::shared_ptr<const TransitionView> view); ///< null: nothing yet
    static int spotId(int activationBits, int weightBits)
    {
        return activationBits * 100 + weightBits;
    }

    QString csv() const override;
    QSize sizeHint() const override { return {320, 240}; }
    QSize minimumSizeHint() const override { return {160, 120}; }

Q_SIGNALS:
    void transitionActivated(int activationBits, int weightBits);

private:
    std::shared_ptr<const TransitionView> m_view;
};

} // namespace bitloom::ui
