// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/project/run_keeper.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/project/project_store.h"
#include "core/engine/versions.h"
#include "core/types/json_output.h"

#include <QDateTime>

namespace bitloom::workbench {

namespace {
constexpr int kHistogramBins = 80;

/// As the command with --project records it: lists have files of their own.
std::string resultText(const JobResult& result)
{
    if (const auto* eval = std::get_if<std::shared_ptr<const EvalResult>>(&result)) {
        EvalResult figures = **eval;
        figures.predictions.reset();
        return toJson(figures);
    }
    if (const auto* sheet = std::get_if<std::shared_ptr<const PackSheet>>(&result)) {
        return toJson(**sheet);
    }
    if (const auto* search = std::get_if<std::shared_ptr<const SearchResult>>(&result)) {
        return toJson(**search);
    }
    return {};
}
} // namespace

RunKeeper::RunKeeper(PlanDocument& document, JobCenter& jobs, ProjectStore& store, QObject* parent)
    : QObject(parent), m_document(document), m_jobs(jobs), m_store(store)
{
    connect(&jobs, &JobCenter::finished, this, &RunKeeper::keep);
}

void RunKeeper::keep(const JobOrder& order, const JobResult& result)
{
    if (!m_document.isOpen() || !m_store.isOpen() || m_store.isReadOnly()) {
        return;
    }
    const engine::JobSpec& spec = order.spec;
    if (const auto* eval = std::get_if<engine::EvalJob>(&spec)) {
        const auto* found = std::get_if<std::shared_ptr<const EvalResult>>(&result);
        // That of a packed file belongs to its proof.
        if (found != nullptr && (*found)->predictions) {
            m_store.saveEvaluation(
                eval->plan, {{}, eval->data, eval->plan ? eval->calibration.images : 0, **found});
        }
        record(order, result);
    } else if (const auto* pack = std::get_if<engine::PackJob>(&spec)) {
        m_store.savePacked(QString::fromStdString(pack->output), pack->plan);
        keepHistograms(*pack);
        record(order, result);
    } else if (const auto* sweep = std::get_if<engine::SensitivityJob>(&spec)) {
        const auto* table = std::get_if<std::shared_ptr<const SensitivityTable>>(&result);
        if (table == nullptr || (*table)->modelFingerprint != m_document.model()->fingerprint) {
            return;
        }
        if (QString::fromStdString(sweep->output) != m_store.sensitivityFile()) {
            m_store.saveSensitivity(*table); // the project moved while the sweep ran
        }
        record(order, result);
    } else if (std::holds_alternative<engine::SearchJob>(spec)) {
        record(order, result);
    }
}

void RunKeeper::record(const JobOrder& order, const JobResult& result)
{
    engine::RunRecord record;
    record.command = order.commandLine.toStdString();
    record.kind = engine::kindOf(order.spec);
    record.device = m_jobs.device().toStdString();
    record.seed = m_jobs.seed();
    record.finished = QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString();
    record.versions = engine::libraryVersions();
    m_store.recordRun([record, result] {
        engine::RunRecord whole = record;
        whole.result = resultText(result);
        return whole;
    });
}

void RunKeeper::keepHistograms(const engine::PackJob& job)
{
    JobOrder order;
    order.spec = engine::HistogramJob{job.model, job.plan, kHistogramBins};
    order.title = tr("Histograms of %1").arg(QString::fromStdString(job.plan.name));
    order.slot = QStringLiteral("histograms");
    order.onFinished = [this](const JobResult& result) {
        using Histograms = std::shared_ptr<const std::vector<WeightHistogram>>;
        if (const auto* histograms = std::get_if<Histograms>(&result)) {
            m_store.saveHistograms(**histograms);
        }
        return QString();
    };
    order.onFailed = [this, title = order.title](const QString& code, const QString& message) {
        Q_EMIT m_jobs.failed(title, code, message);
    };
    m_jobs.start(std::move(order), this);
}

} // namespace bitloom::workbench
