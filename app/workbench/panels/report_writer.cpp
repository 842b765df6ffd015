// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/report_writer.h"

#include "app/workbench/document/plan_document.h"
#include "app/workbench/jobs/job_center.h"
#include "core/base/atomic_file.h"
#include "core/base/run_control.h"
#include "core/cost/frontier.h"
#include "core/engine/versions.h"

#include <QDateTime>

#include <algorithm>

namespace bitloom::workbench {

namespace {
constexpr int kPredictedBudgets = 60;

void addPredicted(report::ReportData& content)
{
    AllocationOptions options;
    options.budget = BudgetKind::Bops;
    RunControl control;
    const Frontier frontier = predictFrontier(content.model, *content.sensitivity, content.plan,
                                              options, kPredictedBudgets, control);
    for (const PlannedPoint& planned : frontier.predicted) {
        content.frontier.push_back(planned.point);
    }
    for (const PlannedPoint& anchor : frontier.anchors) {
        const bool measured = std::any_of(
            content.frontier.begin(), content.frontier.end(),
            [&anchor](const FrontierPoint& point) { return point.label == anchor.point.label; });
        if (!measured) {
            content.frontier.push_back(anchor.point);
        }
    }
}
} // namespace

report::ReportData reportOf(const PlanDocument& document, const JobCenter& center,
                            const BitPlan& plan, const std::optional<PackSheet>& sheet)
{
    report::ReportData content;
    content.model = *document.model();
    content.plan = plan;
    content.title = content.model.name + " under plan " + plan.name;
    content.cost = computeCost(content.model, plan);
    if (document.sensitivity() != nullptr) {
        content.sensitivity = *document.sensitivity();
    }
    content.frontier = document.points();
    content.sheet = sheet;
    content.provenance = {
        {"model", content.model.name},
        {"fingerprint", content.model.fingerprint},
        {"plan", plan.name},
        {"seed", std::to_string(center.seed())},
        {"device", center.device().toStdString()},
        {"versions", engine::libraryVersions()},
        {"written", QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString()}};
    for (const JobRow& row : center.rows()) {
        if (row.state == JobState::Finished) {
            content.commands.push_back(row.commandLine.toStdString());
        }
    }
    return content;
}

void writeReport(report::ReportData content, const QString& path)
{
    if (content.sensitivity && content.sensitivity->complete) {
        addPredicted(content);
    }
    writeFileAtomically(path.toStdString(), report::renderHtml(content));
}

} // namespace bitloom::workbench
