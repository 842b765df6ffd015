// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/plots/frontier_scene.h"
#include "widgets/plots/plot.h"

#include <memory>

namespace bitloom::ui {

/// Accuracy or predicted loss against cost: step line of the plans that nothing beats, measured
/// points filled, predicted ones hollow, uniform plans as labelled diamonds, the edited plan as a
/// dashed ring, the budget as a line that can be dragged. A brushed part of the plane is told in
/// words above the axes.
class FrontierPlot final : public Plot {
    Q_OBJECT
public:
    explicit FrontierPlot(QWidget* parent = nullptr);

    void setView(std::shared_ptr<const FrontierView> view); ///< null: nothing yet
    void setOptions(const FrontierOptions& options);
    const FrontierOptions& options() const { return m_options; }

    /// In the unit of the cost axis: percent of FP32's BOPs, or bytes. None: no line.
    void setBudget(std::optional<double> budget);
    std::optional<double> budget() const { return m_budget; }
    /// Rings the points with this label; empty: none.
    void setSelected(const QString& label);
    const QString& selected() const { return m_selected; }

    /// The part of the plane that is brushed, in the units of the axes; none: all of it.
    void setBrush(const std::optional<PlotBrush>& part);
    const std::optional<PlotBrush>& brush() const { return m_brush; }
    /// What lies in it, without the edited plan; empty where nothing is brushed.
    QStringList brushedPlans() const;

    /// Where the points with a label are; none: not shown.
    std::optional<QPointF> pixelOf(const QString& label) const;
    std::optional<QPointF> budgetPixel() const; ///< the grip of its line

    /// All points of the view; while a part is brushed, with a column that says which lie in it.
    QString csv() const override;

Q_SIGNALS:
    void budgetDragged(double budget);
    void budgetReleased(double budget);
    void planActivated(const QString& label);
    void planHovered(const QString& label); ///< empty: left
    /// By the user, or because there are other points or axes.
    void brushedPlansChanged();

private:
    using Plot::setScene;
    void rebuild();
    void followBrush();
    bool isBrushed(const FrontierPoint& point) const;
    QString brushText() const;
    void showSelection();
    QString tooltipOf(int id) const;
    QString labelOf(int id) const;

    std::shared_ptr<const FrontierView> m_view;
    FrontierOptions m_options;
    std::optional<double> m_budget;
    QString m_selected;
    std::optional<PlotBrush> m_brush;
    std::optional<QStringList> m_brushed;        ///< as it was told last
    std::vector<FrontierScene::Entry> m_entries; ///< by point id
};

} // namespace bitloom::ui
