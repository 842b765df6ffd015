// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/opening/example_runner.h"

#include "app/workbench/jobs/command_lines.h"
#include "core/base/error.h"
#include "core/engine/example_jobs.h"
#include "core/engine/project.h"
#include "core/engine/versions.h"
#include "widgets/util/formatting.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <QtConcurrent>

#include <optional>

namespace bitloom::workbench {

ExampleRunner::ExampleRunner(JobCenter& jobs, const QString& folder, QObject* parent)
    : QObject(parent), m_jobs(jobs)
{
    const QString base = folder.isEmpty()
                             ? QStandardPaths::writableLocation(QStandardPaths::AppDataLocation)
                             : folder;
    m_project = base + QStringLiteral("/example.bitloom");
    connect(&jobs, &JobCenter::rowChanged, this, &ExampleRunner::tellProgress);
}

ExampleRunner::~ExampleRunner()
{
    if (m_isRunning) {
        m_jobs.cancel(m_job);
        QDir(m_project).removeRecursively();
    }
}

QString ExampleRunner::weights() const
{
    return m_project + QStringLiteral("/exports/lenet5.pth");
}

void ExampleRunner::start()
{
    if (m_isRunning) {
        return;
    }
    // The source is the last file that makes a project of the folder.
    if (QFileInfo::exists(m_project + QStringLiteral("/source.json"))) {
        Q_EMIT ready(m_project, false);
        return;
    }
    QDir(m_project).removeRecursively();
    if (!QDir().mkpath(QFileInfo(weights()).absolutePath())) {
        Q_EMIT failed(tr("The folder %1 cannot be made.").arg(m_project));
        return;
    }
    m_isRunning = true;
    Q_EMIT progressed(0, 0, tr("Starting..."));
    train();
}

void ExampleRunner::train()
{
    JobOrder order;
    order.spec = engine::exampleTrainJob(engine::kQuickTraining, weights().toStdString());
    order.title = tr("Train LeNet-5 on digits");
    order.commandLine = commandLineFor(order.spec, {}, m_jobs.device(), m_jobs.seed());
    order.onFinished = [this, command = order.commandLine](const JobResult& result) {
        const auto epochs = std::get<std::shared_ptr<const std::vector<EpochResult>>>(result);
        makeProject(epochs, command);
        return tr("Top-1 %1").arg(ui::formatPercent(epochs->back().testTop1Percent));
    };
    order.onFailed = [this](const QString&, const QString& message) {
        giveUp();
        Q_EMIT failed(message);
    };
    order.onCancelled = [this](const JobResult&) {
        giveUp();
        Q_EMIT stopped();
    };
    m_job = m_jobs.start(std::move(order), this);
}

void ExampleRunner::tellProgress(int row)
{
    const JobRow& job = m_jobs.rows()[static_cast<std::size_t>(row)];
    if (m_isRunning && job.id == m_job && job.state == JobState::Running && job.progress) {
        Q_EMIT progressed(static_cast<int>(job.progress->done),
                          static_cast<int>(job.progress->total), job.title);
    }
}

void ExampleRunner::makeProject(const std::shared_ptr<const std::vector<EpochResult>>& epochs,
                                const QString& commandLine)
{
    engine::RunRecord record;
    record.command = commandLine.toStdString();
    record.kind = "train";
    record.device = m_jobs.device().toStdString();
    record.seed = m_jobs.seed();
    record.finished = QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString();
    record.versions = engine::libraryVersions();
    const auto make = [folder = m_project, weights = weights(), epochs,
                       record]() -> std::optional<QString> {
        try {
            auto project = engine::Project::openOrCreate(folder.toStdString());
            project.saveTraining(*epochs);
            project.recordRun(record);
            project.saveSource(
                engine::exampleModel(weights.toStdString()),
                engine::exampleImages(engine::kQuickTraining, engine::kExampleMeasuredImages),
                engine::CalibrationOptions{}.images);
            return std::nullopt;
        } catch (const Error& error) {
            return QString::fromUtf8(error.what());
        }
    };
    QtConcurrent::run(make).then(this, [this](const std::optional<QString>& problem) {
        if (problem) {
            giveUp();
            Q_EMIT failed(*problem);
            return;
        }
        m_isRunning = false;
        m_job = 0;
        Q_EMIT ready(m_project, true);
    });
}

void ExampleRunner::stop()
{
    if (m_isRunning) {
        m_jobs.cancel(m_job);
    }
}

void ExampleRunner::giveUp()
{
    m_isRunning = false;
    m_job = 0;
    QDir(m_project).removeRecursively();
}

} // namespace bitloom::workbench
