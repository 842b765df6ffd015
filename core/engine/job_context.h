// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/engine/job.h"
#include "core/engine/search_orders.h"
#include "core/types/event.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace bitloom::engine {

class ModelStore;

/// What a running job may say.
using JobMessage =
    std::variant<Metric, SeriesDeclared, SeriesRow, HistoryCut, LogLine, PartialResult>;

/// What a running job may use: its controls, its voice and the engine's open models.
struct JobContext {
    RunControl& control;
    std::string device;
    std::uint64_t seed;
    ModelStore& models;
    std::function<void(JobMessage)> post;
    /// From here on, what the job says is written to an events file too
    /// (core/io/events/run_events.h), for other processes; what it said before goes first.
    /// continued: the job goes on with the run that the file tells of. Errors: IoFailure.
    std::function<void(const std::filesystem::path& file, bool continued)> keepEvents;
    /// The oldest order that nobody has taken yet.
    std::function<std::optional<SearchOrders>()> takeOrders = [] { return std::nullopt; };

    void info(Phrase text) const { post(LogLine{LogLine::Level::Info, std::move(text)}); }
    void warn(Phrase text) const { post(LogLine{LogLine::Level::Warning, std::move(text)}); }
};

/// The result of a job as JSON; finished == false when it was cancelled with a best-so-far.
struct JobOutcome {
    std::string result;
    bool finished = true;
};

JobOutcome run(const InspectJob& job, JobContext& context);
JobOutcome run(const EvalJob& job, JobContext& context);
JobOutcome run(const SensitivityJob& job, JobContext& context);
JobOutcome run(const PackJob& job, JobContext& context);
JobOutcome run(const ExportPreviewJob& job, JobContext& context);
JobOutcome run(const ConvertJob& job, JobContext& context);
JobOutcome run(const UnpackJob& job, JobContext& context);
JobOutcome run(const VerifyJob& job, JobContext& context);
JobOutcome run(const InferJob& job, JobContext& context);
JobOutcome run(const TrainJob& job, JobContext& context);
JobOutcome run(const SearchJob& job, JobContext& context);
JobOutcome run(const HistogramJob& job, JobContext& context);
JobOutcome run(const LayerDetailJob& job, JobContext& context);
JobOutcome run(const ThumbnailJob& job, JobContext& context);
JobOutcome run(const IdentifyJob& job, JobContext& context);
JobOutcome run(const FileMapJob& job, JobContext& context);
JobOutcome run(const PackedDetailJob& job, JobContext& context);

} // namespace bitloom::engine
