// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/painted_chart.h"
#include "widgets/plots/precision_view.h"

#include <memory>

namespace bitloom::ui {

/// The precision distribution: one stacked bar each for parameters, MACs and bytes, in the colours
/// of the bit widths, shares written on the parts.
class PrecisionBars final : public PaintedChart {
    Q_OBJECT
public:
    explicit PrecisionBars(QWidget* parent = nullptr);

    void setView(std::shared_ptr<const PrecisionView> view); ///< null: nothing yet
    /// The id of a part: row 0 = parameters, 1 = MACs, 2 = bytes.
    static int spotId(int row, int bits) { return row * 100 + bits; }

    QString csv() const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {160, sizeHint().height()}; }

Q_SIGNALS:
    void bitsActivated(int bits); ///< a click on a part: its layers are wanted

private:
    std::shared_ptr<const PrecisionView> m_view;
};

} // namespace bitloom::ui
