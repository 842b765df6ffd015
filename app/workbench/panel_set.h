// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace bitloom::workbench {

class BudgetAssistant;
class JobCenter;
class LogPanel;
class MainWindow;
class PlanDocument;
class PlanEditor;
class QtMessages;
class Selection;

/// Makes the editor and all panels, puts them into the window, and connects what they say with who
/// should hear it. The window owns the panels.
class PanelSet final : public QObject {
    Q_OBJECT
public:
    PanelSet(MainWindow& window, PlanDocument& document, Selection& selection, JobCenter& jobs,
             BudgetAssistant& budget);
    ~PanelSet() override;

    LogPanel& log() { return *m_log; }
    PlanEditor& editor() { return *m_editor; }

private:
    void addEditor(PlanDocument& document, Selection& selection, BudgetAssistant& budget);
    void addLog(JobCenter& jobs);
    /// A sentence that is not worth a notice: status line and log.
    void say(const QString& sentence);

    MainWindow& m_window;
    PlanEditor* m_editor = nullptr;
    LogPanel* m_log = nullptr;
    QtMessages* m_messages = nullptr;
};

} // namespace bitloom::workbench
