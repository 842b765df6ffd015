// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/run_file.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/io/packed/hdf5_file.h"
#include "core/io/packed/packed_names.h"
#include "core/ops/tensor_bytes.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>

namespace bitloom::io {

using hdf5::ElementType;
using hdf5::Group;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::string_view kFormat = "bitloom.run";

/// bool has no type of its own in HDF5: the attribute "dtype" tells it from uint8.
struct DtypeRow {
    std::string_view name;
    c10::ScalarType type;
    ElementType element;
};
constexpr std::array kDtypes{DtypeRow{"float32", c10::kFloat, ElementType::Float32},
                             DtypeRow{"float64", c10::kDouble, ElementType::Float64},
                             DtypeRow{"int32", c10::kInt, ElementType::Int32},
                             DtypeRow{"int64", c10::kLong, ElementType::Int64},
                             DtypeRow{"uint8", c10::kByte, ElementType::UInt8},
                             DtypeRow{"bool", c10::kBool, ElementType::UInt8}};

template <typename T>
std::span<const std::byte> bytesOf(const std::vector<T>& values)
{
    return std::as_bytes(std::span(values));
}

template <typename T>
std::span<std::byte> writableBytesOf(std::vector<T>& values)
{
    return std::as_writable_bytes(std::span(values));
}

/// What a text of the file must be, if it is there at all.
void requireObjectOrEmpty(const std::string& text, std::string_view name, ErrorCode code)
{
    BITLOOM_REQUIRE(text.empty() || Json::accept(text), code, name,
                    ": expected a JSON object, found other text");
}

std::string optionalString(const Group& group, const std::string& name)
{
    std::string text = group.hasChild(name) ? group.readString(name) : std::string();
    requireObjectOrEmpty(text, group.path() + "/" + name, ErrorCode::CorruptFile);
    return text;
}

void writeUnlessEmpty(Group& group, const std::string& name, const std::string& text)
{
    requireObjectOrEmpty(text, name, ErrorCode::InvalidArgument);
    if (!text.empty()) {
        group.writeString(name, text);
    }
}

void writeSeries(Group& parent, const HistorySeries& series)
{
    Group group = parent.createGroup(linkNameOf(series.name));
    group.setAttribute("name", series.name);
    group.writeString("columns", Json(series.columns).dump());
    const auto rows = static_cast<std::int64_t>(series.rows());
    const auto columns = static_cast<std::int64_t>(series.columns.size());
    group.write("steps", ElementType::Int64, std::array{rows}, bytesOf(series.steps));
    group.write("values", ElementType::Float32, std::array{rows, columns}, bytesOf(series.values));
}

void requireDataset(const Group& group, const std::string& name, ElementType type,
                    const std::vector<std::int64_t>& shape)
{
    const hdf5::DatasetInfo info = group.datasetInfo(name);
    BITLOOM_REQUIRE(info.type == type && info.shape == shape, ErrorCode::CorruptFile, group.path(),
                    "/", name,
                    ": its type or its shape is not that of the series' rows and columns");
}

HistorySeries readSeries(const Group& group)
{
    HistorySeries series;
    series.name = group.stringAttribute("name");
    const Json columns = Json::parse(group.readString("columns"), nullptr, false);
    BITLOOM_REQUIRE(columns.is_array() &&
                        std::all_of(columns.begin(), columns.end(),
                                    [](const Json& name) { return name.is_string(); }),
                    ErrorCode::CorruptFile, group.path(), "/columns: expected a list of names");
    series.columns = columns.get<std::vector<std::string>>();
    const hdf5::DatasetInfo steps = group.datasetInfo("steps");
    BITLOOM_REQUIRE(steps.type == ElementType::Int64 && steps.shape.size() == 1,
                    ErrorCode::CorruptFile, group.path(), "/steps: expected a list of int64");
    const std::int64_t rows = steps.shape[0];
    requireDataset(group, "values", ElementType::Float32,
                   {rows, static_cast<std::int64_t>(series.columns.size())});
    series.steps.resize(static_cast<std::size_t>(rows));
    series.values.resize(series.steps.size() * series.columns.size());
    group.read("steps", writableBytesOf(series.steps));
    group.read("values", writableBytesOf(series.values));
    BITLOOM_REQUIRE(std::adjacent_find(series.steps.begin(), series.steps.end(),
                                       std::greater_equal<>()) == series.steps.end(),
                    ErrorCode::CorruptFile, group.path(), "/steps: expected ascending steps");
    return series;
}

void writeTensor(Group& parent, const std::string& name, const at::Tensor& tensor,
                 std::size_t index)
{
    const auto row = std::find_if(kDtypes.begin(), kDtypes.end(), [&](const DtypeRow& candidate) {
        return candidate.type == tensor.scalar_type();
    });
    BITLOOM_REQUIRE(row != kDtypes.end(), ErrorCode::Unsupported, "tensor ", name, " is ",
                    c10::toString(tensor.scalar_type()),
                    "; a run keeps float32, float64, int32, int64, uint8 and bool");
    const at::Tensor values = tensor.detach().contiguous();
    BITLOOM_ASSERT(values.is_cpu());
    Group group = parent.createGroup(linkNameOf(name));
    group.setAttribute("name", name);
    group.setAttribute("dtype", row->name);
    group.setAttribute("index", ElementType::Int64, static_cast<std::int64_t>(index));
    const std::vector<std::int64_t> shape = values.sizes().vec();
    group.write("data", row->element, shape, bytesOfTensor(values));
}

at::Tensor readTensor(const Group& group)
{
    const std::string dtype = group.stringAttribute("dtype");
    const auto row = std::find_if(kDtypes.begin(), kDtypes.end(), [&](const DtypeRow& candidate) {
        return candidate.name == dtype;
    });
    BITLOOM_REQUIRE(row != kDtypes.end(), ErrorCode::CorruptFile, group.path(), ": the type ",
                    dtype, " is none that a run keeps");
    const hdf5::DatasetInfo info = group.datasetInfo("data");
    BITLOOM_REQUIRE(info.type == row->element, ErrorCode::CorruptFile, group.path(),
                    "/data: its values are not ", dtype);
    at::Tensor tensor = at::empty(info.shape, row->type);
    group.read("data", {static_cast<std::byte*>(tensor.mutable_data_ptr()), tensor.nbytes()});
    if (row->type == c10::kBool) {
        const auto* const values = static_cast<const std::uint8_t*>(tensor.const_data_ptr());
        BITLOOM_REQUIRE(std::all_of(values, values + tensor.numel(),
                                    [](std::uint8_t value) { return value <= 1; }),
                        ErrorCode::CorruptFile, group.path(), "/data: a bool is neither 0 nor 1");
    }
    return tensor;
}

StateDict readState(const Group& parent)
{
    std::vector<std::pair<std::int64_t, std::pair<std::string, at::Tensor>>> indexed;
    for (const std::string& link : parent.childNames()) {
        const Group group = parent.openGroup(link);
        indexed.push_back(
            {group.integerAttribute("index"), {group.stringAttribute("name"), readTensor(group)}});
    }
    std::sort(indexed.begin(), indexed.end(),
              [](const auto& left, const auto& right) { return left.first < right.first; });
    StateDict state;
    std::set<std::string> names;
    for (auto& [index, tensor] : indexed) {
        BITLOOM_REQUIRE(names.insert(tensor.first).second, ErrorCode::CorruptFile, parent.path(),
                        ": two tensors are named ", tensor.first);
        state.tensors.push_back(std::move(tensor));
    }
    return state;
}

RunFile readRun(const std::filesystem::path& path, bool withState)
{
    return withContext(path.string(), [&] {
        const hdf5::File file = hdf5::File::openForReading(path);
        const Group& root = file.root();
        BITLOOM_REQUIRE(root.hasAttribute("format") && root.stringAttribute("format") == kFormat,
                        ErrorCode::UnknownFormat, "expected the history of a run (format ", kFormat,
                        "), found another HDF5 file");
        const std::int64_t version = root.integerAttribute("version");
        BITLOOM_REQUIRE(version <= RunFile::kVersion, ErrorCode::Unsupported,
                        "the run is of version ", version, ", this program reads up to version ",
                        RunFile::kVersion);
        RunFile run;
        run.method = root.stringAttribute("method");
        run.versions = root.stringAttribute("versions");
        run.request = optionalString(root, "request");
        run.result = optionalString(root, "result");
        run.plan = optionalString(root, "plan");
        run.position = optionalString(root, "position");
        const Group history = root.openGroup("history");
        for (const std::string& link : history.childNames()) {
            run.history.series.push_back(readSeries(history.openGroup(link)));
        }
        if (withState) {
            run.state = readState(root.openGroup("state"));
        }
        return run;
    });
}

} // namespace

