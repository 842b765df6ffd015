// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/budget_row.h"
#include "widgets/views/cost_figures.h"

#include <QList>
#include <QWidget>

#include <array>

class QComboBox;

namespace bitloom::ui {

class FigureButton;

/// The plan's cost, always in sight: four figures with their change against a reference, and the
/// budget below.
class CostStrip final : public QWidget {
    Q_OBJECT
public:
    explicit CostStrip(QWidget* parent = nullptr);

    /// Absent: no plan; all figures are dashes.
    void setFigures(const std::optional<CostFigures>& figures);
    /// What can be chosen to compare with; the chosen one stays if it is still there.
    void setReferences(const QList<CostReference>& references);
    void setReference(const QString& id);
    QString reference() const; ///< id; empty: none
    void setLossUnit(const QString& unit);
    BudgetRow* budget() const { return m_budget; }
    FigureText shown(Figure figure) const;

Q_SIGNALS:
    void figureActivated(bitloom::ui::Figure figure);
    void referenceChanged(const QString& id); ///< by the user
    void budgetChanged(double value);
    void budgetAccepted();

private:
    void showFigures();

    std::optional<CostFigures> m_figures;
    QList<CostReference> m_references;
    QString m_lossUnit;
    std::array<FigureButton*, 4> m_buttons{};
    QComboBox* m_reference;
    BudgetRow* m_budget;
};

} // namespace bitloom::ui
