// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/command_lines.h"

#include <QObject>

namespace bitloom::workbench {

class BudgetAssistant;
class DataChoice;
class EvaluatePanel;
class ExportPanel;
class JobCenter;
class LogPanel;
class MainWindow;
class Measurements;
class PlanCommands;
class PlanDocument;
class PlanEditor;
class ProjectStore;
class RunFeed;
class RunView;
class QtMessages;
class SearchPanel;
class SearchRun;
class Selection;
class SensitivityPanel;

/// What panels show and work on. All of it must outlive the window.
struct PanelParts {
    PlanDocument& document;
    Selection& selection;
    JobCenter& jobs;
    BudgetAssistant& budget;
    ProjectStore& store;
    RunView& run;
    RunFeed& runs;
    DataChoice& data;
    Measurements& measurements;
    SearchRun& search;
    CommandLineOf commandLine;
};

/// Makes the editor and all panels, puts them into the window, and connects what they say with who
/// should hear it. The window owns the panels.
class PanelSet final : public QObject {
    Q_OBJECT
public:
    /// "run.sensitivity" must be registered already.
    PanelSet(MainWindow& window, const PanelParts& parts);
    ~PanelSet() override;

    LogPanel& log() { return *m_log; }
    PlanCommands& commands() { return *m_commands; }
    PlanEditor& editor() { return *m_editor; }
    SensitivityPanel& sensitivity() { return *m_sensitivity; }
    EvaluatePanel& evaluate() { return *m_evaluate; }
    ExportPanel& exporting() { return *m_export; }
    SearchPanel& search() { return *m_search; }

private:
    void addEditor(const PanelParts& parts);
    void addCloseUps(const PanelParts& parts);
    void addResults(const PanelParts& parts);
    void addLog(const PanelParts& parts);
    /// A sentence that is not worth a notice: status line and log.
    void say(const QString& sentence);

    MainWindow& m_window;
    PlanEditor* m_editor = nullptr;
    LogPanel* m_log = nullptr;
    PlanCommands* m_commands = nullptr;
    SensitivityPanel* m_sensitivity = nullptr;
    EvaluatePanel* m_evaluate = nullptr;
    ExportPanel* m_export = nullptr;
    SearchPanel* m_search = nullptr;
    QtMessages* m_messages = nullptr;
};

} // namespace bitloom::workbench
