// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/report/svg_bytes.h"

#include "core/report/axis_scale.h"
#include "core/report/layer_rows.h"
#include "core/report/number_format.h"

#include <algorithm>
#include <vector>

namespace bitloom::report {

namespace {
constexpr double kBytesTop = 58;
constexpr double kBarRight = 840;
constexpr double kCodesRight = 950;
constexpr double kScalesRight = SvgCanvas::kPageWidth - 4;

struct Row {
    std::string_view codesClass;
    std::int64_t codes = 0;
    std::int64_t scales = 0;
};
} // namespace

std::string bytesSvg(const PlanCost& cost, SvgUse use)
{
    const std::string title = "Stored bytes per layer";
    if (cost.layers.empty()) {
        return emptyPicture(title, "The plan has no layers.", use);
    }
    std::vector<std::string> names;
    std::vector<Row> data;
    for (const LayerCost& layer : cost.layers) {
        names.push_back(layer.name);
        const bool isFloat = layer.weightBits == kFloatBits;
        data.push_back({isFloat ? "raw" : "wgt", layer.codeBytes, layer.scaleBytes});
    }
    names.emplace_back("biases, norms, buffers");
    data.push_back({"raw", cost.rawBytes, 0});

    std::vector<double> totals = {0};
    for (const Row& row : data) {
        totals.push_back(static_cast<double>(row.codes + row.scales));
    }
    AxisScale x = AxisScale::linear(totals, 6);
    x.setPixels(LayerRows::kContentLeft, kBarRight);
    const LayerRows rows(names, kBytesTop);
    SvgCanvas canvas(SvgCanvas::kPageWidth, rows.bottom() + 8, title, use);

    double keyX = LayerRows::kContentLeft;
    for (const auto& [classes, text] :
         {std::pair("wgt", "codes"), std::pair("act", "scales and zero points"),
          std::pair("raw", "raw (left in floating point)")}) {
        canvas.rect({keyX, 2, 14, 12}, classes);
        canvas.text(keyX + 20, 12, text, "dim");
        keyX += 20 + estimatedWidth(text) + 16;
    }
    canvas.text(kCodesRight, 36, "Codes or raw", "h e");
    canvas.text(kScalesRight, 36, "Scales", "h e");
    for (const double tick : x.ticks()) {
        const double px = x.toPixel(tick);
        canvas.text(px, 50, formatByteTick(tick), "dim m");
        canvas.line(px, kBytesTop - 4, px, rows.bottom(), "grid");
    }
    rows.draw(canvas, SvgCanvas::kPageWidth);
    for (std::size_t i = 0; i < data.size(); ++i) {
        const Row& row = data[i];
        const double split = x.toPixel(static_cast<double>(row.codes));
        const double end = x.toPixel(static_cast<double>(row.codes + row.scales));
        const double y = rows.top(i) + 3;
        const double height = LayerRows::kHeight - 6;
        const std::string tooltip = names[i] + ": " + formatExact(row.codes) + " bytes of " +
                                    (row.codesClass == "raw" ? "raw values" : "codes") + ", " +
                                    formatExact(row.scales) + " bytes of scales and zero points";
        canvas.rect({LayerRows::kContentLeft, y, split - LayerRows::kContentLeft, height},
                    "mark " + std::string(row.codesClass), tooltip);
        if (row.scales > 0) {
            canvas.rect({split, y, end - split, height}, "act", tooltip);
        }
        canvas.text(kCodesRight, rows.baseline(i), formatBytes(row.codes), "num e");
        canvas.text(kScalesRight, rows.baseline(i),
                    row.scales > 0 ? formatBytes(row.scales) : std::string(kDash), "num e");
    }
    canvas.line(LayerRows::kContentLeft, kBytesTop - 4, LayerRows::kContentLeft, rows.bottom(),
                "axis");
    return canvas.finish();
}

} // namespace bitloom::report
