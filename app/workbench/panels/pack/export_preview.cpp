// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/pack/export_preview.h"

#include "app/workbench/document/plan_document.h"

#include <algorithm>

namespace bitloom::workbench {

ExportPreview::ExportPreview(PlanDocument& document, JobCenter& center, QObject* parent)
    : QObject(parent), m_document(document), m_center(center)
{
}

void ExportPreview::clear()
{
    m_asked.clear();
    m_reports = nullptr;
    m_problem.clear();
}

void ExportPreview::request(const std::string& dtype)
{
    const engine::ModelRef& model = m_document.modelReference();
    const BitPlan plan = m_document.planOfModel();
    const QString question =
        QStringLiteral("%1\n%2\n%3")
            .arg(QString::fromStdString(model.spec), QString::fromStdString(planDigest(plan)),
                 QString::fromStdString(dtype));
    if (question == m_asked) {
        return;
    }
    m_asked = question;
    m_problem.clear();
    JobOrder order;
    order.spec = engine::ExportPreviewJob{model, plan, weightFormats(), dtype};
    order.slot = QStringLiteral("export preview");
    order.onFinished = [this, question](const JobResult& result) {
        using Reports = std::shared_ptr<const std::vector<ConversionReport>>;
        if (const auto* reports = std::get_if<Reports>(&result); reports && question == m_asked) {
            m_reports = *reports;
            Q_EMIT changed();
        }
        return QString();
    };
    order.onFailed = [this, question](const QString&, const QString& message) {
        if (question == m_asked) {
            m_reports = nullptr;
            m_problem = message;
            Q_EMIT changed();
        }
    };
    m_center.start(std::move(order), this);
}

std::shared_ptr<const ConversionReport> ExportPreview::report(WeightFormat format) const
{
    if (!m_reports) {
        return nullptr;
    }
    const auto name = toString(format);
    const auto found =
        std::find_if(m_reports->begin(), m_reports->end(), [name](const ConversionReport& report) {
            return report.outputFormat == name;
        });
    return found == m_reports->end() ? nullptr
                                     : std::shared_ptr<const ConversionReport>(m_reports, &*found);
}

std::map<WeightFormat, std::int64_t> ExportPreview::sizes() const
{
    std::map<WeightFormat, std::int64_t> sizes;
    if (m_reports) {
        for (const ConversionReport& report : *m_reports) {
            const auto format = weightFormatFrom(report.outputFormat);
            if (format && report.refusal.empty()) {
                sizes[*format] = report.foreseenBytes;
            }
        }
    }
    return sizes;
}

} // namespace bitloom::workbench
