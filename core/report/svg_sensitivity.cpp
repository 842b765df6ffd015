// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/report/svg_sensitivity.h"

#include "core/report/axis_scale.h"
#include "core/report/colours.h"
#include "core/report/layer_rows.h"
#include "core/report/number_format.h"
#include "core/report/style.h"

#include <cmath>
#include <map>
#include <tuple>
#include <vector>

namespace bitloom::report {

namespace {
constexpr double kSensitivityTop = 72;
constexpr double kBlockGap = 20;
constexpr double kMaxCellWidth = 66;

using EntryKey = std::tuple<SensitivityTarget, std::string_view, int>;

/// The colour scale over all positive values of the table.
class KlScale {
public:
    explicit KlScale(const std::vector<double>& values)
    {
        for (const double value : values) {
            if (std::isfinite(value) && value > 0) {
                m_low = m_isEmpty ? value : std::min(m_low, value);
                m_high = m_isEmpty ? value : std::max(m_high, value);
                m_isEmpty = false;
            }
        }
    }
    Rgb colour(double value) const
    {
        if (!(value > m_low)) {
            return magnitudeColour(0);
        }
        return magnitudeColour(std::log(value / m_low) / std::log(m_high / m_low));
    }
    bool isEmpty() const { return m_isEmpty; }
    double low() const { return m_low; }
    double high() const { return m_high; }

private:
    bool m_isEmpty = true;
    double m_low = 1;
    double m_high = 1;
};

void drawKey(SvgCanvas& canvas, const KlScale& scale, bool hasPlan)
{
    canvas.text(0, 14, "KL divergence of the outputs, nats", "dim");
    double x = LayerRows::kContentLeft;
    if (!scale.isEmpty()) {
        constexpr int kSteps = 60;
        constexpr double kStep = 4;
        const std::string low = formatShort(scale.low());
        canvas.text(x, 14, low, "dim");
        x += estimatedWidth(low) + 8;
        for (int i = 0; i < kSteps; ++i) {
            // A little overlap hides the seams that antialiasing leaves between neighbours.
            canvas.filledRect({x + i * kStep, 3, kStep + (i + 1 < kSteps ? 0.5 : 0), 14},
                              toHex(magnitudeColour(i / (kSteps - 1.0))));
        }
        x += kSteps * kStep + 8;
        const std::string high = formatShort(scale.high()) + " (logarithmic)";
        canvas.text(x, 14, high, "dim");
        x += estimatedWidth(high) + 20;
    }
    if (hasPlan) {
        canvas.rect({x, 4, 20, 12}, "chosen");
        canvas.text(x + 27, 14, "chosen by the plan", "dim");
    }
}

std::string tooltipOf(const SensitivityEntry& entry, const SensitivityTable& table)
{
    const bool isWeight = entry.target == SensitivityTarget::Weight;
    return std::string(isWeight ? "weight of " : "activation ") + entry.name + " at " +
           bitsText(entry.bits) + " bits\nKL " + formatSignificant(entry.kl) +
           " nats, output error " + formatSignificant(entry.outputError) + ", accuracy " +
           formatPercent(entry.accuracyPercent) + " (" +
           formatSigned(entry.accuracyPercent - table.floatAccuracyPercent) + ")";
}
} // namespace

std::string sensitivitySvg(const SensitivityTable& table, const ModelInfo& model,
                           const BitPlan* plan, SvgUse use)
{
    const std::string title = "Sensitivity per layer and bit width";
    if (model.layers.empty() || table.bits.empty() || table.entries.empty()) {
        return emptyPicture(title, "No sensitivity was measured yet.", use);
    }
    std::map<EntryKey, const SensitivityEntry*> entries;
    std::vector<double> values;
    for (const SensitivityEntry& entry : table.entries) {
        entries.emplace(EntryKey(entry.target, entry.name, entry.bits), &entry);
        values.push_back(entry.kl);
    }
    std::vector<std::string> names;
    for (const LayerInfo& layer : model.layers) {
        names.push_back(layer.name);
    }
    const std::vector<LayerBits> chosen =
        plan ? layerBitsOf(model, *plan) : std::vector<LayerBits>();
    const KlScale scale(values);
    const LayerRows rows(names, kSensitivityTop);
    SvgCanvas canvas(SvgCanvas::kPageWidth, rows.bottom() + 8, title, use);
    const double numColumns = static_cast<double>(table.bits.size());
    const double cellWidth =
        std::min(kMaxCellWidth,
                 (SvgCanvas::kPageWidth - LayerRows::kContentLeft - kBlockGap) / (2 * numColumns));
    const double blockWidth = cellWidth * numColumns + kBlockGap;
    drawKey(canvas, scale, plan != nullptr);
    rows.draw(canvas, LayerRows::kContentLeft + 2 * blockWidth - kBlockGap);

    std::vector<SvgBox> outlined;
    for (const SensitivityTarget target :
         {SensitivityTarget::Weight, SensitivityTarget::Activation}) {
        const bool isWeight = target == SensitivityTarget::Weight;
        const double left = LayerRows::kContentLeft + (isWeight ? 0 : blockWidth);
        canvas.text(left, 46, isWeight ? "Weight bits" : "Activation bits", "h");
        for (std::size_t column = 0; column < table.bits.size(); ++column) {
            const int bits = table.bits[column];
            const double x = left + cellWidth * static_cast<double>(column);
            canvas.text(x + cellWidth / 2, kSensitivityTop - 8, bitsText(bits), "dim m");
            for (std::size_t row = 0; row < names.size(); ++row) {
                const LayerInfo& layer = model.layers[row];
                const std::string_view name = isWeight               ? std::string_view(layer.name)
                                              : layer.inputs.empty() ? std::string_view()
                                                                     : layer.inputs.front();
                const SvgBox cell = {x + 0.5, rows.top(row) + 0.5, cellWidth - 1,
                                     LayerRows::kHeight - 1};
                const double textX = x + cellWidth / 2;
                const auto found = entries.find(EntryKey(target, name, bits));
                if (found == entries.end() || !std::isfinite(found->second->kl)) {
                    canvas.text(textX, rows.baseline(row), kDash, "dim m");
                    continue;
                }
                const SensitivityEntry& entry = *found->second;
                const Rgb colour = scale.colour(entry.kl);
                canvas.filledRect(cell, toHex(colour), tooltipOf(entry, table));
                canvas.text(textX, rows.baseline(row), formatShort(entry.kl),
                            needsBlackText(colour) ? "onl m" : "ond m");
                if (plan && bits == (isWeight ? chosen[row].weight : chosen[row].activation)) {
                    outlined.push_back(cell);
                }
            }
        }
    }
    // Outlines last, so that no neighbouring cell covers them; the halo lifts them off dark cells.
    for (const SvgBox& cell : outlined) {
        canvas.rect(cell, "halo");
        canvas.rect(cell, "chosen");
    }
    return canvas.finish();
}

} // namespace bitloom::report
