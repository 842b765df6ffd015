// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/job_context.h"
#include "core/types/run_history.h"

#include <string>
#include <vector>

namespace bitloom::engine {

/// The history of a run, said and kept at once.
class Historian {
public:
    /// history: of the run that is continued, or empty.
    Historian(RunHistory history, const JobContext& context);

    /// Says the series, with the rows that it has already.
    void declare(const std::string& name, const std::vector<std::string>& columns);
    /// Errors: those of RunHistory::append().
    void append(const std::string& name, std::int64_t step, std::vector<float> values);
    /// The run goes on from an earlier step: history is what it had come to there.
    void goBack(RunHistory history, std::int64_t step);
    const RunHistory& history() const { return m_history; }

private:
    RunHistory m_history;
    const JobContext& m_context;
};

} // namespace bitloom::engine
