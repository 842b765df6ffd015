// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/report/report_tables.h"

#include "core/base/hash.h"
#include "core/report/layer_rows.h"
#include "core/report/number_format.h"
#include "core/report/svg_canvas.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace bitloom::report {

namespace {
/// A cell of text from outside.
std::string textCell(std::string_view text, std::string_view tag = "td")
{
    return std::string("<").append(tag).append(">").append(escaped(text)).append("</").append(tag) +
           ">";
}

/// A long name is shortened by the style sheet; the tooltip keeps all of it.
std::string nameCell(std::string_view name)
{
    const std::string text = escaped(name);
    return "<th scope=\"row\" class=\"nm\" title=\"" + text + "\">" + text + "</th>";
}

/// A right-aligned number with its exact value as a tooltip.
std::string numberCell(const std::string& text, const std::string& exact = {})
{
    return "<td class=\"r\"" + (exact.empty() ? std::string() : " title=\"" + exact + "\"") + ">" +
           text + "</td>";
}

std::string bytesCell(std::int64_t bytes)
{
    return numberCell(formatBytes(bytes), formatExact(bytes) + " bytes");
}

std::string countCell(std::int64_t count)
{
    return numberCell(formatCount(count), formatExact(count));
}

std::string dashCell()
{
    return numberCell(std::string(kDash));
}

std::string optionalPercentCell(const std::optional<double>& value)
{
    return numberCell(formatPercent(value));
}

/// Predictions are italic everywhere.
std::string predictedCell(const std::optional<double>& loss)
{
    return loss ? numberCell("<i>" + formatSignificant(*loss) + "</i>") : dashCell();
}

std::string bitsCell(int bits)
{
    return "<td class=\"r\"><span class=\"chip " + bitsClass(bits) + "\"></span>" + bitsText(bits) +
           "</td>";
}

std::string shapeText(const std::vector<std::int64_t>& shape)
{
    std::string text;
    for (const std::int64_t size : shape) {
        text += (text.empty() ? "" : "\u00d7") + std::to_string(size);
    }
    return text.empty() ? std::string(kDash) : text;
}

std::string verifiedText(bool verified)
{
    return verified ? "<span class=\"good\">\u2713 verified</span>"
                    : "<span class=\"bad\">\u2717 not verified</span>";
}

/// head: the header cells.
std::string table(std::string_view head, std::string_view body)
{
    return std::string("<div class=\"scroll\"><table><thead><tr>")
        .append(head)
        .append("</tr></thead><tbody>\n")
        .append(body)
        .append("</tbody></table></div>\n");
}

std::string anchorRow(const FrontierPoint& point, std::int64_t bytesFp32)
{
    return "<tr>" + nameCell(point.label) + bytesCell(point.bytes) +
           numberCell(
               formatRatio(static_cast<double>(bytesFp32), static_cast<double>(point.bytes))) +
           countCell(point.bops) + numberCell(formatPercent(point.bopsPercentOfFp32)) +
           predictedCell(point.predictedLoss) + optionalPercentCell(point.top1Percent) + "</tr>\n";
}

/// The measured or predicted point of the frontier that is this plan, by its exact cost.
const FrontierPoint* pointOf(const ReportData& data)
{
    const FrontierPoint* best = nullptr;
    for (const FrontierPoint& point : data.frontier) {
        const bool isSame = point.kind != PointKind::UniformAnchor &&
                            point.bytes == data.cost.bytes && point.bops == data.cost.bops;
        if (isSame && (best == nullptr || (!best->top1Percent && point.top1Percent))) {
            best = &point;
        }
    }
    return best;
}

using EntryKey = std::tuple<SensitivityTarget, std::string_view, int>;
} // namespace

