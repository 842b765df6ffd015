// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/job.h"
#include "core/engine/kept_evaluation.h"
#include "core/types/bit_plan.h"
#include "core/types/histogram.h"
#include "core/types/model_info.h"
#include "core/types/pack_sheet.h"
#include "core/types/results.h"
#include "core/types/sensitivity_table.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {
class FileLock;
}

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
    std::optional<DataRef> data;        ///< the last images that anything was measured on
    std::int64_t calibrationImages = 0; ///< that went with them; 0: not recorded
};

/// The file that sheet.json is the proof of.
struct PackedFile {
    std::filesystem::path file;  ///< absolute, or in the project; may be gone
    std::optional<BitPlan> plan; ///< as it was packed
};

/// What a project is opened for. One process at a time may write; any number may read.
enum class Access { ReadOnly, ReadWrite };

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
///     packed.json         where that file is, and the plan in it
///     exports/            packed files
///     runs/NNNN-KIND.json one record per command
///     runs/NAME.run.h5    history and state of a search
///     runs/NAME.events.jsonl  what it says while it runs, for other processes
///     runs/plans/NAME-DIGEST.json  plans as they were when something was run with them
///     runs/evaluations/*.json      what was said about each image, by plan and images
///     journal.json        what a window has not saved yet, to be offered after a crash
///     session.json        how a window was left: layout, selection, open panels
///     .lock               held by the process that writes
///
/// Every file is replaced atomically, so a kill at any moment leaves the state before or after the
/// last step. Copies share the lock; it is released with the last of them, or by the kernel when
/// the process ends. A project of a newer version is opened for reading whatever was asked for.
/// Errors: NotFound, IoFailure, UnknownFormat for a folder that is no project, CorruptFile naming
/// the file; InvalidArgument, naming the process, for one that another process writes; Unsupported
/// for every change of one that is open for reading only.
class Project {
public:
    /// Makes the folder and its project.json if they are not there. patience: how long to wait for
    /// another process to be done with it.
    static Project openOrCreate(const std::filesystem::path& folder,
                                std::chrono::milliseconds patience = {});
    static Project open(const std::filesystem::path& folder, Access access = Access::ReadWrite,
                        std::chrono::milliseconds patience = {});

    const std::filesystem::path& folder() const { return m_folder; }
    bool isReadOnly() const { return !m_readOnlyReason.empty(); }
    /// Why nothing can be changed, one sentence; empty: it can.
    const std::string& readOnlyReason() const { return m_readOnlyReason; }
    /// Errors: Unsupported with readOnlyReason().
    void requireWritable() const;
    std::filesystem::path planPath(const std::string& name) const;
    /// The same without opening the folder.
    static std::filesystem::path planPathIn(const std::filesystem::path& folder,
                                            const std::string& name);
    std::filesystem::path sensitivityPath() const;
    std::filesystem::path exportPath(const std::string& fileName) const;
    static std::filesystem::path exportPathIn(const std::filesystem::path& folder,
                                              const std::string& fileName);
    /// History and state of a search (core/io/run_file.h).
    std::filesystem::path runFilePath(const std::string& name) const;
    static std::filesystem::path runFilePathIn(const std::filesystem::path& folder,
                                               const std::string& name);

    void saveModel(const ModelInfo& model);
    std::optional<ModelInfo> model() const;
    /// Files inside the folder are kept relative to it, others by their absolute path. Without
    /// data, the data of before stay. calibrationImages: that went with the data; 0: not known.
    void saveSource(const ModelRef& model, const std::optional<DataRef>& data,
                    std::int64_t calibrationImages = 0);
    std::optional<ProjectSource> source() const;
    void savePlan(const BitPlan& plan);
    /// A plan as it was when something was run with it, for the command line that repeats the run:
    /// its file is never changed, later edits of the plan make another one.
    void saveSnapshot(const BitPlan& plan);
    static std::filesystem::path snapshotPathIn(const std::filesystem::path& folder,
                                                const BitPlan& plan);
    std::optional<BitPlan> plan(const std::string& name) const;
    std::vector<std::string> planNames() const;
    /// Errors: NotFound.
    void removePlan(const std::string& name);
    /// Points that were measured on the plan follow it. Errors: NotFound; InvalidArgument if there
    /// is a plan of the new name.
    void renamePlan(const std::string& name, const std::string& newName);
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
    void savePacked(const PackedFile& packed);
    std::optional<PackedFile> packed() const;
    /// Replaces that of the same plan on the same images.
    void saveEvaluation(const KeptEvaluation& evaluation);
    std::vector<KeptEvaluation> evaluations() const;
    void recordRun(const RunRecord& record);
    std::vector<RunRecord> runs() const;
    /// Whatever text the window wants to find again.
    void saveJournal(std::string_view text);
    std::optional<std::string> journal() const;
    /// Without effect where there is none.
    void clearJournal();
    void saveSession(std::string_view text);
    std::optional<std::string> session() const;

private:
    Project(std::filesystem::path folder, std::string readOnlyReason,
            std::shared_ptr<const FileLock> lock);
    void write(const std::filesystem::path& path, std::string_view text) const;

    std::filesystem::path m_folder;
    std::string m_readOnlyReason;
    std::shared_ptr<const FileLock> m_lock; ///< of the writer; empty for readers
};

} // namespace bitloom::engine
