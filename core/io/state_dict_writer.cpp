// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state_dict.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/io/pickle_machine.h"
#include "core/io/zip_writer.h"

#include <c10/util/Exception.h>

#include <limits>
#include <map>
#include <set>
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

/// Emits protocol 2, the one torch.save uses. No memo: nothing in a state dict but storages is
/// shared.
class PickleWriter {
public:
    PickleWriter() { m_out = "\x80\x02"; }

    void global(std::string_view module, std::string_view name)
    {
        raw("c", module, "\n", name, "\n");
    }
    void text(std::string_view value)
    {
        m_out += 'X';
        littleEndian(value.size(), 4);
        m_out += value;
    }
    void integer(std::int64_t value)
    {
        const bool fits = value >= std::numeric_limits<std::int32_t>::min() &&
                          value <= std::numeric_limits<std::int32_t>::max();
        m_out += fits ? "J" : "\x8a\x08";
        littleEndian(static_cast<std::uint64_t>(value), fits ? 4 : 8);
    }
    void integers(at::IntArrayRef values)
    {
        m_out += '(';
        for (const std::int64_t value : values) {
            integer(value);
        }
        m_out += 't';
    }
    void emptyOrderedDict()
    {
        global("collections", "OrderedDict");
        m_out += ")R";
    }
    template <typename... Parts>
    void raw(const Parts&... parts)
    {
        (m_out.append(parts), ...);
    }
    const std::string& bytes() const { return m_out; }

private:
    void littleEndian(std::uint64_t value, std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i) {
            m_out += static_cast<char>((value >> (8 * i)) & 0xFFU);
        }
    }

    std::string m_out;
};

/// One storage of the file and what of it is written.
struct Record {
    std::string key;
    at::Tensor keepAlive;
    std::span<const std::byte> bytes;
};

void writeTensor(PickleWriter& out, const at::Tensor& tensor, std::int64_t offset,
                 const Record& record)
{
    const std::string_view typed = storageName(tensor.scalar_type());
    out.global("torch._utils", typed.empty() ? "_rebuild_tensor_v3" : "_rebuild_tensor_v2");
    out.raw("((");
    out.text("storage");
    if (typed.empty()) {
        out.global("torch.storage", "UntypedStorage");
    } else {
        out.global("torch", typed);
    }
    out.text(record.key);
    out.text("cpu");
    const std::size_t width = typed.empty() ? 1 : c10::elementSize(tensor.scalar_type());
    out.integer(static_cast<std::int64_t>(record.bytes.size() / width));
    out.raw("tQ");
    out.integer(offset);
    out.integers(tensor.sizes());
    out.integers(tensor.strides());
    out.raw("\x89"); // requires_grad
    out.emptyOrderedDict();
    if (typed.empty()) {
        out.global("torch", dtypeName(tensor.scalar_type()));
    }
    out.raw("tR");
}

std::span<const std::byte> bytesOf(const c10::Storage& storage)
{
    return {static_cast<const std::byte*>(storage.data()), storage.nbytes()};
}

/// Where a tensor's storage is kept; tensors of one storage but different element types do not
/// share a record, because a record has one storage type.
using StorageId = std::pair<const void*, ScalarType>;

StorageId idOf(const at::Tensor& tensor)
{
    return {tensor.storage().unsafeGetStorageImpl(), tensor.scalar_type()};
}

void requireWritable(const std::string& name, const at::Tensor& tensor)
{
    BITLOOM_REQUIRE(tensor.defined(), ErrorCode::InvalidArgument, "tensor ", name, " is undefined");
    BITLOOM_REQUIRE(isValidUtf8(name), ErrorCode::InvalidArgument,
                    "a tensor's name is not valid UTF-8");
    const bool known =
        !storageName(tensor.scalar_type()).empty() || !dtypeName(tensor.scalar_type()).empty();
    BITLOOM_REQUIRE(
        tensor.layout() == at::kStrided && known && !tensor.is_conj() && !tensor.is_neg(),
        ErrorCode::Unsupported, "tensor ", name, " of type ", c10::toString(tensor.scalar_type()),
        " cannot be written: only dense tensors of plain numbers can");
}

void writeArchive(const std::filesystem::path& path, const StateDict& state)
{
    std::set<std::string_view> names;
    std::map<StorageId, int> users;
    std::vector<at::Tensor> tensors;
    for (const auto& [name, tensor] : state.tensors) {
        requireWritable(name, tensor);
        BITLOOM_REQUIRE(names.insert(name).second, ErrorCode::InvalidArgument, "the name ", name,
                        " occurs twice");
        tensors.push_back(tensor.cpu());
        ++users[idOf(tensors.back())];
    }

    PickleWriter pickle;
    std::vector<Record> records;
    std::map<StorageId, std::size_t> shared;
    pickle.emptyOrderedDict();
    pickle.raw("(");
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const StorageId id = idOf(tensors[i]);
        const bool alone = users[id] == 1;
        // A tensor alone in its storage may be a small view of a large one: only its own values are
        // written.
        const at::Tensor tensor = alone ? tensors[i].contiguous() : tensors[i];
        const auto [known, added] =
            alone ? std::pair(shared.end(), true) : shared.emplace(id, records.size());
        const std::size_t index = added ? records.size() : known->second;
        if (added) {
            std::span<const std::byte> bytes = bytesOf(tensor.storage());
            if (alone) {
                bytes = bytes.subspan(static_cast<std::size_t>(tensor.storage_offset()) *
                                          c10::elementSize(tensor.scalar_type()),
                                      tensor.nbytes());
            }
            records.push_back({std::to_string(index), tensor, bytes});
        }
        pickle.text(state.tensors[i].first);
        writeTensor(pickle, tensor, alone ? 0 : tensor.storage_offset(), records[index]);
    }
    pickle.raw("u.");

    AtomicFile file(path);
    StoredZipWriter zip(file);
    zip.add("archive/data.pkl", pickle.bytes());
    zip.add("archive/byteorder", "little");
    for (const Record& record : records) {
        zip.add("archive/data/" + record.key, record.bytes);
    }
    zip.add("archive/version", "3\n");
    zip.finish();
    file.commit();
}

} // namespace

void writeStateDict(const std::filesystem::path& path, const StateDict& state)
{
    try {
        writeArchive(path, state);
    } catch (const c10::Error& error) {
        fail(ErrorCode::Internal,
             "LibTorch could not prepare a tensor for writing: ", error.what_without_backtrace());
    }
}

} // namespace bitloom::io
