// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/torch_archive.h"

#include "core/base/checked_math.h"
#include "core/base/mapped_file.h"
#include "core/io/state/legacy_stream.h"
#include "core/io/state/pickle_machine.h"
#include "core/io/state/zip_reader.h"

#include <ATen/ops/empty.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <new>
#include <optional>

namespace bitloom::io {

namespace {

// Expanded tensors (stride 0) may be larger than their storage; together they stay in proportion to
// the file.
constexpr std::int64_t kMaxExpansion = 4;
constexpr std::int64_t kFreeBytes = 64 * 1024;

std::int64_t bytesPerElement(c10::ScalarType type)
{
    return static_cast<std::int64_t>(c10::elementSize(type));
}

/// Elements from the tensor's first to its last, 0 for an empty tensor.
std::int64_t extentOf(const std::string& name, const PickleTensor& tensor)
{
    const std::int64_t numel = checkedNumel(tensor.sizes, "tensor " + name);
    std::int64_t extent = numel == 0 ? 0 : 1;
    for (std::size_t i = 0; i < tensor.sizes.size(); ++i) {
        BITLOOM_REQUIRE(tensor.strides[i] >= 0, ErrorCode::CorruptFile, "tensor ", name,
                        " has the negative stride ", tensor.strides[i]);
        if (numel != 0) {
            extent = checkedAdd(
                extent, checkedMultiply(tensor.sizes[i] - 1, tensor.strides[i], "tensor " + name),
                "tensor " + name);
        }
    }
    return extent;
}

void swapBytes(std::span<std::byte> bytes, c10::ScalarType type)
{
    const bool complex = c10::isComplexType(type);
    const auto width = static_cast<std::size_t>(bytesPerElement(type)) / (complex ? 2 : 1);
    for (std::size_t at = 0; at + width <= bytes.size(); at += width) {
        std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                     bytes.begin() + static_cast<std::ptrdiff_t>(at + width));
    }
}

/// Any bit pattern is a number of every type but bool, where only 0 and 1 are defined.
void normalizeBooleans(std::span<std::byte> bytes)
{
    for (std::byte& byte : bytes) {
        byte = byte == std::byte{0} ? std::byte{0} : std::byte{1};
    }
}

} // namespace

struct TorchArchive::State {
    std::optional<MappedFile> file;
    std::span<const std::byte> content;
    FileKind kind = FileKind::Unknown;
    std::string pickle; ///< owned copy for a zip's data.pkl; the tree points into it
    std::optional<PickleTree> tree;
    std::map<std::string, at::Tensor, std::less<>> loaded; ///< by storage key, as flat bytes
    std::int64_t expandedBytes = 0;

    std::optional<ZipReader> zip;
    std::string prefix; ///< of a zip's records, e.g. "archive/"
    bool bigEndian = false;

    LegacyRecords records; ///< of a legacy stream

    void openZip();
    void openLegacy();
    void loadStorages(std::span<const Wanted> wanted);
    at::Tensor build(const Wanted& wanted);
};

void TorchArchive::State::openZip()
{
    zip.emplace(content);
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < zip->entries().size(); ++i) {
        const std::string& name = zip->entries()[i].name;
        const bool candidate = name == "data.pkl" || name.ends_with("/data.pkl");
        if (candidate && (!best || name.size() < zip->entries()[*best].name.size())) {
            best = i;
        }
    }
    BITLOOM_REQUIRE(best.has_value(), ErrorCode::UnknownFormat,
                    "the archive has no record data.pkl");
    const std::string& name = zip->entries()[*best].name;
    prefix = name.substr(0, name.size() - std::string_view("data.pkl").size());
    pickle = zip->readText(*best);
    tree.emplace(readPickle(pickle).tree);
    if (const auto order = zip->find(prefix + "byteorder")) {
        const std::string text =
            zip->entries()[*order].size <= 16 ? zip->readText(*order) : std::string();
        BITLOOM_REQUIRE(text == "little" || text == "big", ErrorCode::CorruptFile,
                        "the record byteorder says neither little nor big");
        bigEndian = text == "big";
    }
}

