// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/report/svg_bits.h"

#include "core/report/layer_rows.h"

#include <algorithm>
#include <set>

namespace bitloom::report {

namespace {
constexpr double kBitsTop = 58;
constexpr double kBlock = 410;     ///< from one bar column to the next
constexpr double kBarLength = 340; ///< of the widest bar

void drawKey(SvgCanvas& canvas, const std::set<int>& used)
{
    double x = LayerRows::kContentLeft;
    canvas.text(0, 12, "Bits", "dim");
    for (const int bits : used) {
        if (bits == kPrunedBits) {
            canvas.hatchedRect({x, 2, 14, 12});
        } else {
            canvas.rect({x, 2, 14, 12}, "bar " + bitsClass(bits));
        }
        canvas.text(x + 20, 12, bitsText(bits), "dim");
        x += 20 + estimatedWidth(bitsText(bits)) + 16;
    }
}

void drawBar(SvgCanvas& canvas, double x, double top, int bits, int maxBits,
             const std::string& tooltip)
{
    const double y = top + 3;
    const double height = LayerRows::kHeight - 6;
    const double perBit = kBarLength / maxBits;
    if (bits == kPrunedBits) {
        canvas.hatchedRect({x, y, perBit, height}, tooltip);
        canvas.text(x + perBit + 6, y + 10, bitsText(bits), "num");
        return;
    }
    const double length = perBit * std::min(bits, maxBits);
    canvas.rect({x, y, length, height}, "bar mark " + bitsClass(bits), tooltip);
    canvas.text(x + length + 6, y + 10, bitsText(bits), "num");
}
} // namespace

std::string bitsSvg(const ModelInfo& model, const BitPlan& plan, SvgUse use)
{
    const std::string title = "Bits per layer";
    if (model.layers.empty()) {
        return emptyPicture(title, "The model has no quantizable layers.", use);
    }
    const std::vector<LayerBits> bits = layerBitsOf(model, plan);
    std::set<int> used;
    int maxBits = 8;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < bits.size(); ++i) {
        names.push_back(model.layers[i].name);
        for (const int width : {bits[i].weight, bits[i].activation}) {
            used.insert(width);
            maxBits = width == kFloatBits ? maxBits : std::max(maxBits, width);
        }
    }
    const LayerRows rows(names, kBitsTop);
    SvgCanvas canvas(SvgCanvas::kPageWidth, rows.bottom() + 8, title, use);
    drawKey(canvas, used);
    for (const int column : {0, 1}) {
        const double x = LayerRows::kContentLeft + column * kBlock;
        canvas.text(x, 36, column == 0 ? "Weight bits" : "Activation bits", "h");
        for (const int tick : {2, 4, 8, 16}) {
            if (tick <= maxBits) {
                const double px = x + kBarLength * tick / maxBits;
                canvas.text(px, 50, std::to_string(tick), "dim m");
                canvas.line(px, kBitsTop - 4, px, rows.bottom(), "grid");
            }
        }
        canvas.line(x, kBitsTop - 4, x, rows.bottom(), "axis");
    }
    rows.draw(canvas, SvgCanvas::kPageWidth);
    for (std::size_t i = 0; i < bits.size(); ++i) {
        const LayerInfo& layer = model.layers[i];
        drawBar(canvas, LayerRows::kContentLeft, rows.top(i), bits[i].weight, maxBits,
                layer.name + ": weight " + bitsText(bits[i].weight));
        const std::string tensor = layer.inputs.empty() ? std::string() : layer.inputs.front();
        drawBar(canvas, LayerRows::kContentLeft + kBlock, rows.top(i), bits[i].activation, maxBits,
                layer.name + ": activation " + tensor + " " + bitsText(bits[i].activation));
    }
    return canvas.finish();
}

} // namespace bitloom::report