std::string summaryTable(const ReportData& data)
{
    const PlanCost& cost = data.cost;
    std::optional<double> floatTop1;
    std::optional<double> planTop1;
    std::optional<double> planLoss;
    if (data.sensitivity) {
        floatTop1 = data.sensitivity->floatAccuracyPercent;
    }
    if (const FrontierPoint* point = pointOf(data)) {
        planTop1 = point->top1Percent;
        planLoss = point->predictedLoss;
    }
    if (data.sheet) {
        floatTop1 = data.sheet->top1FloatPercent ? data.sheet->top1FloatPercent : floatTop1;
        planTop1 = data.sheet->top1PlanPercent ? data.sheet->top1PlanPercent : planTop1;
    }
    std::string body = "<tr>" + nameCell("FP32") + bytesCell(cost.bytesFp32) +
                       numberCell(formatRatio(1, 1)) + countCell(cost.bopsFp32) +
                       numberCell(formatPercent(100.0)) + dashCell() +
                       optionalPercentCell(floatTop1) + "</tr>\n";
    std::vector<const FrontierPoint*> anchors;
    for (const FrontierPoint& point : data.frontier) {
        if (point.kind == PointKind::UniformAnchor) {
            anchors.push_back(&point);
        }
    }
    std::stable_sort(
        anchors.begin(), anchors.end(),
        [](const FrontierPoint* a, const FrontierPoint* b) { return a->bytes > b->bytes; });
    for (const FrontierPoint* anchor : anchors) {
        body += anchorRow(*anchor, cost.bytesFp32);
    }
    body += "<tr class=\"sum\">" +
            nameCell(data.plan.name.empty() ? "This plan" : "This plan: " + data.plan.name) +
            bytesCell(cost.bytes) +
            numberCell(
                formatRatio(static_cast<double>(cost.bytesFp32), static_cast<double>(cost.bytes))) +
            countCell(cost.bops) +
            numberCell(cost.bopsFp32 > 0 ? formatPercent(cost.bopsPercentOfFp32())
                                         : std::string(kDash)) +
            predictedCell(planLoss) + optionalPercentCell(planTop1) + "</tr>\n";
    return table("<th>Plan</th><th class=\"r\">Stored size</th><th class=\"r\">Smaller</th>"
                 "<th class=\"r\">BOPs</th><th class=\"r\">BOPs of FP32</th>"
                 "<th class=\"r\">Predicted loss</th><th class=\"r\">Measured top-1</th>",
                 body);
}

std::string layerTable(const ReportData& data)
{
    std::unordered_map<std::string_view, const LayerCost*> costs;
    for (const LayerCost& layer : data.cost.layers) {
        costs.emplace(layer.name, &layer);
    }
    std::map<EntryKey, double> kl;
    if (data.sensitivity) {
        for (const SensitivityEntry& entry : data.sensitivity->entries) {
            kl.emplace(EntryKey(entry.target, entry.name, entry.bits), entry.kl);
        }
    }
    const auto klCell = [&kl](SensitivityTarget target, std::string_view name, int bits) {
        const auto found = kl.find(EntryKey(target, name, bits));
        return found == kl.end() ? dashCell() : numberCell(formatSignificant(found->second));
    };
    std::int64_t mostBops = 1;
    for (const LayerCost& layer : data.cost.layers) {
        mostBops = std::max(mostBops, layer.bops);
    }

    const std::vector<LayerBits> bits = layerBitsOf(data.model, data.plan);
    std::string body;
    for (std::size_t i = 0; i < data.model.layers.size(); ++i) {
        const LayerInfo& layer = data.model.layers[i];
        std::string_view op = layer.op;
        op.remove_prefix(op.starts_with("aten::") ? 6 : 0);
        body += "<tr>" + nameCell(layer.name) + textCell(op) +
                numberCell(shapeText(layer.weightShape)) + countCell(layer.macs) +
                countCell(layer.parameters) + bitsCell(bits[i].weight) +
                bitsCell(bits[i].activation);
        const auto found = costs.find(layer.name);
        if (found == costs.end()) {
            body += dashCell() + dashCell() + "<td></td>";
        } else {
            const LayerCost& cost = *found->second;
            const double bops = static_cast<double>(cost.bops);
            const double share =
                data.cost.bops > 0 ? 100.0 * bops / static_cast<double>(data.cost.bops) : 0.0;
            const double length = 48.0 * std::max(0.0, bops / static_cast<double>(mostBops));
            body +=
                bytesCell(cost.bytes()) + countCell(cost.bops) +
                "<td class=\"r\"><span class=\"sharebox\"><span class=\"share\" style=\"width:" +
                coordinate(length) + "px\"></span></span><span class=\"pct\">" +
                formatPercent(share) + "</span></td>";
        }
        const std::string_view input =
            layer.inputs.empty() ? std::string_view() : layer.inputs.front();
        body += klCell(SensitivityTarget::Weight, layer.name, bits[i].weight) +
                klCell(SensitivityTarget::Activation, input, bits[i].activation) + "</tr>\n";
    }
    body += "<tr><th scope=\"row\">biases, norms, "
            "buffers</th><td></td><td></td><td></td><td></td><td></td>"
            "<td></td>" +
            bytesCell(data.cost.rawBytes) + "<td></td><td></td><td></td><td></td></tr>\n";
    body += "<tr class=\"sum\"><th scope=\"row\">Total</th><td></td><td></td>" +
            countCell(data.cost.macs) + countCell(data.model.parameters) + "<td></td><td></td>" +
            bytesCell(data.cost.bytes) + countCell(data.cost.bops) +
            "<td></td><td></td><td></td></tr>\n";
    return table(
        "<th>Layer</th><th>Operator</th><th class=\"r\">Shape</th><th class=\"r\">MACs</th>"
        "<th class=\"r\">Parameters</th><th class=\"r\">W bits</th><th class=\"r\">A bits</th>"
        "<th class=\"r\">Stored</th><th class=\"r\">BOPs</th><th class=\"r\">Share</th>"
        "<th class=\"r\">KL of W</th><th class=\"r\">KL of A</th>",
        body);
}

