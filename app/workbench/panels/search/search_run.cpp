// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/search/search_run.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/jobs/job_center.h"
#include "app/workbench/panels/common/data_choice.h"
#include "app/workbench/project/project_store.h"
#include "core/base/error.h"
#include "core/engine/method_catalog.h"
#include "widgets/util/formatting.h"

namespace bitloom::workbench {

SearchRun::SearchRun(PlanDocument& document, JobCenter& center, DataChoice& choice,
                     ProjectStore& store, CommandLineOf commandLine, QObject* parent)
    : QObject(parent), m_document(document), m_center(center), m_choice(choice), m_store(store),
      m_commandLine(std::move(commandLine))
{
    connect(&store, &ProjectStore::opened, this, &SearchRun::stateChanged);
    connect(&store, &ProjectStore::closed, this, &SearchRun::stateChanged);
}

QString SearchRun::problem() const
{
    if (!m_document.isOpen()) {
        return tr("Open a model to search bits for it.");
    }
    if (!m_store.isOpen()) {
        return tr("The project is still being made.");
    }
    if (m_store.isReadOnly()) {
        return m_store.readOnlyReason();
    }
    if (!m_ordered.empty()) {
        return tr("A search is running.");
    }
    return m_choice.problem();
}

void SearchRun::start(const std::vector<SearchSettings>& searches)
{
    if (!problem().isEmpty()) {
        return;
    }
    m_choice.remember();
    for (const SearchSettings& settings : searches) {
        submit(settings);
    }
    Q_EMIT stateChanged();
}

void SearchRun::addPlan(const SearchResult& result, const QString& run)
{
    const BitPlan plan = planOf(result, run.toStdString());
    const BitPlan* const before = m_document.findPlan(run);
    if (before != nullptr && planDigest(*before) == planDigest(plan)) {
        return; // a finished run that was asked for again
    }
    const QString shown = m_document.planName();
    try {
        m_document.addPlan(plan);
        m_document.showPlan(shown); // nobody asked to see another one
    } catch (const Error& error) {
        Q_EMIT m_center.logged(LogLine::Level::Warning, QString::fromUtf8(error.what()));
    }
}

void SearchRun::stop()
{
    const std::vector<Ordered> all = m_ordered; // each takes itself off when it has ended
    std::for_each(all.rbegin(), all.rend(),
                  [this](const Ordered& one) { m_center.cancel(one.job); });
}

void SearchRun::freezeGates()
{
    engine::SearchOrders orders;
    orders.freezeGates = true;
    m_center.steer(job(), std::move(orders));
}

void SearchRun::lock(const QString& locks)
{
    engine::SearchOrders orders;
    orders.locks = parseLayerLocks(locks.toStdString());
    m_center.steer(job(), std::move(orders));
}

void SearchRun::forget(const QString& run)
{
    std::erase_if(m_ordered, [&run](const Ordered& one) { return one.run == run; });
    Q_EMIT stateChanged();
}

void SearchRun::submit(const SearchSettings& settings)
{
    const QString run = settings.name;
    engine::SearchJob job;
    job.method = settings.method;
    job.model = m_document.modelReference();
    job.data = m_choice.data().value();
    job.data.split = engine::DataRef{}.split;
    job.data.limit = settings.images;
    job.options = settings.options;
    job.runFile = m_store.runFile(run).toStdString();
    job.output = m_store.exportFile(run + QStringLiteral(".h5")).toStdString();
    JobOrder order;
    order.title = QStringLiteral("%1: %2").arg(
        QString::fromStdString(engine::methodNamed(settings.method).title), run);
    order.resultPanel = QStringLiteral("run");
    order.spec = std::move(job);
    order.commandLine = m_commandLine(order.spec);
    const std::string fingerprint = m_document.model()->fingerprint;
    order.onFinished = [this, run, fingerprint](const JobResult& result) {
        forget(run);
        const auto* outcome = std::get_if<std::shared_ptr<const SearchResult>>(&result);
        if (outcome == nullptr) {
            return QString();
        }
        const SearchResult& found = **outcome;
        // Another model may be open by then: its frontier must not show this point.
        if (m_document.isOpen() && m_document.model()->fingerprint == fingerprint) {
            addPlan(found, run);
            for (const FrontierPoint& point : pointsOf(found, run.toStdString())) {
                m_document.addPoint(point);
            }
            Q_EMIT this->found(found, run);
        }
        return tr("Top-1 %1 at %2 of the bit operations, %3, read back and equal bit for bit")
            .arg(ui::formatPercent(found.top1Percent), ui::formatPercent(found.relativeBopsPercent),
                 ui::formatBytes(found.sheet.fileBytes));
    };
    order.onFailed = [this, run](const QString& code, const QString& message) {
        forget(run);
        Q_EMIT failed(run, code, message);
    };
    order.onCancelled = [this, run](const JobResult&) { forget(run); };
    m_ordered.push_back({m_center.start(std::move(order), this), run});
}

} // namespace bitloom::workbench
