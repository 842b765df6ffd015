// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/job.h"
#include "core/types/bit_plan.h"
#include "core/types/histogram.h"
#include "core/types/model_info.h"
#include "core/types/pack_sheet.h"
#include "core/types/results.h"
#include "core/types/sensitivity_table.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace bitloom::engine {

/// One command that was run on a project.
struct RunRecord {
    std::string command; ///< the command line that repeats it
    std::string kind;    ///< "eval", "pack", ...
    std::string device;
    std::uint64_t seed = 0;
    std::string finished; ///< ISO 8601, UTC
    std::string versions; ///< of the program and its libraries
    std::string result;   ///< the JSON that --json prints
};

/// What a project's results were made from.
struct ProjectSource {
    ModelRef model;
    std::optional<DataRef> data; ///< the last images that anything was measured on
};

/// A folder NAME.bitloom that keeps what was done with one model.
///
///     project.json        format, version, name
///     model.json          description of the model
///     source.json         how to open the model again, and the images last used
///     plans/NAME.json     bit plans
///     sensitivity.json    the sensitivity table
///     points.json         measured plans
///     training.json       epochs, where the model was trained here
///     histograms.json     weight histograms of the exported plan
///     sheet.json          proof of the last packed file
///     exports/            packed files
///     runs/NNNN-KIND.json one record per command
///
/// Every file is replaced atomically, so a kill at any moment leaves the state before or after the
/// last step. Errors: NotFound, IoFailure, UnknownFormat for a folder that is no project,
/// CorruptFile naming the file.
class Project {
public:
    /// Makes the folder and its project.json if they are not there.
    static Project openOrCreate(const std::filesystem::path& folder);
    static Project open(const std::filesystem::path& folder);

    const std::filesystem::path& folder() const { return m_folder; }
    std::filesystem::path planPath(const std::string& name) const;
    std::filesystem::path sensitivityPath() const;
    std::filesystem::path exportPath(const std::string& fileName) const;

    void saveModel(const ModelInfo& model);
    std::optional<ModelInfo> model() const;
    /// Files inside the folder are kept relative to it, others by their absolute path. Without
    /// data, the data of before stay.
    void saveSource(const ModelRef& model, const std::optional<DataRef>& data);
    std::optional<ProjectSource> source() const;
    void savePlan(const BitPlan& plan);
    std::optional<BitPlan> plan(const std::string& name) const;
    std::vector<std::string> planNames() const;
    void saveSensitivity(const SensitivityTable& table);
    std::optional<SensitivityTable> sensitivity() const;
    /// Replaces the point of the same label.
    void savePoint(const FrontierPoint& point);
    std::vector<FrontierPoint> points() const;
    void saveTraining(const std::vector<EpochResult>& epochs);
    std::vector<EpochResult> training() const;
    void saveHistograms(const std::vector<WeightHistogram>& histograms);
    std::vector<WeightHistogram> histograms() const;
    void saveSheet(const PackSheet& sheet);
    std::optional<PackSheet> sheet() const;
    void recordRun(const RunRecord& record);
    std::vector<RunRecord> runs() const;

private:
    explicit Project(std::filesystem::path folder);

    std::filesystem::path m_folder;
};

} // namespace bitloom::engine
