// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/torch_archive_writer.h"

#include "core/base/atomic_file.h"
#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/io/state/pickle_machine.h"
#include "core/io/state/zip_writer.h"

#include <algorithm>
#include <string_view>

namespace bitloom::io {

namespace {

using c10::ScalarType;

/// The storage class of a dtype; empty for the younger dtypes, which PyTorch keeps in an
/// UntypedStorage.
std::string_view storageName(ScalarType type)
{
    switch (type) {
    case ScalarType::Byte:
        return "ByteStorage";
    case ScalarType::Char:
        return "CharStorage";
    case ScalarType::Short:
        return "ShortStorage";
    case ScalarType::Int:
        return "IntStorage";
    case ScalarType::Long:
        return "LongStorage";
    case ScalarType::Half:
        return "HalfStorage";
    case ScalarType::BFloat16:
        return "BFloat16Storage";
    case ScalarType::Float:
        return "FloatStorage";
    case ScalarType::Double:
        return "DoubleStorage";
    case ScalarType::Bool:
        return "BoolStorage";
    case ScalarType::ComplexFloat:
        return "ComplexFloatStorage";
    case ScalarType::ComplexDouble:
        return "ComplexDoubleStorage";
    default:
        return {};
    }
}

std::string_view dtypeName(ScalarType type)
{
    switch (type) {
    case ScalarType::UInt16:
        return "uint16";
    case ScalarType::UInt32:
        return "uint32";
    case ScalarType::UInt64:
        return "uint64";
    case ScalarType::Float8_e4m3fn:
        return "float8_e4m3fn";
    case ScalarType::Float8_e5m2:
        return "float8_e5m2";
    case ScalarType::Float8_e4m3fnuz:
        return "float8_e4m3fnuz";
    case ScalarType::Float8_e5m2fnuz:
        return "float8_e5m2fnuz";
    default:
        return {};
    }
}

std::span<const std::byte> bytesOf(const c10::Storage& storage)
{
    return {static_cast<const std::byte*>(storage.data()), storage.nbytes()};
}

void requireWritable(const std::string& name, ScalarType type, bool isPlain,
                     TorchContainer container)
{
    BITLOOM_REQUIRE(isValidUtf8(name), ErrorCode::InvalidArgument,
                    "a tensor's name is not valid UTF-8");
    const bool known = !storageName(type).empty() || !dtypeName(type).empty();
    BITLOOM_REQUIRE(isPlain && known, ErrorCode::Unsupported, "tensor ", name, " of type ",
                    c10::toString(type),
                    " cannot be written: only dense tensors of plain numbers can");
    requireHeld(container, name, type);
}

std::int64_t elementsOf(std::int64_t bytes, ScalarType type)
{
    return bytes / static_cast<std::int64_t>(c10::elementSize(type));
}

} // namespace

void requireHeld(TorchContainer container, const std::string& name, ScalarType type)
{
    BITLOOM_REQUIRE(container == TorchContainer::Zip || !storageName(type).empty(),
                    ErrorCode::Unsupported, "tensor ", name, " of type ", c10::toString(type),
                    " cannot be written to a legacy file, which is older than this type; write a "
                    "zip file");
}

TorchArchiveWriter::StorageId TorchArchiveWriter::idOf(const at::Tensor& tensor)
{
    return {tensor.storage().unsafeGetStorageImpl(), tensor.scalar_type()};
}

TorchArchiveWriter::TorchArchiveWriter(TorchContainer container,
                                       std::span<const NamedTensor> tensors)
    : m_container(container)
{
    for (const auto& [name, tensor] : tensors) {
        BITLOOM_REQUIRE(tensor.defined(), ErrorCode::InvalidArgument, "tensor ", name,
                        " is undefined");
        requireWritable(name, tensor.scalar_type(),
                        tensor.layout() == at::kStrided && !tensor.is_conj() && !tensor.is_neg(),
                        container);
        m_tensors.push_back(tensor.cpu());
        ++m_users[idOf(m_tensors.back())];
    }
}

void TorchArchiveWriter::putTensor(std::size_t index)
{
    const StorageId id = idOf(m_tensors[index]);
    const bool alone = m_users[id] == 1;
    const at::Tensor tensor = alone ? m_tensors[index].contiguous() : m_tensors[index];
    const auto [known, added] =
        alone ? std::pair(m_shared.end(), true) : m_shared.emplace(id, m_records.size());
    const std::size_t record = added ? m_records.size() : known->second;
    if (added) {
        std::span<const std::byte> bytes = bytesOf(tensor.storage());
        if (alone) {
            bytes = bytes.subspan(static_cast<std::size_t>(tensor.storage_offset()) *
                                      c10::elementSize(tensor.scalar_type()),
                                  tensor.nbytes());
        }
        m_records.push_back({std::to_string(record), tensor.scalar_type(),
                             static_cast<std::int64_t>(bytes.size()),
                             [keepAlive = tensor, bytes](const ByteSink& sink) { sink(bytes); }});
    }
    emitTensor(tensor.scalar_type(), tensor.sizes(), tensor.strides(),
               alone ? 0 : tensor.storage_offset(), m_records[record]);
}

void TorchArchiveWriter::putTensor(const DeferredTensor& tensor)
{
    requireWritable(tensor.name, tensor.type, true, m_container);
    const std::int64_t numel = checkedNumel(tensor.shape, "tensor " + tensor.name);
    m_records.push_back(
        {std::to_string(m_records.size()), tensor.type,
         checkedMultiply(numel, static_cast<std::int64_t>(c10::elementSize(tensor.type)),
                         "tensor " + tensor.name),
         tensor.bytes});
    std::vector<std::int64_t> strides(tensor.shape.size(), 1);
    for (std::size_t i = strides.size(); i-- > 1;) {
        strides[i - 1] = strides[i] * std::max<std::int64_t>(tensor.shape[i], 1);
    }
    emitTensor(tensor.type, tensor.shape, strides, 0, m_records.back());
}

void TorchArchiveWriter::emitTensor(ScalarType type, at::IntArrayRef sizes, at::IntArrayRef strides,
                                    std::int64_t offset, const Record& record)
{
    const std::string_view typed = storageName(type);
    m_object.global("torch._utils", typed.empty() ? "_rebuild_tensor_v3" : "_rebuild_tensor_v2");
    m_object.raw("((");
    m_object.text("storage");
    if (typed.empty()) {
        m_object.global("torch.storage", "UntypedStorage");
    } else {
        m_object.global("torch", typed);
    }
    m_object.text(record.key);
    m_object.text("cpu");
    m_object.integer(elementsOf(record.size, typed.empty() ? ScalarType::Byte : type));
    m_object.raw(m_container == TorchContainer::Legacy ? "N" : ""); // the view of another storage
    m_object.raw("tQ");
    m_object.integer(offset);
    m_object.integers(sizes);
    m_object.integers(strides);
    m_object.raw("\x89"); // requires_grad
    m_object.emptyOrderedDict();
    if (typed.empty()) {
        m_object.global("torch", dtypeName(type));
    }
    m_object.raw("tR");
}

void TorchArchiveWriter::write(const std::filesystem::path& path)
{
    m_object.raw(".");
    m_container == TorchContainer::Zip ? writeZip(path) : writeLegacy(path);
}

void TorchArchiveWriter::writeZip(const std::filesystem::path& path) const
{
    AtomicFile file(path);
    StoredZipWriter zip(file);
    zip.add("archive/data.pkl", m_object.bytes());
    zip.add("archive/byteorder", "little");
    for (const Record& record : m_records) {
        zip.add("archive/data/" + record.key, static_cast<std::uint64_t>(record.size),
                record.bytes);
    }
    zip.add("archive/version", "3\n");
    zip.finish();
    file.commit();
}

void TorchArchiveWriter::writeLegacy(const std::filesystem::path& path) const
{
    AtomicFile file(path);
    const auto pickled = [&file](auto emit) {
        PickleWriter pickle;
        emit(pickle);
        pickle.raw(".");
        file.write(pickle.bytes());
    };
    pickled([](PickleWriter& out) {
        out.raw(std::string_view("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"));
    });
    pickled([](PickleWriter& out) { out.integer(1001); });
    pickled([](PickleWriter& out) {
        out.raw("}(");
        out.text("protocol_version");
        out.integer(1001);
        out.text("little_endian");
        out.raw("\x88");
        out.text("type_sizes");
        out.raw("}(");
        for (const auto& [type, bytes] : {std::pair("short", 2), {"int", 4}, {"long", 4}}) {
            out.text(type);
            out.integer(bytes);
        }
        out.raw("uu");
    });
    file.write(m_object.bytes());
    std::vector<const Record*> sorted;
    for (const Record& record : m_records) {
        sorted.push_back(&record);
    }
    std::sort(sorted.begin(), sorted.end(),
              [](const Record* a, const Record* b) { return a->key < b->key; });
    pickled([&sorted](PickleWriter& out) {
        out.raw("](");
        for (const Record* record : sorted) {
            out.text(record->key);
        }
        out.raw("e");
    });
    for (const Record* record : sorted) {
        const auto count = static_cast<std::uint64_t>(elementsOf(record->size, record->type));
        std::string header;
        for (unsigned i = 0; i < 8; ++i) {
            header += static_cast<char>((count >> (8 * i)) & 0xFFU);
        }
        file.write(header);
        record->bytes([&file](std::span<const std::byte> piece) { file.write(piece); });
    }
    file.commit();
}

} // namespace bitloom::io
