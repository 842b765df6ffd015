// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/document/plan_document.h"
#include "app/workbench/document/selection.h"
#include "app/workbench/jobs/job_center.h"
#include "app/workbench/opening/model_opener.h"
#include "app/workbench/settings/recent_files.h"
#include "app/workbench/settings/settings.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>

namespace bitloom::workbench {

class CloseGuard;
class MainWindow;
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
    CloseGuard& closeGuard() { return *m_guard; }

private:
    void connectOpening();
    void addFileActions();
    void tellSettingsState();
    void applySettings();
    void chooseModelFile();
    void chooseProjectFolder();

    Options m_options;
    QString m_shownTheme;
    Settings m_settings;
    EngineBridge m_bridge;
    JobCenter m_jobs;
    PlanDocument m_document;
    Selection m_selection;
    RecentFiles m_recent;
    ModelOpener m_opener;
    std::unique_ptr<MainWindow> m_window; ///< last: it shows the others
    CloseGuard* m_guard = nullptr;        ///< of the window
    WelcomePage* m_welcome = nullptr;     ///< of the window
};

} // namespace bitloom::workbench
