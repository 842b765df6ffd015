// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/historian.h"

#include <utility>

namespace bitloom::engine {

Historian::Historian(RunHistory history, const JobContext& context)
    : m_history(std::move(history)), m_context(context)
{
}

void Historian::declare(const std::string& name, const std::vector<std::string>& columns)
{
    const HistorySeries& series = m_history.declare(name, columns);
    m_context.post(SeriesDeclared{name, columns});
    for (std::size_t row = 0; row < series.rows(); ++row) {
        const std::span<const float> values = series.row(row);
        m_context.post(SeriesRow{name, series.steps[row], {values.begin(), values.end()}});
    }
}

void Historian::append(const std::string& name, std::int64_t step, std::vector<float> values)
{
    m_history.append(name, step, values);
    m_context.post(SeriesRow{name, step, std::move(values)});
}

void Historian::goBack(RunHistory history, std::int64_t step)
{
    m_history = std::move(history);
    m_context.post(HistoryCut{step});
}

} // namespace bitloom::engine
