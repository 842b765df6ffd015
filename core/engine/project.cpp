// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/project.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/file_lock.h"
#include "core/base/mapped_file.h"
#include "core/engine/portable_path.h"
#include "core/types/json_input.h"
#include "core/types/json_output.h"
#include "core/types/run_paths.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace bitloom::engine {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;
constexpr const char* kProjectFormat = "bitloom.project";
constexpr int kProjectVersion = 1;
constexpr const char* kPackedFormat = "bitloom.packed";
constexpr int kPackedVersion = 1;

std::optional<std::string> readIfThere(const fs::path& path)
{
    if (!fs::exists(path)) {
        return std::nullopt;
    }
    return readTextFile(path);
}

Json parse(const std::string& text, const fs::path& path)
{
    try {
        return Json::parse(text);
    } catch (const Json::exception& error) {
        fail(ErrorCode::CorruptFile, path.string(), ": ", error.what());
    }
}

/// Reads a JSON list whose items have a reader of their own; an absent file is an empty list.
template <typename Item>
std::vector<Item> readList(const fs::path& path, Item (*read)(std::string_view))
{
    std::vector<Item> items;
    if (const auto text = readIfThere(path)) {
        const Json list = parse(*text, path);
        BITLOOM_REQUIRE(list.is_array(), ErrorCode::CorruptFile, path.string(),
                        ": a list was expected");
        for (const Json& item : list) {
            items.push_back(withContext(path.string(), [&] { return read(item.dump()); }));
        }
    }
    return items;
}

template <typename Item>
std::string listToJson(const std::vector<Item>& items)
{
    std::string text = "[";
    for (const Item& item : items) {
        text += (text.size() > 1 ? ",\n" : "\n") + toJson(item);
    }
    return text + "\n]\n";
}

template <typename Item>
std::optional<Item> readOne(const fs::path& path, Item (*read)(std::string_view))
{
    const auto text = readIfThere(path);
    if (!text) {
        return std::nullopt;
    }
    return withContext(path.string(), [&] { return read(*text); });
}

/// In the order of their names. A folder that somebody removed holds none.
std::vector<fs::path> jsonFilesIn(const fs::path& folder)
{
    std::vector<fs::path> paths;
    std::error_code absent;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, absent)) {
        if (entry.path().extension() == ".json") {
            paths.push_back(entry.path());
        }
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

void makeFolder(const fs::path& folder)
{
    std::error_code failure;
    fs::create_directories(folder, failure);
    BITLOOM_REQUIRE(!failure, ErrorCode::IoFailure, "cannot make the folder ", folder.string(),
                    ": ", failure.message());
}

/// File names come from plan names, which the user chooses.
std::string safeFileName(const std::string& name)
{
    std::string safe;
    for (const char c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        safe += plain ? c : '_';
    }
    BITLOOM_REQUIRE(!safe.empty() && safe.front() != '.', ErrorCode::InvalidArgument, "'", name,
                    "' cannot be the name of a plan: it must start with a letter, a digit, - or _");
    return safe;
}

/// The version that a project.json has. Errors: as Project::open().
int versionOf(const fs::path& folder)
{
    const fs::path path = folder / "project.json";
    BITLOOM_REQUIRE(fs::is_directory(folder), ErrorCode::NotFound, "there is no project folder ",
                    folder.string());
    const auto text = readIfThere(path);
    BITLOOM_REQUIRE(text.has_value(), ErrorCode::UnknownFormat, folder.string(),
                    " is no Bitloom project: it holds no project.json");
    const Json document = parse(*text, path);
    BITLOOM_REQUIRE(document.is_object() && document.value("format", Json()) == kProjectFormat,
                    ErrorCode::UnknownFormat, path.string(), " is not of the format ",
                    kProjectFormat);
    const Json version = document.value("version", Json());
    BITLOOM_REQUIRE(version.is_number_integer() && version >= 1 && version <= 1'000'000,
                    ErrorCode::CorruptFile, path.string(),
                    ": version: a whole number from 1 was expected, found ", version.dump());
    return version.get<int>();
}

std::shared_ptr<const FileLock> takeLock(const fs::path& folder, std::chrono::milliseconds patience)
{
    const fs::path path = folder / ".lock";
    std::optional<FileLock> lock = FileLock::take(path, patience);
    if (!lock) {
        const std::optional<long> holder = FileLock::holderOf(path);
        fail(ErrorCode::InvalidArgument, "the project ", folder.string(),
             " is open for writing in another program (process ",
             holder ? std::to_string(*holder) : "unknown",
             "): close it there, or open it for reading only");
    }
    return std::make_shared<const FileLock>(std::move(*lock));
}

} // namespace

