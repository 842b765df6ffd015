// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/layer_detail.h"
#include "widgets/plots/plot.h"

#include <memory>
#include <optional>
#include <vector>

namespace bitloom::ui {

/// Quantization error of one weight by bits, one line per observer, on a logarithmic axis.
class ErrorPlot final : public Plot {
    Q_OBJECT
public:
    explicit ErrorPlot(QWidget* parent = nullptr);

    void setErrors(std::shared_ptr<const std::vector<ObserverError>> errors); ///< null: nothing
    /// Rings what the plan has now; none: no ring.
    void setPlan(std::optional<Observer> observer, int bits);

    QString csv() const override;

Q_SIGNALS:
    /// A click on a point: the user wants this observer and width.
    void errorActivated(bitloom::Observer observer, int bits);

private:
    using Plot::setScene;
    void rebuild();
    void showPlan();
    QString tooltipOf(int id) const;

    std::shared_ptr<const std::vector<ObserverError>> m_errors; ///< ids are indices into it
    std::optional<Observer> m_planObserver;
    int m_planBits = 0;
};

} // namespace bitloom::ui
