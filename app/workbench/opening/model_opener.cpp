// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/opening/model_opener.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/jobs/command_lines.h"
#include "app/workbench/jobs/phrase_text.h"
#include "core/types/model_spec.h"

#include <QFileInfo>

namespace bitloom::workbench {

namespace {
const QString kSlot = QStringLiteral("open"); // a newer opening replaces the older one
} // namespace

ModelOpener::ModelOpener(PlanDocument& document, JobCenter& jobs, QObject* parent)
    : QObject(parent), m_document(document), m_jobs(jobs),
      m_mayReplace([](const std::function<void()>& go) { go(); })
{
}

void ModelOpener::setReplaceQuestion(std::function<void(std::function<void()>)> question)
{
    m_mayReplace = std::move(question);
}

void ModelOpener::open(const QString& spec)
{
    if (namesArchitecture(spec.toStdString())) {
        openModel(spec);
        return;
    }
    JobOrder order;
    order.spec = engine::IdentifyJob{spec.toStdString()};
    order.title = tr("Look at %1").arg(QFileInfo(spec).fileName());
    order.slot = kSlot;
    order.onFinished = [this, spec](const JobResult& result) {
        identified(spec, *std::get<std::shared_ptr<const FileReport>>(result));
        return QString();
    };
    order.onFailed = [this, spec](const QString& code, const QString& message) {
        end();
        Q_EMIT failed(spec, code, message);
    };
    order.onCancelled = [this](const JobResult&) { end(); };
    start(spec, std::move(order));
}

void ModelOpener::identified(const QString& spec, const FileReport& report)
{
    switch (report.kind) {
    case DocumentKind::TorchScript:
        openModel(QString::fromStdString(report.model.empty() ? report.file : report.model));
        return;
    case DocumentKind::Packed:
        if (!report.model.empty()) {
            openModel(QString::fromStdString(report.model));
            return;
        }
        end();
        if (report.guesses.empty()) {
            Q_EMIT weightsFound(report);
        } else {
            Q_EMIT architectureNeeded(report);
        }
        return;
    case DocumentKind::StateDict:
        end();
        Q_EMIT architectureNeeded(report);
        return;
    case DocumentKind::Project:
        end();
        Q_EMIT projectFound(spec);
        return;
    case DocumentKind::Plan:
    case DocumentKind::Sensitivity:
    case DocumentKind::Predictions:
        end();
        Q_EMIT resultFileFound(report);
        return;
    case DocumentKind::Unknown:
        break;
    }
    end();
    Q_EMIT failed(spec, QStringLiteral("unknown_format"),
                  tr("%1 is %2.").arg(spec, phraseText(report.description)));
}

void ModelOpener::openModel(const QString& spec, const std::vector<std::int64_t>& inputShape)
{
    engine::ModelRef reference{spec.toStdString(), inputShape};
    JobOrder order;
    order.spec = engine::InspectJob{reference};
    order.title = tr("Open %1").arg(QFileInfo(spec).fileName());
    order.commandLine = commandLineFor(order.spec, {}, m_jobs.device(), m_jobs.seed());
    order.slot = kSlot;
    order.onFinished = [this, spec, reference](const JobResult& result) {
        const auto model = std::get<std::shared_ptr<const ModelReport>>(result);
        const QString outcome =
            tr("%n layers", nullptr, static_cast<int>(model->info.layers.size()));
        end();
        m_mayReplace([this, spec, model, reference] {
            m_document.open(model, reference);
            Q_EMIT opened(spec);
            if (!model->planGaps.empty()) {
                QStringList sentences;
                for (const Phrase& gap : model->planGaps) {
                    sentences << phraseText(gap);
                }
                Q_EMIT planHasGaps(sentences);
            }
        });
        return outcome;
    };
    order.onFailed = [this, spec](const QString& code, const QString& message) {
        end();
        Q_EMIT failed(spec, code, message);
    };
    order.onCancelled = [this](const JobResult&) { end(); };
    start(spec, std::move(order));
}

void ModelOpener::start(const QString& spec, JobOrder order)
{
    Q_EMIT started(spec);
    m_opening = m_jobs.start(std::move(order), this);
}

void ModelOpener::end()
{
    m_opening = 0;
    Q_EMIT ended();
}

} // namespace bitloom::workbench
