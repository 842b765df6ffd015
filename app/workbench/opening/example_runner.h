// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QProcess>
#include <QString>

namespace bitloom::workbench {

/// The example project: if this user has it already, it is opened; else the command line program
/// makes it, in a process of its own, and the steps that it tells are passed on. GUI thread only.
class ExampleRunner final : public QObject {
    Q_OBJECT
public:
    /// folder: where the example is kept; empty: the system's folder for this program's data.
    explicit ExampleRunner(const QString& folder = {}, QObject* parent = nullptr);
    /// Stops a run; its unfinished folder goes.
    ~ExampleRunner() override;

    QString projectFolder() const { return m_project; }
    /// Answers by ready() or failed().
    void start();
    void stop();
    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }

Q_SIGNALS:
    /// "2/7 measuring the sensitivity of each layer": step and steps count from 1; 0: not known.
    void progressed(int step, int steps, const QString& text);
    void ready(const QString& projectFolder);
    void failed(const QString& message);
    void stopped();

private:
    void readLines();
    void finish(int exitCode, QProcess::ExitStatus status);

    QString m_project;
    QString m_unfinished; ///< renamed to the project when complete
    QProcess m_process;
    QString m_lastLines; ///< what the program said last, for a failure
    bool m_stopping = false;
};

} // namespace bitloom::workbench
