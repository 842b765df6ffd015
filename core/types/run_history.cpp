// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/run_history.h"

#include "core/base/error.h"

#include <algorithm>

namespace bitloom {

namespace {
/// In a vector of series that may be const.
template <typename Series>
auto* named(Series& series, std::string_view name)
{
    const auto found = std::find_if(series.begin(), series.end(),
                                    [&](const HistorySeries& one) { return one.name == name; });
    return found == series.end() ? nullptr : &*found;
}
} // namespace

std::span<const float> HistorySeries::row(std::size_t index) const
{
    BITLOOM_ASSERT(index < rows());
    return std::span(values).subspan(index * columns.size(), columns.size());
}

const HistorySeries* RunHistory::find(std::string_view name) const
{
    return named(series, name);
}

HistorySeries& RunHistory::declare(std::string_view name, const std::vector<std::string>& columns)
{
    HistorySeries* const found = named(series, name);
    if (found == nullptr) {
        return series.emplace_back(HistorySeries{std::string(name), columns, {}, {}});
    }
    BITLOOM_REQUIRE(found->columns == columns, ErrorCode::InvalidArgument, "the series '", name,
                    "' has ", found->columns.size(),
                    " columns with other names already; a series "
                    "keeps its ",
                    columns.size(), " columns");
    return *found;
}

void RunHistory::append(std::string_view name, std::int64_t step, std::span<const float> values)
{
    HistorySeries* const found = named(series, name);
    BITLOOM_REQUIRE(found != nullptr, ErrorCode::InvalidArgument, "no series '", name,
                    "' was declared");
    BITLOOM_REQUIRE(values.size() == found->columns.size(), ErrorCode::InvalidArgument, "series '",
                    name, "' has ", found->columns.size(), " columns, found ", values.size(),
                    " values at step ", step);
    BITLOOM_REQUIRE(found->steps.empty() || step > found->steps.back(), ErrorCode::InvalidArgument,
                    "series '", name, "': step ", step, " is not after step ",
                    found->steps.empty() ? 0 : found->steps.back());
    found->steps.push_back(step);
    found->values.insert(found->values.end(), values.begin(), values.end());
}

void RunHistory::cutAfter(std::int64_t step)
{
    for (HistorySeries& one : series) {
        const auto end = std::upper_bound(one.steps.begin(), one.steps.end(), step);
        one.steps.erase(end, one.steps.end());
        one.values.resize(one.steps.size() * one.columns.size());
    }
}

} // namespace bitloom
