// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/document/plan_document.h"
#include "app/workbench/document/run_view.h"
#include "app/workbench/document/selection.h"
#include "app/workbench/jobs/budget_assistant.h"
#include "app/workbench/jobs/job_center.h"
#include "app/workbench/jobs/planner.h"
#include "app/workbench/opening/example_runner.h"
#include "app/workbench/opening/model_opener.h"
#include "app/workbench/panels/common/data_choice.h"
#include "app/workbench/panels/common/measurements.h"
#include "app/workbench/panels/plan/sensitivity_run.h"
#include "app/workbench/panels/search/search_run.h"
#include "app/workbench/project/project_session.h"
#include "app/workbench/project/run_feed.h"
#include "app/workbench/project/run_keeper.h"
#include "app/workbench/settings/recent_files.h"
#include "app/workbench/settings/settings.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>

namespace bitloom::workbench {

class CloseGuard;
class CommandPalette;
class DialogActions;
class ExampleTour;
class FileActions;
class MainWindow;
class PanelSet;
class PictureExchange;
class RunActions;
class WelcomePage;

/// The whole program but main(): makes the parts, introduces them to each other, and owns them.
/// GUI thread only.
class Workbench final : public QObject {
    Q_OBJECT
public:
    struct Options {
        QString settingsPath;         ///< empty: the system's place
        std::optional<QString> theme; ///< instead of the one in the settings, for this run
        std::optional<int> threads;
        std::optional<QString> device;
        QString exampleFolder;  ///< where the example is kept; empty: the system's place
        QString untitledFolder; ///< where projects without a name live; empty: the system's place
    };

    explicit Workbench(const Options& options);
    ~Workbench() override;

    /// Shows the window; after that, opens this file, folder or "arch:NAME" if it is not empty.
    void start(const QString& toOpen);

    MainWindow& window() { return *m_window; }
    PlanDocument& document() { return m_document; }
    JobCenter& jobs() { return m_jobs; }
    Settings& settings() { return m_settings; }
    RecentFiles& recentFiles() { return m_recent; }
    ModelOpener& opener() { return m_opener; }
    Selection& selection() { return m_selection; }
    CloseGuard& closeGuard() { return *m_guard; }
    CommandPalette& palette() { return *m_palette; }
    PanelSet& panels() { return *m_panels; }
    PictureExchange& pictures() { return *m_pictures; }
    ProjectSession& session() { return m_session; }
    DataChoice& data() { return m_data; }
    BudgetAssistant& budget() { return m_budget; }
    RunView& run() { return m_run; }
    RunFeed& runs() { return m_feed; }
    SensitivityRun& sweep() { return m_sweep; }
    ExampleTour& exampleTour() { return *m_tour; }

private:
    void connectOpening();
    void connectExample();
    void connectSession();
    void connectRuns();
    QString commandLine(const engine::JobSpec& spec);
    QString keptCopy(const BitPlan& plan);
    void writeReport(const BitPlan& plan, const QString& file);
    void tellSettingsState();
    void restoreColumns();
    void storeColumns();
    void applySettings();

    Options m_options;
    QString m_shownTheme;
    Settings m_settings;
    EngineBridge m_bridge;
    JobCenter m_jobs;
    PlanDocument m_document;
    Selection m_selection;
    RecentFiles m_recent;
    ModelOpener m_opener;
    Planner m_planner;
    BudgetAssistant m_budget;
    ProjectStore m_store;
    ProjectSession m_session;
    DataChoice m_data;
    Measurements m_measurements;
    SensitivityRun m_sweep;
    SearchRun m_search;
    RunKeeper m_keeper;
    RunView m_run;
    RunFeed m_feed;
    ExampleRunner m_example;
    std::unique_ptr<MainWindow> m_window;  ///< last: it shows the others
    CloseGuard* m_guard = nullptr;         ///< of the window
    WelcomePage* m_welcome = nullptr;      ///< of the window
    CommandPalette* m_palette = nullptr;   ///< of the window
    FileActions* m_files = nullptr;        ///< of the window
    DialogActions* m_dialogs = nullptr;    ///< of the window
    RunActions* m_runs = nullptr;          ///< of the window
    ExampleTour* m_tour = nullptr;         ///< of the window
    PanelSet* m_panels = nullptr;          ///< of the window
    PictureExchange* m_pictures = nullptr; ///< of the window
};

} // namespace bitloom::workbench