Project::Project(fs::path folder, std::string readOnlyReason, std::shared_ptr<const FileLock> lock)
    : m_folder(std::move(folder)), m_readOnlyReason(std::move(readOnlyReason)),
      m_lock(std::move(lock))
{
}

Project Project::openOrCreate(const fs::path& folder, std::chrono::milliseconds patience)
{
    if (fs::exists(folder / "project.json")) {
        return open(folder, Access::ReadWrite, patience);
    }
    for (const char* part : {"plans", "exports", "runs"}) {
        makeFolder(folder / part);
    }
    const auto lock = takeLock(folder, patience);
    // Whoever had the lock until now may have made the project meanwhile.
    if (!fs::exists(folder / "project.json")) {
        const Json document{{"format", kProjectFormat},
                            {"version", kProjectVersion},
                            {"name", folder.stem().string()}};
        writeFileAtomically(folder / "project.json", document.dump(2) + "\n");
    }
    static_cast<void>(versionOf(folder)); // it may be another's, and not what it should be
    return Project(folder, {}, lock);
}

Project Project::open(const fs::path& folder, Access access, std::chrono::milliseconds patience)
{
    const int version = versionOf(folder);
    if (version > kProjectVersion) {
        return Project(folder,
                       detail::concatenate((folder / "project.json").string(), " has version ",
                                           version, ", this program writes version ",
                                           kProjectVersion,
                                           ": the project is open for reading only"),
                       nullptr);
    }
    if (access == Access::ReadOnly) {
        return Project(folder, "the project " + folder.string() + " is open for reading only",
                       nullptr);
    }
    return Project(folder, {}, takeLock(folder, patience));
}

void Project::requireWritable() const
{
    BITLOOM_REQUIRE(!isReadOnly(), ErrorCode::Unsupported, m_readOnlyReason);
}

void Project::write(const fs::path& path, std::string_view text) const
{
    requireWritable();
    writeFileAtomically(path, text);
}

fs::path Project::planPathIn(const fs::path& folder, const std::string& name)
{
    return folder / "plans" / (safeFileName(name) + ".json");
}

fs::path Project::planPath(const std::string& name) const
{
    return planPathIn(m_folder, name);
}

fs::path Project::sensitivityPath() const
{
    return m_folder / "sensitivity.json";
}

fs::path Project::exportPath(const std::string& fileName) const
{
    return exportPathIn(m_folder, fileName);
}

fs::path Project::exportPathIn(const fs::path& folder, const std::string& fileName)
{
    return folder / "exports" / fileName;
}

fs::path Project::runFilePath(const std::string& name) const
{
    return runFilePathIn(m_folder, name);
}

fs::path Project::runFilePathIn(const fs::path& folder, const std::string& name)
{
    return runFileIn(folder, name);
}

void Project::saveModel(const ModelInfo& model)
{
    write(m_folder / "model.json", toJson(model));
}

std::optional<ModelInfo> Project::model() const
{
    return readOne(m_folder / "model.json", modelInfoFromJson);
}

void Project::saveSource(const ModelRef& model, const std::optional<DataRef>& data,
                         std::int64_t calibrationImages)
{
    std::optional<DataRef> kept = data;
    if (!kept) {
        if (const auto before = source()) {
            kept = before->data;
            calibrationImages = before->calibrationImages;
        }
    }
    Json document;
    document["model"] = portableSpec(model.spec, m_folder);
    document["input_shape"] = model.inputShape;
    if (kept) {
        document["data"] = {{"spec", portableSpec(kept->spec, m_folder)},
                            {"split", kept->split},
                            {"limit", kept->limit},
                            {"preprocessing", kept->preprocessing},
                            {"batch_size", kept->batchSize}};
        if (calibrationImages > 0) {
            document["data"]["calibration_images"] = calibrationImages;
        }
    }
    write(m_folder / "source.json", document.dump(2) + "\n");
}

