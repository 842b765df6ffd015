// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/models/plan_diff_model.h"
#include "widgets/views/panel.h"

#include <QHash>
#include <QSet>

class QMenu;
class QTreeView;

namespace bitloom::workbench {

class PlanDocument;
class Selection;

/// Two or more plans side by side, layer by layer, with their totals. The rows share the window's
/// selection of layers; where two or more plans are selected, those are compared.
class ComparePanel final : public ui::Panel {
    Q_OBJECT
public:
    /// Plans that are compared unless the user chooses otherwise: more columns are hard to read.
    static constexpr int kProposedPlans = 4;

    /// Both references must outlive the panel.
    ComparePanel(PlanDocument& document, Selection& selection, QWidget* parent = nullptr);
    ~ComparePanel() override;

    void setCompared(const QString& plan, bool compared);
    QStringList comparedPlans() const; ///< in the document's order
    QList<ui::Picture> pictures() const override;

protected:
    void refresh() override;

private:
    ui::ComparedPlan comparedPlan(const QString& name) const;
    void startOver();
    /// Of the brushed plans those that are here; empty where they are too few to compare.
    QStringList brushedPlans() const;
    void fillMenu();
    void select();

    PlanDocument& m_document;
    Selection& m_selection;
    ui::PlanDiffModel* m_model;
    QTreeView* m_view;
    QMenu* m_menu;
    QAction* m_choose;
    QAction* m_onlyDifferences;
    QHash<QString, bool> m_chosen;              ///< by plan, where the user chose
    QHash<QString, ui::ComparedPlan> m_columns; ///< by plan; dropped when the plan changes
    bool m_selecting = false;
};

} // namespace bitloom::workbench
