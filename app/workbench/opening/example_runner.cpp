// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/opening/example_runner.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>

namespace bitloom::workbench {

namespace {
constexpr int kMaxKept = 4000; // characters of the program's output
constexpr int kEndMs = 3000;

QString cliProgram()
{
    return QCoreApplication::applicationDirPath() + QStringLiteral("/bitloom");
}
} // namespace

ExampleRunner::ExampleRunner(const QString& folder, QObject* parent) : QObject(parent)
{
    const QString base = folder.isEmpty()
                             ? QStandardPaths::writableLocation(QStandardPaths::AppDataLocation)
                             : folder;
    m_project = base + QStringLiteral("/example.bitloom");
    m_unfinished = base + QStringLiteral("/example-unfinished.bitloom");
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &ExampleRunner::readLines);
    connect(&m_process, &QProcess::finished, this, &ExampleRunner::finish);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) {
            Q_EMIT failed(tr("The command line program was not started (%1): %2")
                              .arg(cliProgram(), m_process.errorString()));
        }
    });
}

ExampleRunner::~ExampleRunner()
{
    if (isRunning()) {
        m_process.disconnect(this);
        m_process.terminate();
        if (!m_process.waitForFinished(kEndMs)) {
            m_process.kill();
            m_process.waitForFinished(kEndMs);
        }
        QDir(m_unfinished).removeRecursively();
    }
}

void ExampleRunner::start()
{
    if (isRunning()) {
        return;
    }
    if (QFileInfo::exists(m_project + QStringLiteral("/project.json"))) {
        Q_EMIT ready(m_project);
        return;
    }
    m_lastLines.clear();
    m_stopping = false;
    QDir(m_unfinished).removeRecursively();
    QDir().mkpath(QFileInfo(m_unfinished).absolutePath());
    Q_EMIT progressed(0, 0, tr("Starting..."));
    m_process.start(cliProgram(), {QStringLiteral("demo"), QStringLiteral("-o"), m_unfinished});
}

void ExampleRunner::stop()
{
    if (isRunning()) {
        m_stopping = true;
        m_process.terminate();
    }
}

void ExampleRunner::readLines()
{
    static const QRegularExpression stepLine(QStringLiteral("^(\\d+)/(\\d+) (.+)$"));
    while (m_process.canReadLine()) {
        const QString line = QString::fromUtf8(m_process.readLine()).trimmed();
        m_lastLines = (m_lastLines + u'\n' + line).right(kMaxKept);
        const QRegularExpressionMatch match = stepLine.match(line);
        if (match.hasMatch()) {
            Q_EMIT progressed(match.captured(1).toInt(), match.captured(2).toInt(),
                              match.captured(3));
        }
    }
}

void ExampleRunner::finish(int exitCode, QProcess::ExitStatus status)
{
    readLines();
    if (m_stopping) {
        QDir(m_unfinished).removeRecursively();
        Q_EMIT stopped();
        return;
    }
    if (status != QProcess::NormalExit || exitCode != 0) {
        QDir(m_unfinished).removeRecursively();
        Q_EMIT failed(m_lastLines.trimmed().section(u'\n', -1));
        return;
    }
    if (!QDir().rename(m_unfinished, m_project)) {
        Q_EMIT failed(tr("The finished example could not be moved to %1.").arg(m_project));
        return;
    }
    Q_EMIT ready(m_project);
}

} // namespace bitloom::workbench