void TorchArchive::State::openLegacy()
{
    LegacyStream stream =
        readLegacyStream({reinterpret_cast<const char*>(content.data()), content.size()});
    tree.emplace(std::move(stream.tree));
    records = std::move(stream.records);
}

/// Reads the storages of all wanted tensors that are not loaded yet, each once, in one go.
void TorchArchive::State::loadStorages(std::span<const Wanted> wanted)
{
    std::vector<ZipReader::Target> targets;
    std::vector<std::pair<at::Tensor, c10::ScalarType>> fresh;
    for (const Wanted& one : wanted) {
        const PickleStorage& storage = *one.tensor->storage;
        if (loaded.contains(storage.key)) {
            continue;
        }
        const std::string record =
            "record " + prefix + "data/" + std::string(storage.key) + " (tensor " + one.name + ")";
        const std::int64_t promised = checkedMultiply(storage.numel, bytesPerElement(storage.type),
                                                      "storage " + std::string(storage.key));
        std::int64_t held = 0;
        std::optional<std::size_t> entry;
        LegacyRecords::const_iterator legacy = records.end();
        if (zip) {
            entry = zip->find(prefix + "data/" + std::string(storage.key));
            BITLOOM_REQUIRE(entry.has_value(), ErrorCode::CorruptFile, record, " is missing");
            held = static_cast<std::int64_t>(zip->entries()[*entry].size);
        } else {
            legacy = records.find(storage.key);
            BITLOOM_REQUIRE(legacy != records.end(), ErrorCode::CorruptFile, "storage ",
                            storage.key, " (tensor ", one.name, ") is missing");
            held = static_cast<std::int64_t>(legacy->second.size());
        }
        BITLOOM_REQUIRE(promised <= held, ErrorCode::CorruptFile, "tensor ", one.name, " needs ",
                        promised, " bytes, storage ", storage.key, " has ", held);
        const at::Tensor bytes = at::empty({held}, at::TensorOptions(at::kByte));
        auto* out = static_cast<std::byte*>(bytes.mutable_data_ptr());
        if (zip) {
            targets.push_back({*entry, out, record});
        } else if (held > 0) {
            std::memcpy(out, legacy->second.data(), legacy->second.size());
        }
        loaded.emplace(std::string(storage.key), bytes);
        fresh.emplace_back(bytes, storage.type);
    }
    if (zip) {
        zip->readAll(targets);
    }
    for (const auto& [bytes, type] : fresh) {
        const std::span raw(static_cast<std::byte*>(bytes.mutable_data_ptr()),
                            static_cast<std::size_t>(bytes.numel()));
        if (bigEndian) {
            swapBytes(raw, type);
        }
        if (type == c10::ScalarType::Bool) {
            normalizeBooleans(raw);
        }
    }
}

at::Tensor TorchArchive::State::build(const Wanted& wanted)
{
    const PickleTensor& tensor = *wanted.tensor;
    const PickleStorage& storage = *tensor.storage;
    const std::int64_t width = bytesPerElement(tensor.type);
    const at::Tensor& bytes = loaded.find(storage.key)->second;
    const std::int64_t extent = extentOf(wanted.name, tensor);
    BITLOOM_REQUIRE(tensor.offset >= 0, ErrorCode::CorruptFile, "tensor ", wanted.name,
                    " has the negative offset ", tensor.offset);
    const std::int64_t inView = checkedAdd(tensor.offset, extent, "tensor " + wanted.name);
    const std::int64_t first =
        checkedAdd(tensor.offset, storage.viewOffset, "tensor " + wanted.name);
    const std::int64_t needed = checkedMultiply(checkedAdd(first, extent, "tensor " + wanted.name),
                                                width, "tensor " + wanted.name);
    BITLOOM_REQUIRE(needed <= bytes.numel() && (!storage.viewNumel || inView <= *storage.viewNumel),
                    ErrorCode::CorruptFile, "tensor ", wanted.name, " needs ", needed,
                    " bytes, storage ", storage.key, " has ", bytes.numel());
    const std::int64_t dense = checkedMultiply(checkedNumel(tensor.sizes, "tensor " + wanted.name),
                                               width, "tensor " + wanted.name);
    if (dense > bytes.numel()) {
        expandedBytes = checkedAdd(expandedBytes, dense, "the sum of expanded tensors");
        const auto allowed = kMaxExpansion * static_cast<std::int64_t>(content.size()) + kFreeBytes;
        BITLOOM_REQUIRE(expandedBytes <= allowed, ErrorCode::UnsafeFile, "refused: tensor ",
                        wanted.name, " repeats ", bytes.numel(), " stored bytes to ", dense,
                        "; at most ", kMaxExpansion, " times the file's size is read");
    }
    // Bool elements must lie in a Bool storage, whose bytes were normalized.
    BITLOOM_REQUIRE(tensor.type != c10::ScalarType::Bool || storage.type == c10::ScalarType::Bool,
                    ErrorCode::CorruptFile, "tensor ", wanted.name, " is bool, its storage is not");
    at::Tensor result = at::empty({0}, at::TensorOptions(tensor.type));
    return result.set_(bytes.storage(), first, tensor.sizes, tensor.strides);
}

