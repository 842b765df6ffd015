// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/report/svg_canvas.h"
#include "core/types/bit_plan.h"
#include "core/types/model_info.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace bitloom::report {

/// The left side of every picture with one row per layer: names in execution order, separators
/// between scopes. A shortened name keeps its full text as a tooltip.
class LayerRows {
public:
    static constexpr double kHeight = 18;
    static constexpr double kNameWidth = 252;
    static constexpr double kContentLeft =
        kNameWidth + 8; ///< where what is drawn beside the names starts

    /// top: where the first row starts.
    LayerRows(const std::vector<std::string>& names, double top);

    /// Names and separators, drawn up to this right edge.
    void draw(SvgCanvas& canvas, double right) const;
    double top(std::size_t row) const { return m_top + kHeight * static_cast<double>(row); }
    double baseline(std::size_t row) const { return top(row) + 13; }
    double bottom() const { return top(m_names.size()); }

private:
    const std::vector<std::string>& m_names;
    double m_top;
};

/// Names that fit a row. Where one is too long, all lose the modules that they share at the start,
/// then the longest component of each long name is abbreviated until it fits: indices, which tell
/// layers apart, stay ("… 3.attention.query_k…rojection").
std::vector<std::string> rowLabels(const std::vector<std::string>& names);

/// The module that a name's row belongs to: its first component after what all names share
/// ("layer1").
std::vector<std::string> scopeGroups(const std::vector<std::string>& names);

/// The bits that a plan gives to one layer's two operands.
struct LayerBits {
    int weight = kFloatBits;     ///< a matmul: of its second operand
    int activation = kFloatBits; ///< of its first operand
};
/// One entry per layer of the model; what the plan does not mention stays in floating point.
std::vector<LayerBits> layerBitsOf(const ModelInfo& model, const BitPlan& plan);

/// "FP32", "pruned" or the number.
std::string bitsText(int bits);
/// The class that colours a bit width: "b4".
std::string bitsClass(int bits);

} // namespace bitloom::report
