// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/measured_points.h"

#include "app/cli/text_table.h"

#include "core/types/json_output.h"

#include <algorithm>

namespace bitloom::cli {

std::vector<FrontierPoint> measuredPoints(std::vector<FrontierPoint> points)
{
    std::erase_if(points, [](const FrontierPoint& point) { return !point.top1Percent; });
    std::stable_sort(points.begin(), points.end(),
                     [](const FrontierPoint& left, const FrontierPoint& right) {
                         return left.bops != right.bops ? left.bops < right.bops
                                                        : *left.top1Percent > *right.top1Percent;
                     });
    return points;
}

bool isOnFrontier(const FrontierPoint& point, std::span<const FrontierPoint> measured)
{
    return std::none_of(measured.begin(), measured.end(), [&](const FrontierPoint& other) {
        const bool noWorse = *other.top1Percent >= *point.top1Percent && other.bops <= point.bops;
        const bool better = *other.top1Percent > *point.top1Percent || other.bops < point.bops;
        return noWorse && better;
    });
}

Json measuredToJson(std::span<const FrontierPoint> measured)
{
    Json list = Json::array();
    for (const FrontierPoint& point : measured) {
        Json one = Json::parse(toJson(point));
        one["on_frontier"] = isOnFrontier(point, measured);
        list.push_back(std::move(one));
    }
    return list;
}

std::string measuredTable(std::span<const FrontierPoint> measured)
{
    TextTable table({"measured", "bytes", "BOPs %", "top-1 %", ""});
    for (const FrontierPoint& point : measured) {
        table.addRow({point.label, std::to_string(point.bytes),
                      formatFixed(point.bopsPercentOfFp32, 3), formatFixed(*point.top1Percent, 2),
                      isOnFrontier(point, measured) ? "frontier" : ""});
    }
    return table.toString();
}

} // namespace bitloom::cli
