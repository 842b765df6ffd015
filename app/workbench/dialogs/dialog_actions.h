// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

#include <optional>

namespace bitloom {
struct FileReport;
} // namespace bitloom

namespace bitloom::workbench {

class JobCenter;
class MainWindow;
class ModelOpener;
class PlanDocument;
class Settings;

/// Settings, shortcuts and the Help menu, and the questions that a dialog asks on behalf of others.
class DialogActions final : public QObject {
    Q_OBJECT
public:
    struct Parts {
        Settings& settings;
        JobCenter& jobs;
        PlanDocument& document;
        ModelOpener& opener;
    };
    /// threads: of this run, where they are not those of the settings.
    DialogActions(MainWindow& window, const Parts& parts, std::optional<int> threads);

    void askForArchitecture(const bitloom::FileReport& report);
    void askForName();                     ///< of a built-in network
    void convertFile(const QString& file); ///< empty: the dialog asks for it
    void askForPlanName();

Q_SIGNALS:
    void modelFileRequested(); ///< a graph for the weights that were found alone

private:
    void addEdit();
    void addHelp();
    QString diagnosticsText() const;

    MainWindow& m_window;
    Parts m_parts;
    std::optional<int> m_threads;
};

} // namespace bitloom::workbench
