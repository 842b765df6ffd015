// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/report/report.h"

#include "core/report/colours.h"
#include "core/report/number_format.h"
#include "core/report/report_tables.h"
#include "core/report/style.h"
#include "core/report/svg_bits.h"
#include "core/report/svg_bytes.h"
#include "core/report/svg_canvas.h"
#include "core/report/svg_frontier.h"
#include "core/report/svg_histogram.h"
#include "core/report/svg_sensitivity.h"
#include "core/report/svg_training.h"

#include <string_view>

namespace bitloom::report {

namespace {
/// Collects the sections of the page and the links to them.
class Page {
public:
    void section(std::string_view id, std::string_view heading, const std::string& body)
    {
        m_links.append("<a href=\"#").append(id).append("\">").append(heading).append("</a>\n");
        m_body.append("<section id=\"")
            .append(id)
            .append("\"><h2>")
            .append(heading)
            .append("</h2>\n");
        m_body.append(body).append("</section>\n");
    }
    const std::string& links() const { return m_links; }
    const std::string& body() const { return m_body; }

private:
    std::string m_links;
    std::string m_body;
};

std::string note(std::string_view text)
{
    return std::string("<p class=\"note\">").append(text).append("</p>\n");
}

std::string figure(const std::string& svg)
{
    return "<figure>" + svg + "</figure>\n";
}

std::string keyFigure(const std::string& name, const std::string& value, const std::string& detail)
{
    return "<div><dt>" + name + "</dt><dd>" + value + "</dd><dd>" + detail + "</dd></div>\n";
}

std::optional<double> floatTop1(const ReportData& data)
{
    if (data.sheet && data.sheet->top1FloatPercent) {
        return data.sheet->top1FloatPercent;
    }
    return data.sensitivity ? std::optional(data.sensitivity->floatAccuracyPercent) : std::nullopt;
}

std::string keyFigures(const ReportData& data)
{
    const PlanCost& cost = data.cost;
    std::string html = "<dl class=\"keys\">\n";
    html += keyFigure(
        "Stored size", formatBytes(cost.bytes),
        formatRatio(static_cast<double>(cost.bytesFp32), static_cast<double>(cost.bytes)) +
            " smaller than " + formatBytes(cost.bytesFp32));
    html += keyFigure(
        "Bit operations",
        cost.bopsFp32 > 0 ? formatPercent(cost.bopsPercentOfFp32()) : std::string(kDash),
        "of FP32: " + formatCount(cost.bops) + " of " + formatCount(cost.bopsFp32) + " BOPs");
    std::optional<double> top1;
    std::string where = "not measured";
    if (data.sheet) {
        const bool hasPacked = data.sheet->top1PackedPercent.has_value();
        top1 = hasPacked ? data.sheet->top1PackedPercent : data.sheet->top1PlanPercent;
        where = top1 ? (hasPacked ? "packed file" : "plan, simulated") : where;
    }
    const std::optional<double> reference = floatTop1(data);
    if (top1 && reference) {
        where += ", " + formatSigned(*top1 - *reference) + " points to FP32";
    }
    html += keyFigure("Top-1 accuracy", formatPercent(top1), where);
    if (data.sheet) {
        html += keyFigure("Packed file",
                          data.sheet->verified ? "<span class=\"good\">\u2713 verified</span>"
                                               : "<span class=\"bad\">\u2717 not verified</span>",
                          formatBytes(data.sheet->fileBytes) + ", " +
                              formatExact(static_cast<std::int64_t>(data.sheet->tensors.size())) +
                              " tensors read back");
    }
    return html + "</dl>\n";
}

void addFrontier(Page& page, const ReportData& data)
{
    std::vector<FrontierCost> axes;
    for (const FrontierCost cost : {FrontierCost::Bytes, FrontierCost::BopsPercent}) {
        if (frontierVaries(data.frontier, cost)) {
            axes.push_back(cost);
        }
    }
    if (axes.empty()) {
        axes.push_back(FrontierCost::Bytes);
    }
    std::string body = note(
        "Each point is a plan. Filled marks were measured, hollow marks are predicted from the "
        "sensitivity table; the shaded side is dominated: as expensive or more, and worse.");
    body += axes.size() > 1 ? "<div class=\"grid2\">" : "<div>";
    for (const FrontierCost cost : axes) {
        FrontierStyle style;
        style.cost = cost;
        style.floatTop1Percent = floatTop1(data);
        style.width = axes.size() > 1 ? 528 : 1080;
        style.use = SvgUse::Page;
        body += figure(frontierSvg(data.frontier, style));
    }
    page.section("frontier", "Accuracy against cost", body + "</div>\n");
}

void addSensitivity(Page& page, const ReportData& data)
{
    const SensitivityTable& table = *data.sensitivity;
    std::string text =
        "What happens when one weight or one activation alone is quantized: " +
        formatExact(table.images) + " images of <code>" + escaped(table.data) + "</code>, seed " +
        std::to_string(table.seed) + ", float accuracy " +
        formatPercent(table.floatAccuracyPercent) +
        ". An activation that several layers read has the same value in each of their rows.";
    if (!table.complete) {
        text += " The sweep is not complete: a dash was not measured yet.";
    }
    page.section("sensitivity", "Sensitivity",
                 note(text) + figure(sensitivitySvg(table, data.model,
                                                    data.plan.layers.empty() ? nullptr : &data.plan,
                                                    SvgUse::Page)));
}

void addHistograms(Page& page, const ReportData& data)
{
    std::string body =
        note("Float weights per layer (bars), the levels of their quantization grid (ticks under "
             "the "
             "axis, lines while there are fewer than 40) and its clip range (handles).") +
        "<div class=\"grid3\">";
    for (const WeightHistogram& histogram : data.histograms) {
        body += histogramSvg(histogram, SvgUse::Page);
    }
    page.section("weights", "Weights and their grids", body + "</div>\n");
}
} // namespace

std::string renderHtml(const ReportData& data)
{
    Page page;
    page.section("summary", "Summary", summaryTable(data));
    if (!data.frontier.empty()) {
        addFrontier(page, data);
    }
    page.section("plan", "Bits per layer", figure(bitsSvg(data.model, data.plan, SvgUse::Page)));
    if (data.sensitivity) {
        addSensitivity(page, data);
    }
    if (!data.histograms.empty()) {
        addHistograms(page, data);
    }
    page.section("bytes", "Stored bytes", figure(bytesSvg(data.cost, SvgUse::Page)));
    page.section(
        "layers", "Layers",
        note("MACs and BOPs for one input. BOPs = MACs \u00d7 weight bits \u00d7 activation bits. "
             "Shapes are "
             "those of the weight; share is that of the BOPs; "
             "the KL columns (nats) repeat the sensitivity of the chosen widths.") +
            layerTable(data));
    if (!data.training.empty()) {
        page.section("training", "Training", figure(trainingSvg(data.training, SvgUse::Page)));
    }
    if (!data.searches.empty()) {
        page.section("searches", "Searches",
                     note("Runs of methods that search bits by training; a finished one is a "
                          "measured point above. Top-1 is that of the test images; BOPs are of "
                          "FP32.") +
                         searchTable(data.searches));
    }
    if (data.sheet) {
        page.section("proof", "Proof", proofTables(*data.sheet));
    }
    if (!data.provenance.empty()) {
        page.section("provenance", "Provenance", provenanceTable(data.provenance));
    }
    if (!data.commands.empty()) {
        std::string lines;
        for (const std::string& command : data.commands) {
            lines += escaped(command) + "\n";
        }
        page.section("repeat", "Repeat it", "<pre>" + lines + "</pre>\n");
    }

    const std::string title = escaped(data.title.empty() ? "Bitloom report" : data.title);
    const ModelInfo& model = data.model;
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
           "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
           title + "</title>\n<style>" + pageStyle() + pictureStyle() +
           "</style></head>\n<body><main>\n<header><h1>" + title + "</h1>\n<div class=\"sub\">" +
           escaped(model.name) + ": " +
           formatExact(static_cast<std::int64_t>(model.layers.size())) + " layers, " +
           formatCount(model.parameters) + " parameters, " + formatCount(model.macs) +
           " MACs per input</div>\n" + keyFigures(data) + "<nav>\n" + page.links() +
           "</nav></header>\n" + page.body() + "</main></body></html>\n";
}

} // namespace bitloom::report