void writeRunFile(const std::filesystem::path& path, const RunFile& run)
{
    AtomicFile target(path);
    withContext(path.string(), [&] {
        hdf5::File file = hdf5::File::create(target.temporaryPath());
        Group& root = file.root();
        root.setAttribute("format", kFormat);
        root.setAttribute("version", ElementType::Int64, RunFile::kVersion);
        root.setAttribute("method", run.method);
        root.setAttribute("versions", run.versions);
        writeUnlessEmpty(root, "request", run.request);
        writeUnlessEmpty(root, "result", run.result);
        writeUnlessEmpty(root, "plan", run.plan);
        writeUnlessEmpty(root, "position", run.position);
        Group history = root.createGroup("history");
        for (const HistorySeries& series : run.history.series) {
            writeSeries(history, series);
        }
        Group state = root.createGroup("state");
        std::set<std::string> names;
        for (const auto& [name, tensor] : run.state.tensors) {
            BITLOOM_REQUIRE(names.insert(name).second, ErrorCode::InvalidArgument,
                            "two tensors of the run are named ", name);
            writeTensor(state, name, tensor, names.size());
        }
        file.close();
    });
    target.commit();
}

RunFile readRunFile(const std::filesystem::path& path)
{
    return readRun(path, true);
}

RunFile readRunFileWithoutState(const std::filesystem::path& path)
{
    return readRun(path, false);
}

} // namespace bitloom::io