std::optional<ProjectSource> Project::source() const
{
    const fs::path path = m_folder / "source.json";
    const auto text = readIfThere(path);
    if (!text) {
        return std::nullopt;
    }
    const Json document = parse(*text, path);
    try {
        ProjectSource found;
        found.model.spec = localSpec(document.at("model"), m_folder);
        found.model.inputShape = document.at("input_shape").get<std::vector<std::int64_t>>();
        if (const auto data = document.find("data"); data != document.end()) {
            found.data = DataRef{localSpec(data->at("spec"), m_folder), data->at("split"),
                                 data->at("limit").get<std::int64_t>(), data->at("preprocessing"),
                                 data->at("batch_size").get<std::int64_t>()};
            found.calibrationImages = data->value("calibration_images", std::int64_t{0});
        }
        return found;
    } catch (const Json::exception& error) {
        fail(ErrorCode::CorruptFile, path.string(), ": ", error.what());
    }
}

void Project::savePlan(const BitPlan& plan)
{
    write(planPath(plan.name), toJson(plan));
}

fs::path Project::snapshotPathIn(const fs::path& folder, const BitPlan& plan)
{
    return folder / "runs" / "plans" /
           (safeFileName(plan.name) + "-" + planDigest(plan).substr(0, 12) + ".json");
}

void Project::saveSnapshot(const BitPlan& plan)
{
    requireWritable();
    const fs::path path = snapshotPathIn(m_folder, plan);
    makeFolder(path.parent_path());
    write(path, toJson(plan));
}

std::optional<BitPlan> Project::plan(const std::string& name) const
{
    return readOne(planPath(name), bitPlanFromJson);
}

std::vector<std::string> Project::planNames() const
{
    std::vector<std::string> names;
    for (const fs::path& path : jsonFilesIn(m_folder / "plans")) {
        names.push_back(path.stem().string());
    }
    return names;
}

void Project::removePlan(const std::string& name)
{
    requireWritable();
    const fs::path path = planPath(name);
    std::error_code failure;
    const bool removed = fs::remove(path, failure);
    BITLOOM_REQUIRE(!failure, ErrorCode::IoFailure, "cannot remove ", path.string(), ": ",
                    failure.message());
    BITLOOM_REQUIRE(removed, ErrorCode::NotFound, "the project ", m_folder.string(),
                    " has no plan '", name, "'");
}

void Project::renamePlan(const std::string& name, const std::string& newName)
{
    requireWritable();
    std::optional<BitPlan> renamed = plan(name);
    BITLOOM_REQUIRE(renamed.has_value(), ErrorCode::NotFound, "the project ", m_folder.string(),
                    " has no plan '", name, "'");
    const bool sameFile = planPath(newName) == planPath(name);
    BITLOOM_REQUIRE(sameFile || !fs::exists(planPath(newName)), ErrorCode::InvalidArgument,
                    "the project ", m_folder.string(), " has a plan '", newName, "' already");
    renamed->name = newName;
    savePlan(*renamed);
    std::vector<FrontierPoint> all = points();
    bool changed = false;
    for (FrontierPoint& point : all) {
        if (point.plan == name) {
            point.label = point.label == name ? newName : point.label;
            point.plan = newName;
            changed = true;
        }
    }
    if (changed) {
        write(m_folder / "points.json", listToJson(all));
    }
    if (!sameFile) { // last, so that a kill leaves the plan under both names and never under none
        removePlan(name);
    }
}

void Project::saveSensitivity(const SensitivityTable& table)
{
    write(sensitivityPath(), toJson(table));
}

std::optional<SensitivityTable> Project::sensitivity() const
{
    return readOne(sensitivityPath(), sensitivityTableFromJson);
}

void Project::savePoint(const FrontierPoint& point)
{
    std::vector<FrontierPoint> all = points();
    std::erase_if(all, [&](const FrontierPoint& other) { return other.label == point.label; });
    all.push_back(point);
    write(m_folder / "points.json", listToJson(all));
}

std::vector<FrontierPoint> Project::points() const
{
    return readList(m_folder / "points.json", frontierPointFromJson);
}

void Project::saveTraining(const std::vector<EpochResult>& epochs)
{
    write(m_folder / "training.json", listToJson(epochs));
}

std::vector<EpochResult> Project::training() const
{
    return readList(m_folder / "training.json", epochResultFromJson);
}

void Project::saveHistograms(const std::vector<WeightHistogram>& histograms)
{
    write(m_folder / "histograms.json", listToJson(histograms));
}

std::vector<WeightHistogram> Project::histograms() const
{
    return readList(m_folder / "histograms.json", weightHistogramFromJson);
}

void Project::saveSheet(const PackSheet& sheet)
{
    write(m_folder / "sheet.json", toJson(sheet));
}

