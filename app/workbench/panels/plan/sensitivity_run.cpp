// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/plan/sensitivity_run.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/jobs/job_center.h"
#include "app/workbench/panels/common/data_choice.h"
#include "widgets/util/formatting.h"

namespace bitloom::workbench {

namespace {
std::shared_ptr<const SensitivityTable> tableOf(const JobResult& result)
{
    const auto* table = std::get_if<std::shared_ptr<const SensitivityTable>>(&result);
    return table == nullptr ? nullptr : *table;
}
} // namespace

SensitivityRun::SensitivityRun(PlanDocument& document, JobCenter& jobs, DataChoice& choice,
                               std::function<QString()> tableFile, CommandLineOf commandLine,
                               QObject* parent)
    : QObject(parent), m_document(document), m_jobs(jobs), m_choice(choice),
      m_tableFile(std::move(tableFile)), m_commandLine(std::move(commandLine))
{
}

QString SensitivityRun::problem() const
{
    if (!m_document.isOpen()) {
        return tr("no model is open.");
    }
    if (m_tableFile().isEmpty()) {
        return tr("the project is still being made.");
    }
    return m_choice.problem();
}

void SensitivityRun::start(const SweepSettings& settings)
{
    if (!problem().isEmpty()) {
        return;
    }
    engine::SensitivityJob job;
    job.model = m_document.modelReference();
    job.data = m_choice.data().value();
    job.data.limit = settings.images;
    job.bits = settings.bits;
    job.weights = settings.weights;
    job.activations = settings.activations;
    job.calibration = m_choice.calibration();
    job.output = m_tableFile().toStdString();
    JobOrder order;
    order.title = tr("Sensitivity of %1").arg(QString::fromStdString(m_document.model()->name));
    order.resultPanel = QStringLiteral("sensitivity");
    order.spec = std::move(job);
    order.commandLine = m_commandLine(order.spec);
    const std::string fingerprint = m_document.model()->fingerprint;
    // Another model may be open by then: its panels must not show this table.
    const auto isOfOpenModel = [this, fingerprint] {
        return m_document.isOpen() && m_document.model()->fingerprint == fingerprint;
    };
    order.onPartial = [this, isOfOpenModel](const JobResult& soFar) {
        if (isOfOpenModel()) {
            Q_EMIT learned(tableOf(soFar));
        }
    };
    order.onFinished = [this, isOfOpenModel](const JobResult& result) {
        const auto table = tableOf(result);
        Q_EMIT learned(nullptr);
        if (isOfOpenModel()) {
            m_document.setSensitivity(table);
        }
        return tr("%1 measurements on %2 images")
            .arg(ui::formatExact(static_cast<std::int64_t>(table->entries.size())),
                 ui::formatExact(table->images));
    };
    order.onCancelled = [this](const JobResult&) { Q_EMIT learned(nullptr); };
    m_choice.remember();
    m_jobs.start(std::move(order), this);
}

} // namespace bitloom::workbench
