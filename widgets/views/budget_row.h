// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/log_scale.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSlider;

namespace bitloom::ui {

enum class BudgetUnit { BopsPercent, Megabytes };

struct BudgetState {
    BudgetUnit unit = BudgetUnit::BopsPercent;
    double minimum = 0.1; ///< in the unit, > 0: the cheapest plan
    double maximum = 100; ///< the dearest plan
    double value = 100;
    /// A plan for this budget is on show and not taken yet.
    bool preview = false;
    /// How far its predicted loss may be from the best possible; 0: proven optimal; absent: not
    /// known (yet).
    std::optional<double> gap;
    QString lossUnit;
    /// One sentence why there is no allocation (no sensitivity table); empty: there is.
    QString unavailable;
};

/// The budget slider: a logarithmic slider and the same value as a number, the proof in words, and
/// the decision about the plan on show. It computes nothing: budgetChanged asks for a plan, and the
/// answer comes by setState.
class BudgetRow final : public QWidget {
    Q_OBJECT
public:
    explicit BudgetRow(QWidget* parent = nullptr);

    void setState(const BudgetState& state);
    const BudgetState& state() const { return m_state; }

Q_SIGNALS:
    /// While dragging and for each number that was entered.
    void budgetChanged(double value);
    void budgetAccepted();
    void budgetDiscarded();
    void unitChanged(bitloom::ui::BudgetUnit unit);

protected:
    void changeEvent(QEvent* event) override;

private:
    void sliderMoved(int step);
    void numberEntered(double value);
    void showProof();

    BudgetState m_state;
    LogScale m_scale{1, 1};
    QLabel* m_label;
    QSlider* m_slider;
    QDoubleSpinBox* m_number;
    QComboBox* m_unit;
    QLabel* m_proof;
    QPushButton* m_take;
    QPushButton* m_discard;
};

} // namespace bitloom::ui