TorchArchive::TorchArchive(std::unique_ptr<State> state) : m_state(std::move(state))
{
}
TorchArchive::TorchArchive(TorchArchive&&) noexcept = default;
TorchArchive& TorchArchive::operator=(TorchArchive&&) noexcept = default;
TorchArchive::~TorchArchive() = default;

TorchArchive TorchArchive::open(const std::filesystem::path& path)
{
    MappedFile file(path);
    return withContext(path.string(), [&] {
        TorchArchive archive = fromBytes(file.bytes());
        archive.m_state->file.emplace(std::move(file)); // the mapping's address does not change
        return archive;
    });
}

TorchArchive TorchArchive::fromBytes(std::span<const std::byte> content)
{
    auto state = std::make_unique<State>();
    state->content = content;
    state->kind = detectFileKind(content);
    try {
        switch (state->kind) {
        case FileKind::TorchZip:
            state->openZip();
            break;
        case FileKind::TorchLegacy:
            state->openLegacy();
            break;
        case FileKind::TorchTar:
            fail(ErrorCode::Unsupported, "this is a tar archive; the tar format of PyTorch 0.1 is "
                                         "not supported; re-save with a newer PyTorch");
        case FileKind::TorchScript:
            fail(ErrorCode::Unsupported, "this is a TorchScript module, not a state dict; open it "
                                         "as a model, or save model.state_dict()");
        case FileKind::TorchExport:
        case FileKind::Hdf5:
        case FileKind::Safetensors:
        case FileKind::Onnx:
        case FileKind::Npy:
        case FileKind::NumpyZip:
        case FileKind::Pickle:
        case FileKind::Zip:
        case FileKind::Gzip:
        case FileKind::Json:
        case FileKind::Text:
        case FileKind::Unknown:
            fail(ErrorCode::UnknownFormat,
                 "a PyTorch checkpoint (written by torch.save) was expected, the file is ",
                 describeContent(content));
        }
    } catch (const std::bad_alloc&) {
        fail(ErrorCode::OutOfMemory, "not enough memory to read the checkpoint's object tree");
    }
    return TorchArchive(std::move(state));
}

FileKind TorchArchive::kind() const
{
    return m_state->kind;
}

const PickleValue& TorchArchive::root() const
{
    return m_state->tree->root();
}

std::vector<at::Tensor> TorchArchive::tensors(std::span<const Wanted> wanted)
{
    try {
        m_state->loadStorages(wanted);
        std::vector<at::Tensor> result;
        for (const Wanted& one : wanted) {
            result.push_back(m_state->build(one));
        }
        return result;
    } catch (const c10::OutOfMemoryError& error) {
        fail(ErrorCode::OutOfMemory,
             "not enough memory for the tensors: ", error.what_without_backtrace());
    } catch (const c10::Error& error) {
        fail(ErrorCode::Internal,
             "LibTorch could not build a tensor: ", error.what_without_backtrace());
    } catch (const std::bad_alloc&) {
        fail(ErrorCode::OutOfMemory, "not enough memory for the tensors");
    }
}

} // namespace bitloom::io
