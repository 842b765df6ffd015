// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/torch_archive.h"

#include "core/base/checked_math.h"
#include "core/base/mapped_file.h"
#include "core/io/state/legacy_stream.h"
#include "core/io/state/pickle_machine.h"
#include "core/io/state/zip_reader.h"

#include <ATen/ops/_make_per_channel_quantized_tensor.h>
#include <ATen/ops/_make_per_tensor_quantized_tensor.h>
#include <ATen/ops/conj_physical.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/neg.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <new>
#include <optional>
#include <set>

namespace bitloom::io {

namespace {

// Expanded tensors (stride 0) may be larger than their storage; together they stay in proportion to
// the file.
constexpr std::int64_t kMaxTensorExpansion = 4;
constexpr std::int64_t kFreeTensorBytes = 64 * 1024;

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
    /// A storage that was asked for the first time.
    struct Fresh {
        std::string key;
        c10::ScalarType type = c10::ScalarType::Byte;
        std::optional<std::size_t> entry; ///< of a zip
        std::span<const std::byte> place; ///< in a legacy stream
        std::int64_t size = 0;            ///< bytes
        std::string label;
    };

    std::shared_ptr<MappedFile> file;
    TensorMemory memory = TensorMemory::Copied;
    std::span<const std::byte> content;
    FileKind kind = FileKind::Unknown;
    std::string pickle; ///< owned copy for a zip's data.pkl; the tree points into it
    std::optional<PickleTree> tree;
    std::map<std::string, at::Tensor, std::less<>> loaded; ///< by storage key, as flat bytes
    std::int64_t expandedBytes = 0;

    std::optional<ZipReader> zip;
    std::string prefix; ///< of a zip's records, e.g. "archive/"
    bool bigEndian = false;
    bool ignoresChecksums = false;
    std::vector<std::string> mismatched; ///< records whose CRC-32 was another one

    LegacyRecords records; ///< of a legacy stream

