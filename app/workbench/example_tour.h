// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/job_center.h"

#include <QObject>
#include <QString>

namespace bitloom::workbench {

class BudgetAssistant;
class MainWindow;
class PanelSet;
class PlanDocument;
class SensitivityRun;

/// Does the main job in the open window, as a user would: measures the sensitivity, gives a second
/// plan a budget, measures both, packs the second. Each step is a job in the list. Ends as soon as
/// the user edits, shows another plan, stops a job or closes the model. GUI thread only.
class ExampleTour final : public QObject {
    Q_OBJECT
public:
    /// All references must outlive the tour.
    struct Parts {
        PlanDocument& document;
        JobCenter& jobs;
        SensitivityRun& sweep;
        BudgetAssistant& budget;
        MainWindow& window;
    };
    ExampleTour(const Parts& parts, PanelSet& panels, QObject* parent = nullptr);

    /// The example's project has just been opened.
    void start();
    bool isRunning() const { return m_step != Step::None; }

private:
    enum class Step { None, Sweep, Frontier, Renewal, Preview, Measure, Pack, Prove };
    void end() { m_step = Step::None; }
    void addBudgetPlan();
    void askForBudget();
    void takeBudget();
    void measure();
    void proceedWhenIdle(bool busy);
    bool isUntouched() const;
    void remember();

    Parts m_parts;
    PanelSet& m_panels;
    Step m_step = Step::None;
    QString m_shown; ///< the plan that the tour left shown
    int m_edits = 0; ///< steps of the undo stack then
};

} // namespace bitloom::workbench
