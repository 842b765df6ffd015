// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/report/svg_canvas.h"

#include <optional>
#include <string_view>
#include <vector>

namespace bitloom::report {

/// Finds room for one-line labels (11 px) beside marks, so that none covers another label or a
/// mark.
class LabelPlacer {
public:
    explicit LabelPlacer(const SvgBox& bounds) : m_bounds(bounds) {}

    /// Keeps labels off a mark or a line.
    void block(const SvgBox& box) { m_taken.push_back(box); }

    struct Place {
        double x = 0; ///< left end
        double y = 0; ///< baseline
    };
    /// The first free place around a mark: right, left, above, below, then further out. None: no
    /// room.
    std::optional<Place> place(double x, double y, double radius, std::string_view text);

private:
    SvgBox m_bounds;
    std::vector<SvgBox> m_taken;
};

} // namespace bitloom::report