    void openZip();
    void openLegacy();
    at::Tensor wrapped(std::span<const std::byte> bytes, c10::ScalarType type) const;
    Fresh storageOf(const Wanted& one) const;
    std::vector<Fresh> freshStorages(std::span<const Wanted> wanted) const;
    void mapStorages(std::vector<Fresh>& fresh);
    void copyStorages(const std::vector<Fresh>& fresh);
    void loadStorages(std::span<const Wanted> wanted);
    at::Tensor build(const Wanted& wanted);
    at::Tensor buildQuantized(const Wanted& wanted);
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

/// The bytes where they lie; undefined where they must be copied: because they are of another byte
/// order, not where a processor wants them, or no defined booleans.
at::Tensor TorchArchive::State::wrapped(std::span<const std::byte> bytes,
                                        c10::ScalarType type) const
{
    const auto address = reinterpret_cast<std::uintptr_t>(bytes.data());
    if (!file || bigEndian || type == c10::ScalarType::Bool || bytes.empty() ||
        address % c10::elementSize(type) != 0) {
        return {};
    }
    // LibTorch has no tensors of constant memory; see TensorMemory::Mapped.
    return at::from_blob(
        const_cast<std::byte*>(bytes.data()), {static_cast<std::int64_t>(bytes.size())},
        [keepAlive = file](void*) { static_cast<void>(keepAlive); }, at::TensorOptions(at::kByte));
}

/// The storage of a tensor, which lies in the file whole.
TorchArchive::State::Fresh TorchArchive::State::storageOf(const Wanted& one) const
{
    const PickleStorage& storage = *one.tensor->storage;
    Fresh found;
    found.key = storage.key;
    found.type = storage.type;
    found.label = "record " + prefix + "data/" + found.key + " (tensor " + one.name + ")";
    const std::int64_t promised =
        checkedMultiply(storage.numel, bytesPerElement(storage.type), "storage " + found.key);
    if (zip) {
        found.entry = zip->find(prefix + "data/" + found.key);
        BITLOOM_REQUIRE(found.entry.has_value(), ErrorCode::CorruptFile, found.label,
                        " is missing");
        found.size = static_cast<std::int64_t>(zip->entries()[*found.entry].size);
    } else {
        const auto legacy = records.find(storage.key);
        BITLOOM_REQUIRE(legacy != records.end(), ErrorCode::CorruptFile, "storage ", storage.key,
                        " (tensor ", one.name, ") is missing");
        found.place = legacy->second;
        found.size = static_cast<std::int64_t>(legacy->second.size());
    }
    BITLOOM_REQUIRE(promised <= found.size, ErrorCode::CorruptFile, "tensor ", one.name, " needs ",
                    promised, " bytes, storage ", storage.key, " has ", found.size);
    return found;
}

/// The storages of all wanted tensors that are not loaded yet, each once.
std::vector<TorchArchive::State::Fresh>
TorchArchive::State::freshStorages(std::span<const Wanted> wanted) const
{
    std::vector<Fresh> fresh;
    std::set<std::string_view> seen;
    for (const Wanted& one : wanted) {
        const std::string_view key = one.tensor->storage->key;
        if (!loaded.contains(key) && seen.insert(key).second) {
            fresh.push_back(storageOf(one));
        }
    }
    return fresh;
}

/// Uses the storages where they lie, as far as they can be.
void TorchArchive::State::mapStorages(std::vector<Fresh>& fresh)
{
    std::vector<ZipReader::Target> targets;
    if (zip) {
        for (const Fresh& one : fresh) {
            targets.push_back({*one.entry, nullptr, one.label});
        }
    }
    // What is wrong with a record is said once, though it may be mapped first and copied then.
    std::vector<std::string> seen;
    const auto places = zip ? zip->mapAll(targets, ignoresChecksums ? &seen : nullptr)
                            : decltype(zip->mapAll(targets)){};
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        const auto place = zip ? places[i] : std::optional(fresh[i].place);
        const at::Tensor bytes = place ? wrapped(*place, fresh[i].type) : at::Tensor();
        if (bytes.defined()) {
            loaded.emplace(fresh[i].key, bytes);
        }
    }
    for (const Fresh& one : fresh) {
        if (loaded.contains(one.key) && std::ranges::find(seen, one.label) != seen.end()) {
            mismatched.push_back(one.label);
        }
    }
    std::erase_if(fresh, [&](const Fresh& one) { return loaded.contains(one.key); });
}

/// Reads storages, each in one go.
void TorchArchive::State::copyStorages(const std::vector<Fresh>& fresh)
{
    std::vector<ZipReader::Target> targets;
    for (const Fresh& one : fresh) {
        const at::Tensor bytes = at::empty({one.size}, at::TensorOptions(at::kByte));
        auto* out = static_cast<std::byte*>(bytes.mutable_data_ptr());
        if (one.entry) {
            targets.push_back({*one.entry, out, one.label});
        } else if (one.size > 0) {
            std::memcpy(out, one.place.data(), one.place.size());
        }
        loaded.emplace(one.key, bytes);
    }
    if (zip) {
        zip->readAll(targets, ignoresChecksums ? &mismatched : nullptr);
    }
    for (const Fresh& one : fresh) {
        const std::span raw(
            static_cast<std::byte*>(loaded.find(one.key)->second.mutable_data_ptr()),
            static_cast<std::size_t>(one.size));
        if (bigEndian) {
            swapBytes(raw, one.type);
        }
        if (one.type == c10::ScalarType::Bool) {
            normalizeBooleans(raw);
        }
    }
}

void TorchArchive::State::loadStorages(std::span<const Wanted> wanted)
{
    std::vector<Fresh> fresh = freshStorages(wanted);
    if (memory == TensorMemory::Mapped) {
        mapStorages(fresh);
    }
    copyStorages(fresh);
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
        const auto allowed =
            kMaxTensorExpansion * static_cast<std::int64_t>(content.size()) + kFreeTensorBytes;
        BITLOOM_REQUIRE(expandedBytes <= allowed, ErrorCode::UnsafeFile, "refused: tensor ",
                        wanted.name, " repeats ", bytes.numel(), " stored bytes to ", dense,
                        "; at most ", kMaxTensorExpansion, " times the file's size is read");
    }
    // Bool elements must lie in a Bool storage, whose bytes were normalized.
    BITLOOM_REQUIRE(tensor.type != c10::ScalarType::Bool || storage.type == c10::ScalarType::Bool,
                    ErrorCode::CorruptFile, "tensor ", wanted.name, " is bool, its storage is not");
    at::Tensor result = at::empty({0}, at::TensorOptions(tensor.type));
    result.set_(bytes.storage(), first, tensor.sizes, tensor.strides);
    if (tensor.isConjugated && result.is_complex()) {
        result = at::conj_physical(result);
    }
    return tensor.isNegated ? at::neg(result) : result;
}

namespace {

TorchArchive::Wanted scalesOf(const TorchArchive::Wanted& one)
{
    return {"the scales of " + one.name, one.quantized->scales};
}

TorchArchive::Wanted zeroPointsOf(const TorchArchive::Wanted& one)
{
    return {"the zero points of " + one.name, one.quantized->zeroPoints};
}

/// The tensors and those that hold grids of quantized ones.
std::vector<TorchArchive::Wanted> withGrids(std::span<const TorchArchive::Wanted> wanted)
{
    std::vector<TorchArchive::Wanted> all(wanted.begin(), wanted.end());
    for (const TorchArchive::Wanted& one : wanted) {
        if (one.quantized != nullptr && one.quantized->axis) {
            all.push_back(scalesOf(one));
            all.push_back(zeroPointsOf(one));
        }
    }
    return all;
}

void requireGrid(const std::string& name, at::ScalarType codes, double scale,
                 std::int64_t zeroPoint)
{
    const bool isKnown = codes == at::kChar || codes == at::kByte || codes == at::kInt;
    BITLOOM_REQUIRE(isKnown, ErrorCode::CorruptFile, "tensor ", name, " is quantized to codes of ",
                    c10::toString(codes), "; int8, uint8 and int32 are read");
    BITLOOM_REQUIRE(std::isfinite(scale) && scale > 0, ErrorCode::CorruptFile, "tensor ", name,
                    " has the scale ", scale, "; finite ones above 0 are read");
    const std::int64_t low = codes == at::kByte   ? 0
                             : codes == at::kChar ? std::numeric_limits<std::int8_t>::min()
                                                  : std::numeric_limits<std::int32_t>::min();
    const std::int64_t high = codes == at::kByte   ? std::numeric_limits<std::uint8_t>::max()
                              : codes == at::kChar ? std::numeric_limits<std::int8_t>::max()
                                                   : std::numeric_limits<std::int32_t>::max();
    BITLOOM_REQUIRE(zeroPoint >= low && zeroPoint <= high, ErrorCode::CorruptFile, "tensor ", name,
                    " has the zero point ", zeroPoint, "; its codes are ", low, " to ", high);
}

} // namespace