std::optional<PackSheet> Project::sheet() const
{
    return readOne(m_folder / "sheet.json", packSheetFromJson);
}

void Project::savePacked(const PackedFile& packed)
{
    Json document;
    document["format"] = kPackedFormat;
    document["version"] = kPackedVersion;
    document["file"] = portablePath(packed.file, m_folder);
    document["plan"] = packed.plan ? Json::parse(toJson(*packed.plan)) : Json();
    write(m_folder / "packed.json", document.dump(2) + "\n");
}

std::optional<PackedFile> Project::packed() const
{
    const fs::path path = m_folder / "packed.json";
    const auto text = readIfThere(path);
    if (!text) {
        return std::nullopt;
    }
    const Json document = parse(*text, path);
    try {
        BITLOOM_REQUIRE(document.at("format") == kPackedFormat, ErrorCode::UnknownFormat,
                        path.string(), " is not of the format ", kPackedFormat);
        BITLOOM_REQUIRE(document.at("version").get<int>() <= kPackedVersion, ErrorCode::Unsupported,
                        path.string(), " has version ", document.at("version").dump(),
                        ", this program reads up to ", kPackedVersion);
        PackedFile packed;
        packed.file = localPath(document.at("file"), m_folder);
        if (const Json& plan = document.at("plan"); !plan.is_null()) {
            packed.plan = withContext(path.string(), [&] { return bitPlanFromJson(plan.dump()); });
        }
        return packed;
    } catch (const Json::exception& error) {
        fail(ErrorCode::CorruptFile, path.string(), ": ", error.what());
    }
}

void Project::saveEvaluation(const KeptEvaluation& evaluation)
{
    requireWritable();
    const fs::path folder = m_folder / "runs" / "evaluations";
    makeFolder(folder);
    write(folder / evaluationFileName(evaluation, m_folder),
          evaluationToJson(evaluation, m_folder));
}

std::vector<KeptEvaluation> Project::evaluations() const
{
    std::vector<KeptEvaluation> kept;
    for (const fs::path& path : jsonFilesIn(m_folder / "runs" / "evaluations")) {
        kept.push_back(withContext(
            path.string(), [&] { return evaluationFromJson(readTextFile(path), m_folder); }));
    }
    return kept;
}

void Project::recordRun(const RunRecord& record)
{
    const fs::path folder = m_folder / "runs";
    long last = 0;
    requireWritable();
    makeFolder(folder);
    for (const fs::path& path : jsonFilesIn(folder)) {
        last = std::max(last, std::strtol(path.stem().c_str(), nullptr, 10));
    }
    std::string number = std::to_string(last + 1);
    number.insert(0, number.size() < 4 ? 4 - number.size() : 0,
                  '0'); // names sort in the order of the runs
    Json document;
    document["command"] = record.command;
    document["kind"] = record.kind;
    document["device"] = record.device;
    document["seed"] = record.seed;
    document["finished"] = record.finished;
    document["versions"] = record.versions;
    document["result"] = record.result.empty() ? Json() : Json::parse(record.result);
    write(folder / (number + "-" + record.kind + ".json"), document.dump(2) + "\n");
}

std::vector<RunRecord> Project::runs() const
{
    std::vector<RunRecord> records;
    for (const fs::path& path : jsonFilesIn(m_folder / "runs")) {
        const Json document = parse(readIfThere(path).value(), path);
        try {
            records.push_back({document.at("command"), document.at("kind"), document.at("device"),
                               document.at("seed").get<std::uint64_t>(), document.at("finished"),
                               document.at("versions"), document.at("result").dump()});
        } catch (const Json::exception& error) {
            fail(ErrorCode::CorruptFile, path.string(), ": ", error.what());
        }
    }
    return records;
}

void Project::saveJournal(std::string_view text)
{
    write(m_folder / "journal.json", text);
}

std::optional<std::string> Project::journal() const
{
    return readIfThere(m_folder / "journal.json");
}

void Project::clearJournal()
{
    requireWritable();
    std::error_code failure;
    fs::remove(m_folder / "journal.json", failure);
    BITLOOM_REQUIRE(!failure, ErrorCode::IoFailure, "cannot remove ",
                    (m_folder / "journal.json").string(), ": ", failure.message());
}

void Project::saveSession(std::string_view text)
{
    write(m_folder / "session.json", text);
}

std::optional<std::string> Project::session() const
{
    return readIfThere(m_folder / "session.json");
}

} // namespace bitloom::engine
