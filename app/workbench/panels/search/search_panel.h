// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/document/plan_document.h"
#include "app/workbench/jobs/job_center.h"
#include "core/types/method_description.h"
#include "widgets/views/panel.h"

#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace bitloom::ui {
class OptionForm;
}

namespace bitloom::workbench {

class DataChoice;
class FailureLine;
class JobProgress;
class SearchRun;
struct SearchSettings;

/// Starts a search: the method, its presets and options, the images it trains on, the name of the
/// run; while it runs, how far it is, pause and cancel.
class SearchPanel final : public ui::Panel {
    Q_OBJECT
public:
    /// All references must outlive the panel. methods: to choose from, the first one is shown.
    SearchPanel(PlanDocument& document, JobCenter& center, DataChoice& choice, SearchRun& run,
                const std::vector<MethodDescription>& methods, QWidget* parent = nullptr);

    /// Shows these values of the shown method as if they had been entered.
    void setOptions(const OptionValues& values);
    ui::OptionForm& options() { return form(); }
    void start();

protected:
    void refresh() override;

private:
    const MethodDescription& method() const;
    ui::OptionForm& form() const;
    void chooseMethod();
    QWidget* makeHead();
    QWidget* makeFoot();
    QWidget* makeSteering();
    void lockAsInThePlan();
    void sendLocks();
    void choosePreset();
    /// Why the search cannot start; empty: it can.
    QString problem() const;
    QString proposedName() const;
    /// One search per value to sweep over, or the one.
    std::vector<SearchSettings> searches() const;
    /// Of the first option, which sweeps are over. Errors: InvalidArgument.
    std::vector<OptionValue> sweepValues() const;

    PlanDocument& m_document;
    DataChoice& m_choice;
    SearchRun& m_run;
    const std::vector<MethodDescription>& m_methods;
    QComboBox* m_method; ///< hidden while there is nothing to choose
    QLabel* m_title;
    QLabel* m_summary;
    QLabel* m_source;
    QComboBox* m_preset;
    QLabel* m_presetHelp;
    QSpinBox* m_images;
    QLineEdit* m_sweep;
    QLineEdit* m_name;
    std::vector<ui::OptionForm*> m_forms; ///< one per method; that of the chosen one is shown
    QLabel* m_problem;
    QPushButton* m_start;
    JobProgress* m_progress;
    QPushButton* m_lockAsPlan;
    QWidget* m_steering = nullptr;
    QLineEdit* m_locks;
    QPushButton* m_sendLocks;
    QPushButton* m_freeze;
    FailureLine* m_failure;
    bool m_nameChosen = false; ///< the name no longer follows the options
};

} // namespace bitloom::workbench