at::Tensor TorchArchive::State::buildQuantized(const Wanted& wanted)
{
    const PickleQuantized& quantized = *wanted.quantized;
    const at::Tensor codes = build({wanted.name, quantized.codes});
    if (!quantized.axis) {
        requireGrid(wanted.name, codes.scalar_type(), quantized.scale, quantized.zeroPoint);
        return at::_make_per_tensor_quantized_tensor(codes, quantized.scale, quantized.zeroPoint);
    }
    const at::Tensor scales = build(scalesOf(wanted)).to(at::kDouble).contiguous();
    const at::Tensor stored = build(zeroPointsOf(wanted));
    const std::int64_t axis = *quantized.axis;
    BITLOOM_REQUIRE(c10::isIntegralType(stored.scalar_type(), false), ErrorCode::Unsupported,
                    "tensor ", wanted.name, " is quantized with zero points of type ",
                    c10::toString(stored.scalar_type()),
                    ", and only integers are read; save the float model, or its dequantize()");
    const bool fits = axis >= 0 && axis < codes.dim() && scales.dim() == 1 && stored.dim() == 1 &&
                      scales.numel() == codes.size(axis) && stored.numel() == codes.size(axis);
    BITLOOM_REQUIRE(fits, ErrorCode::CorruptFile, "tensor ", wanted.name, " of shape ",
                    codes.sizes(), " has scales of shape ", scales.sizes(),
                    " and zero points of shape ", stored.sizes(), " for its axis ", axis,
                    "; one of each per channel was expected");
    const at::Tensor zeroPoints = stored.to(at::kLong).contiguous();
    for (std::int64_t c = 0; c < scales.numel(); ++c) {
        requireGrid(wanted.name, codes.scalar_type(), scales.const_data_ptr<double>()[c],
                    zeroPoints.const_data_ptr<std::int64_t>()[c]);
    }
    return at::_make_per_channel_quantized_tensor(codes, scales, zeroPoints, axis);
}

TorchArchive::TorchArchive(std::unique_ptr<State> state) : m_state(std::move(state))
{
}
TorchArchive::TorchArchive(TorchArchive&&) noexcept = default;
TorchArchive& TorchArchive::operator=(TorchArchive&&) noexcept = default;
TorchArchive::~TorchArchive() = default;

TorchArchive TorchArchive::open(const std::filesystem::path& path, TensorMemory memory)
{
    auto file = std::make_shared<MappedFile>(path);
    return withContext(path.string(), [&] {
        TorchArchive archive = fromBytes(file->bytes());
        archive.m_state->file = std::move(file);
        archive.m_state->memory = memory;
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

std::vector<std::optional<std::span<const std::byte>>>
TorchArchive::placesOf(std::span<const Wanted> wanted) const
{
    std::vector<std::optional<std::span<const std::byte>>> places;
    std::vector<ZipReader::Target> targets;
    for (const Wanted& one : wanted) {
        const State::Fresh storage = m_state->storageOf(one);
        if (storage.entry) {
            targets.push_back({*storage.entry, nullptr, storage.label});
        } else {
            places.emplace_back(storage.place);
        }
    }
    std::vector<std::string> mismatched;
    if (m_state->zip) {
        places = m_state->zip->mapAll(targets, &mismatched);
    }
    for (auto& place : places) {
        if (place && place->empty()) {
            place.reset();
        }
    }
    return places;
}

void TorchArchive::ignoreChecksums()
{
    m_state->ignoresChecksums = true;
}

std::vector<Phrase> TorchArchive::notes() const
{
    std::vector<Phrase> notes;
    for (const std::string& label : m_state->mismatched) {
        notes.push_back({PhraseId::ChecksumIgnored, {label}});
    }
    return notes;
}

std::vector<at::Tensor> TorchArchive::tensors(std::span<const Wanted> wanted)
{
    try {
        m_state->loadStorages(withGrids(wanted));
        std::vector<at::Tensor> result;
        for (const Wanted& one : wanted) {
            result.push_back(one.quantized == nullptr ? m_state->build(one)
                                                      : m_state->buildQuantized(one));
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
