// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/report/label_placer.h"

#include <algorithm>
#include <array>

namespace bitloom::report {

namespace {
constexpr double kTextHeight = 14;
constexpr double kGap = 2;
constexpr double kPadding = 3; ///< keeps neighbouring labels apart

bool overlaps(const SvgBox& a, const SvgBox& b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
           b.y < a.y + a.height;
}
} // namespace

std::optional<LabelPlacer::Place> LabelPlacer::place(double x, double y, double radius,
                                                     std::string_view text)
{
    if (text.empty()) {
        return std::nullopt;
    }
    const double width = estimatedWidth(text) + 2 * kPadding;
    const double reach = radius + kGap;
    const double middle = y - kTextHeight / 2;
    const double above = y - reach - kTextHeight + 2;
    const double below = y + reach - 2;
    const std::array<SvgBox, 10> candidates = {{{x + reach, middle, width, kTextHeight},
                                                {x - reach - width, middle, width, kTextHeight},
                                                {x - width / 2, above, width, kTextHeight},
                                                {x - width / 2, below, width, kTextHeight},
                                                {x + radius, above, width, kTextHeight},
                                                {x - radius - width, below, width, kTextHeight},
                                                {x + radius, below, width, kTextHeight},
                                                {x - radius - width, above, width, kTextHeight},
                                                {x - width / 2, above - 12, width, kTextHeight},
                                                {x - width / 2, below + 12, width, kTextHeight}}};
    for (const SvgBox& box : candidates) {
        const bool isInside =
            box.x >= m_bounds.x && box.x + box.width <= m_bounds.x + m_bounds.width &&
            box.y >= m_bounds.y && box.y + box.height <= m_bounds.y + m_bounds.height;
        const bool isFree =
            std::none_of(m_taken.begin(), m_taken.end(),
                         [&box](const SvgBox& other) { return overlaps(box, other); });
        if (isInside && isFree) {
            m_taken.push_back(box);
            return Place{box.x + kPadding, box.y + kTextHeight - 3};
        }
    }
    return std::nullopt;
}

} // namespace bitloom::report
