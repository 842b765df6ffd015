// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/project_report.h"

#include "core/base/error.h"
#include "core/cost/cost_model.h"
#include "core/cost/frontier.h"
#include "core/engine/project_runs.h"
#include "core/report/report.h"
#include "core/report/svg_bits.h"
#include "core/report/svg_bytes.h"
#include "core/report/svg_frontier.h"
#include "core/report/svg_sensitivity.h"
#include "core/report/svg_training.h"

#include <algorithm>
#include <utility>

namespace bitloom::engine {

namespace {

constexpr int kPredictedBudgets = 60;

/// The predicted frontier over BOPs, computed anew from the table: it is cheap and never out of
/// date.
void addPredicted(const SensitivityTable& table, report::ReportData& data)
{
    AllocationOptions options;
    options.budget = BudgetKind::Bops;
    RunControl control;
    const Frontier frontier =
        predictFrontier(data.model, table, data.plan, options, kPredictedBudgets, control);
    for (const PlannedPoint& planned : frontier.predicted) {
        data.frontier.push_back(planned.point);
    }
    for (const PlannedPoint& anchor : frontier.anchors) {
        const bool measured = std::any_of(
            data.frontier.begin(), data.frontier.end(),
            [&](const FrontierPoint& point) { return point.label == anchor.point.label; });
        if (!measured) {
            data.frontier.push_back(anchor.point);
        }
    }
}

report::SearchRow searchRowOf(const RunOverview& run)
{
    report::SearchRow row;
    row.name = run.name;
    row.method = run.request ? run.request->job.method : "";
    row.state = toString(run.state);
    row.epochsDone = run.epochsDone;
    row.epochs = run.epochs;
    row.lambda = run.lambda();
    row.top1Percent = run.top1Percent;
    row.relativeBopsPercent = run.relativeBopsPercent;
    return row;
}

report::ReportData collect(const Project& project, const BitPlan& plan)
{
    const auto model = project.model();
    BITLOOM_REQUIRE(model.has_value(), ErrorCode::NotFound, "the project ",
                    project.folder().string(),
                    " holds no model description: run a command with --project on it first");
    report::ReportData data;
    data.model = *model;
    data.plan = plan;
    data.title =
        project.folder().stem().string() + ": " + data.model.name + " under plan " + data.plan.name;
    data.cost = computeCost(data.model, data.plan);
    data.sensitivity = project.sensitivity();
    data.frontier = project.points();
    if (data.sensitivity && data.sensitivity->complete) {
        addPredicted(*data.sensitivity, data);
    }
    // What was packed under another plan says nothing about this one.
    const auto packed = project.packed();
    if (!packed || !packed->plan || planDigest(*packed->plan) == planDigest(plan)) {
        data.histograms = project.histograms();
        data.sheet = project.sheet();
    }
    data.training = project.training();
    for (const RunOverview& run : runOverviews(project.folder())) {
        data.searches.push_back(searchRowOf(run));
    }
    data.provenance = {{"model", data.model.name},
                       {"fingerprint", data.model.fingerprint},
                       {"plan", data.plan.name}};
    const std::vector<RunRecord> runs = project.runs();
    for (const RunRecord& run : runs) {
        data.commands.push_back(run.command);
    }
    if (!runs.empty()) {
        data.provenance.push_back({"seed", std::to_string(runs.back().seed)});
        data.provenance.push_back({"device", runs.back().device});
        data.provenance.push_back({"versions", runs.back().versions});
        data.provenance.push_back({"finished", runs.back().finished});
    }
    if (data.sensitivity) {
        data.provenance.push_back(
            {"sensitivity data",
             data.sensitivity->data + ", " + std::to_string(data.sensitivity->images) + " images"});
    }
    return data;
}

} // namespace

BitPlan planForReport(const Project& project, const std::string& name)
{
    const std::vector<std::string> names = project.planNames();
    BITLOOM_REQUIRE(!names.empty(), ErrorCode::NotFound, "the project ", project.folder().string(),
                    " holds no plan");
    std::string chosen = name;
    if (chosen.empty()) {
        const auto packed = project.packed();
        chosen = packed && packed->plan && project.plan(packed->plan->name) ? packed->plan->name
                                                                            : names.back();
    }
    const auto plan = project.plan(chosen);
    BITLOOM_REQUIRE(plan.has_value(), ErrorCode::NotFound, "the project ",
                    project.folder().string(), " holds no plan '", chosen, "'");
    return *plan;
}

std::string renderProjectReport(const Project& project, const BitPlan& plan)
{
    return report::renderHtml(collect(project, plan));
}

std::map<std::string, std::string> renderProjectPictures(const Project& project,
                                                         const BitPlan& plan)
{
    using report::SvgUse;
    const report::ReportData data = collect(project, plan);
    std::map<std::string, std::string> pictures;
    pictures["bits.svg"] = report::bitsSvg(data.model, data.plan, SvgUse::File);
    pictures["bytes.svg"] = report::bytesSvg(data.cost, SvgUse::File);
    if (!data.frontier.empty()) {
        report::FrontierStyle style;
        style.cost = report::FrontierCost::BopsPercent;
        if (data.sheet) {
            style.floatTop1Percent = data.sheet->top1FloatPercent;
        }
        style.use = SvgUse::File;
        pictures["frontier.svg"] = report::frontierSvg(data.frontier, style);
    }
    if (data.sensitivity) {
        pictures["sensitivity.svg"] =
            report::sensitivitySvg(*data.sensitivity, data.model, &data.plan, SvgUse::File);
    }
    if (!data.training.empty()) {
        pictures["training.svg"] = report::trainingSvg(data.training, SvgUse::File);
    }
    return pictures;
}

} // namespace bitloom::engine
