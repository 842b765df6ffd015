// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plots/byte_map_layout.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace bitloom::ui {

namespace {
constexpr double kMostGrowth = 3;

/// The smallest number that reads well and is not below the given one.
std::int64_t roundedUp(std::int64_t bytes)
{
    constexpr std::array kLeading{1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0};
    double power = 1;
    while (power * 10 < static_cast<double>(bytes)) {
        power *= 10;
    }
    for (const double leading : kLeading) {
        const auto candidate = static_cast<std::int64_t>(std::llround(leading * power));
        if (candidate >= bytes) {
            return candidate;
        }
    }
    return bytes;
}
} // namespace

ByteMapLayout::ByteMapLayout(const FileMap& map, const QRectF& area, double lineHeight, double gap)
    : m_area(area), m_fileBytes(map.fileBytes)
{
    if (map.fileBytes <= 0 || area.width() < 1 || area.height() < lineHeight) {
        return;
    }
    for (const FileRegion& region : map.regions) {
        m_extents.emplace_back(region.offset, region.offset + region.bytes);
    }
    const auto fitting =
        std::max<std::int64_t>(1, std::int64_t((area.height() + gap) / (lineHeight + gap)));
    m_bytesPerLine = roundedUp((map.fileBytes + fitting - 1) / fitting);
    m_lineCount = static_cast<int>((map.fileBytes + m_bytesPerLine - 1) / m_bytesPerLine);
    m_height =
        std::min(std::floor((area.height() + gap) / m_lineCount - gap), lineHeight * kMostGrowth);
    m_step = m_height + gap;
    std::size_t region = 0;
    for (int line = 0; line < m_lineCount; ++line) {
        layLine(map, line, region);
    }
}

void ByteMapLayout::layLine(const FileMap& map, int line, std::size_t& region)
{
    m_lineRuns.push_back(m_runs.size());
    const std::int64_t begin = m_bytesPerLine * line;
    const std::int64_t end = std::min(begin + m_bytesPerLine, m_fileBytes);
    const QRectF whole = linePlace(line);
    const double bytesPerPixel = static_cast<double>(m_bytesPerLine) / std::floor(whole.width());
    const int pixels =
        static_cast<int>(std::ceil(static_cast<double>(end - begin) / bytesPerPixel - 1e-9));
    for (int pixel = 0; pixel < pixels; ++pixel) {
        const double from = static_cast<double>(begin) + pixel * bytesPerPixel;
        const double to = std::min(from + bytesPerPixel, static_cast<double>(end));
        while (region + 1 < m_extents.size() &&
               static_cast<double>(m_extents[region].second) <= from) {
            ++region;
        }
        std::size_t shown = region;
        double most = 0;
        for (std::size_t i = region;
             i < m_extents.size() && static_cast<double>(m_extents[i].first) < to; ++i) {
            const double covered = std::min(to, static_cast<double>(m_extents[i].second)) -
                                   std::max(from, static_cast<double>(m_extents[i].first));
            // What belongs to a tensor is not hidden by what surrounds it.
            const double weight = map.regions[i].tensor.empty() ? covered / 2 : covered;
            if (weight > most) {
                most = weight;
                shown = i;
            }
        }
        const int index = static_cast<int>(shown);
        const bool goesOn = m_runs.size() > m_lineRuns.back() && m_runs.back().region == index;
        if (goesOn) {
            m_runs.back().place.setRight(whole.left() + pixel + 1);
        } else {
            m_runs.push_back({QRectF(whole.left() + pixel, whole.top(), 1, m_height), index});
        }
    }
}

QRectF ByteMapLayout::linePlace(int line) const
{
    return {m_area.left(), m_area.top() + line * m_step, m_area.width(), m_height};
}

QPointF ByteMapLayout::pointOf(std::int64_t offset) const
{
    const auto line = static_cast<int>(
        std::min<std::int64_t>(offset / m_bytesPerLine, std::max(m_lineCount - 1, 0)));
    const QRectF place = linePlace(line);
    const double share =
        static_cast<double>(offset - m_bytesPerLine * line) / static_cast<double>(m_bytesPerLine);
    return {place.left() + share * std::floor(place.width()), place.top()};
}

std::optional<int> ByteMapLayout::regionAt(QPointF position) const
{
    const int line = m_lineCount == 0
                         ? -1
                         : static_cast<int>(std::floor((position.y() - m_area.top()) / m_step));
    if (line < 0 || line >= m_lineCount) {
        return std::nullopt;
    }
    const auto number = static_cast<std::size_t>(line);
    const auto first = m_runs.begin() + static_cast<std::ptrdiff_t>(m_lineRuns[number]);
    const auto last = number + 1 < m_lineRuns.size()
                          ? m_runs.begin() + static_cast<std::ptrdiff_t>(m_lineRuns[number + 1])
                          : m_runs.end();
    const auto found = std::upper_bound(
        first, last, position.x(), [](double x, const Run& run) { return x < run.place.right(); });
    return found != last && found->place.contains(position) ? std::optional(found->region)
                                                            : std::nullopt;
}

std::vector<QRectF> ByteMapLayout::placesOf(int region) const
{
    std::vector<QRectF> places;
    if (m_lineCount == 0 || region < 0 || static_cast<std::size_t>(region) >= m_extents.size()) {
        return places;
    }
    const auto [offset, end] = m_extents[static_cast<std::size_t>(region)];
    for (std::int64_t at = offset; at < end;) {
        const std::int64_t lineEnd = (at / m_bytesPerLine + 1) * m_bytesPerLine;
        const std::int64_t until = std::min(lineEnd, end);
        const QPointF from = pointOf(at);
        const double width = static_cast<double>(until - at) / static_cast<double>(m_bytesPerLine) *
                             std::floor(m_area.width());
        places.emplace_back(from.x(), from.y(), std::max(width, 1.0), m_height);
        at = until;
    }
    return places;
}

} // namespace bitloom::ui
