// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/phrase.h"
#include "core/types/results.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace bitloom {

using JobId = std::uint64_t;

struct JobStarted {
    std::string kind; ///< "eval", "sensitivity", "pack", ...
    std::string description;
    std::string device; ///< "cpu", "cuda:0"
};
struct Progress {
    std::string phase;
    std::int64_t done = 0;
    std::int64_t total = 0; ///< 0 = not known
    std::string unit;
    double ratePerSecond = 0;
    std::optional<double> etaSeconds;
};
struct Metric {
    std::string name; ///< "top1_percent", "loss"
    double value = 0;
    std::int64_t step = 0;
};
/// A series of the run's history begins (core/types/run_history.h).
struct SeriesDeclared {
    std::string name;
    std::vector<std::string> columns;
};
/// One row of a declared series.
struct SeriesRow {
    std::string name;
    std::int64_t step = 0;
    std::vector<float> values; ///< one per column; NaN where there is no number
};
/// The history goes back to a step: rows after it do not count any more, those of the steps that
/// are made again follow.
struct HistoryCut {
    std::int64_t step = 0;
};
/// The job waits, its work unharmed, until it goes on or is stopped.
struct JobPaused {
    std::string reason; ///< a sentence; empty: somebody asked for it
};
struct JobResumed {};
struct LogLine {
    enum class Level { Debug, Info, Warning, Error };
    Level level = Level::Info;
    Phrase text;
};
/// What a running job knows so far, in the shape of its result; each one replaces the one before.
struct PartialResult {
    std::string result; ///< JSON object
};
struct JobFinished {
    std::string result; ///< the job's result as the JSON object that --json prints
};
struct JobFailed {
    std::string code; ///< toString(ErrorCode)
    std::string message;
};
/// A cancelled job; result holds its best-so-far as JSON, or is empty.
struct JobCancelled {
    std::string result;
};

/// One immutable thing that happened in a job.
struct Event {
    JobId job = 0;
    double time = 0; ///< seconds since the epoch
    std::variant<JobStarted, Progress, Metric, SeriesDeclared, SeriesRow, HistoryCut, JobPaused,
                 JobResumed, LogLine, PartialResult, JobFinished, JobFailed, JobCancelled>
        body;
};
using EventPtr = std::shared_ptr<const Event>;

/// One line of JSON without line breaks: {"job":1,"time":...,"event":"progress",...}.
std::string toJsonLine(const Event& event);
/// Errors: CorruptFile for a line that is no event of this version.
Event eventFromJsonLine(const std::string& line);

} // namespace bitloom