std::string proofTables(const PackSheet& sheet)
{
    std::string rows;
    const auto row = [&rows](std::string_view key, const std::string& valueHtml) {
        rows += "<tr><th scope=\"row\">" + escaped(key) + "</th><td>" + valueHtml + "</td></tr>\n";
    };
    const auto bytes = [](std::int64_t value) {
        return formatBytes(value) + " (" + formatExact(value) + " bytes)";
    };
    row("Read back", verifiedText(sheet.verified));
    row("File", "<code>" + escaped(sheet.fileName) + "</code>");
    row("File size", bytes(sheet.fileBytes));
    row("Payload", bytes(sheet.payloadBytes));
    row("Metadata", bytes(sheet.metadataBytes));
    row("Float model", bytes(sheet.bytesFp32));
    row("Ratio", sheet.ratio > 0 ? formatRatio(sheet.ratio, 1) + " smaller" : std::string(kDash));
    row("SHA-256", "<code>" + escaped(sheet.sha256) + "</code>");
    row("Top-1, float model", formatPercent(sheet.top1FloatPercent));
    row("Top-1, plan simulated", formatPercent(sheet.top1PlanPercent));
    row("Top-1, packed file", formatPercent(sheet.top1PackedPercent));
    row("Measured on",
        sheet.images > 0 ? formatExact(sheet.images) + " images" : std::string(kDash));
    std::string html = "<table class=\"kv\"><tbody>\n" + rows + "</tbody></table>\n";
    if (sheet.tensors.empty()) {
        return html;
    }
    std::string body;
    for (const PackSheetRow& tensor : sheet.tensors) {
        body += "<tr>" + nameCell(tensor.name) + textCell(tensor.kind) + bitsCell(tensor.bits) +
                numberCell(shapeText(tensor.shape)) + bytesCell(tensor.packedBytes) +
                numberCell(formatExact(tensor.paddingBits)) +
                (tensor.scaleBytes > 0 ? bytesCell(tensor.scaleBytes) : dashCell()) +
                numberCell("<code>" + crc32Text(tensor.crc32) + "</code>") + "<td>" +
                verifiedText(tensor.verified) + "</td></tr>\n";
    }
    return html + "<h3>Every tensor</h3>" +
           table("<th>Tensor</th><th>Kind</th><th class=\"r\">Bits</th><th class=\"r\">Shape</th>"
                 "<th class=\"r\">Packed</th><th class=\"r\">Padding, bits</th>"
                 "<th class=\"r\">Scales</th><th class=\"r\">CRC-32</th><th>Read back</th>",
                 body);
}

std::string searchTable(const std::vector<SearchRow>& searches)
{
    std::string rows;
    for (const SearchRow& search : searches) {
        const std::string epochs =
            formatExact(search.epochsDone) +
            (search.epochs > 0 ? " of " + formatExact(search.epochs) : std::string());
        rows += "<tr>" + nameCell(search.name) + textCell(search.method) + textCell(search.state) +
                numberCell(epochs) +
                (search.lambda ? numberCell(formatSignificant(*search.lambda)) : dashCell()) +
                optionalPercentCell(search.top1Percent) +
                optionalPercentCell(search.relativeBopsPercent) + "</tr>\n";
    }
    return table("<th>Run</th><th>Method</th><th>State</th><th class=\"r\">Epochs</th>"
                 "<th class=\"r\">Lambda</th><th class=\"r\">Measured top-1</th>"
                 "<th class=\"r\">BOPs of FP32</th>",
                 rows);
}

std::string provenanceTable(const std::vector<ProvenanceItem>& items)
{
    std::string rows;
    for (const ProvenanceItem& item : items) {
        rows += "<tr><th scope=\"row\">" + escaped(item.key) + "</th><td><code>" +
                escaped(item.value) + "</code></td></tr>\n";
    }
    return "<table class=\"kv\"><tbody>\n" + rows + "</tbody></table>\n";
}

} // namespace bitloom::report
