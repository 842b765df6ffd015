// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed/hdf5_file.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/io/packed/hdf5_storage.h"
#include "core/io/packed/hdf5_support.h"
#include "core/io/packed/text_heaps.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <utility>

namespace bitloom::hdf5 {

namespace {

constexpr hsize_t kAlignment = 4096; ///< bytes: a page, so that payloads can be mapped
/// Dimensions and attribute lengths of ours are far below this.
constexpr std::int64_t kMaxAttributeElements = 4096;
constexpr std::size_t kMaxAttributeBytes = 64 * 1024;
/// Up to this many attributes stay inside their object's header; HDF5's default of 8 would cost
/// kilobytes a tensor.
constexpr unsigned kCompactAttributes = 32;

struct TypeRow {
    ElementType type;
    H5T_class_t kind;
    std::size_t size;
};
constexpr std::array kTypes{
    TypeRow{ElementType::Int8, H5T_INTEGER, 1},
    TypeRow{ElementType::Int16, H5T_INTEGER, 2},
    TypeRow{ElementType::Int32, H5T_INTEGER, 4},
    TypeRow{ElementType::Int64, H5T_INTEGER, 8},
    TypeRow{ElementType::UInt8, H5T_INTEGER, 1},
    TypeRow{ElementType::UInt16, H5T_INTEGER, 2},
    TypeRow{ElementType::UInt32, H5T_INTEGER, 4},
    TypeRow{ElementType::UInt64, H5T_INTEGER, 8},
    TypeRow{ElementType::Float16, H5T_FLOAT, 2},
    TypeRow{ElementType::Float32, H5T_FLOAT, 4},
    TypeRow{ElementType::Float64, H5T_FLOAT, 8},
    TypeRow{ElementType::Complex64, H5T_COMPOUND, 8},
    TypeRow{ElementType::Complex128, H5T_COMPOUND, 16},
};

Handle float16Type()
{
    // IEEE binary16: sign bit 15, 5 exponent bits from bit 10, 10 mantissa bits, bias 15. HDF5 1.10
    // has no name for it.
    Handle type(required(H5Tcopy(H5T_IEEE_F32LE), ErrorCode::Internal, "an HDF5 type"));
    required(H5Tset_fields(type.id(), 15, 10, 5, 0, 10), ErrorCode::Internal, "an HDF5 type");
    required(H5Tset_size(type.id(), 2), ErrorCode::Internal, "an HDF5 type");
    required(H5Tset_ebias(type.id(), 15), ErrorCode::Internal, "an HDF5 type");
    return type;
}

Handle complexType(hid_t part)
{
    const std::size_t bytes = H5Tget_size(part);
    Handle type(required(H5Tcreate(H5T_COMPOUND, 2 * bytes), ErrorCode::Internal, "an HDF5 type"));
    required(H5Tinsert(type.id(), "r", 0, part), ErrorCode::Internal, "an HDF5 type");
    required(H5Tinsert(type.id(), "i", bytes, part), ErrorCode::Internal, "an HDF5 type");
    return type;
}

Handle fileType(ElementType type)
{
    switch (type) {
    case ElementType::Int8:
        return Handle(H5Tcopy(H5T_STD_I8LE));
    case ElementType::Int16:
        return Handle(H5Tcopy(H5T_STD_I16LE));
    case ElementType::Int32:
        return Handle(H5Tcopy(H5T_STD_I32LE));
    case ElementType::Int64:
        return Handle(H5Tcopy(H5T_STD_I64LE));
    case ElementType::UInt8:
        return Handle(H5Tcopy(H5T_STD_U8LE));
    case ElementType::UInt16:
        return Handle(H5Tcopy(H5T_STD_U16LE));
    case ElementType::UInt32:
        return Handle(H5Tcopy(H5T_STD_U32LE));
    case ElementType::UInt64:
        return Handle(H5Tcopy(H5T_STD_U64LE));
    case ElementType::Float16:
        return float16Type();
    case ElementType::Float32:
        return Handle(H5Tcopy(H5T_IEEE_F32LE));
    case ElementType::Float64:
        return Handle(H5Tcopy(H5T_IEEE_F64LE));
    case ElementType::Complex64:
        return complexType(H5T_IEEE_F32LE);
    case ElementType::Complex128:
        return complexType(H5T_IEEE_F64LE);
    }
    fail(ErrorCode::Internal, "unknown HDF5 element type");
}

std::optional<ElementType> elementTypeOf(hid_t type)
{
    const H5T_class_t kind = H5Tget_class(type);
    const std::size_t size = H5Tget_size(type);
    for (const TypeRow& row : kTypes) {
        // Making a type to compare with costs more than reading a small dataset.
        const bool canBeEqual = row.size == size && row.kind == kind;
        if (canBeEqual && H5Tequal(type, fileType(row.type).id()) > 0) {
            return row.type;
        }
    }
    return std::nullopt;
}

Handle textType()
{
    Handle type(required(H5Tcopy(H5T_C_S1), ErrorCode::Internal, "an HDF5 type"));
    required(H5Tset_size(type.id(), H5T_VARIABLE), ErrorCode::Internal, "an HDF5 type");
    required(H5Tset_cset(type.id(), H5T_CSET_UTF8), ErrorCode::Internal, "an HDF5 type");
    return type;
}

Handle simpleSpace(std::span<const std::int64_t> shape)
{
    if (shape.empty()) {
        return Handle(required(H5Screate(H5S_SCALAR), ErrorCode::Internal, "an HDF5 space"));
    }
    const std::vector<hsize_t> sizes(shape.begin(), shape.end());
    return Handle(required(H5Screate_simple(static_cast<int>(sizes.size()), sizes.data(), nullptr),
                           ErrorCode::Unsupported, "a dataset of this shape"));
}

/// The shape of a space from a file. Sizes above int64 are refused by name.
std::vector<std::int64_t> shapeOf(hid_t space, const std::string& what)
{
    const H5S_class_t kind = H5Sget_simple_extent_type(space);
    BITLOOM_REQUIRE(kind == H5S_SCALAR || kind == H5S_SIMPLE, ErrorCode::CorruptFile, what,
                    " has no values");
    const int ndims = required(H5Sget_simple_extent_ndims(space), ErrorCode::CorruptFile, what);
    std::vector<hsize_t> sizes(static_cast<std::size_t>(ndims));
    required(H5Sget_simple_extent_dims(space, sizes.data(), nullptr), ErrorCode::CorruptFile, what);
    std::vector<std::int64_t> shape;
    for (const hsize_t size : sizes) {
        BITLOOM_REQUIRE(size <= static_cast<hsize_t>(INT64_MAX), ErrorCode::CorruptFile, what,
                        " has a size of ", size);
        shape.push_back(static_cast<std::int64_t>(size));
    }
    return shape;
}

/// Reads one string, of variable or fixed length, through read(type, buffer).
template <typename Read>
std::string readText(hid_t type, const std::string& what, std::size_t limit, Read read)
{
    BITLOOM_REQUIRE(H5Tget_class(type) == H5T_STRING, ErrorCode::CorruptFile, what,
                    " is not a text");
    if (H5Tis_variable_str(type) > 0) {
        char* text = nullptr;
        const Handle memoryType = textType();
        // The character set of the file's type is taken over: HDF5 refuses to convert between them.
        H5Tset_cset(memoryType.id(), H5Tget_cset(type));
        required(read(memoryType.id(), &text), ErrorCode::CorruptFile, what);
        std::string copy = text == nullptr ? std::string() : std::string(text);
        H5free_memory(text);
        BITLOOM_REQUIRE(copy.size() <= limit, ErrorCode::CorruptFile, what, " is ", copy.size(),
                        " bytes long, at most ", limit, " are possible");
        return copy;
    }
    const std::size_t size = H5Tget_size(type);
    BITLOOM_REQUIRE(size <= limit, ErrorCode::CorruptFile, what, " is ", size,
                    " bytes long, at most ", limit, " are possible");
    std::string text(size, '\0');
    required(read(type, text.data()), ErrorCode::CorruptFile, what);
    text.resize(std::min(text.find('\0'), text.size()));
    return text;
}

} // namespace

std::size_t sizeOf(ElementType type)
{
    return kTypes[static_cast<std::size_t>(type)].size;
}

/// The mapped file and its heaps of texts.
class TextsOfFile {
public:
    TextsOfFile(MappedFile file, const std::string& name, std::size_t addressBytes)
        : m_file(std::move(file)), m_heaps(name, addressBytes)
    {
    }

    std::span<const std::byte> bytes() const { return m_file.bytes(); }
    TextHeaps& heaps() { return m_heaps; }

    /// Errors: CorruptFile where what the library is going to read at a dataset's place is no
    /// reference to a text.
    void requireSound(hid_t dataset, const std::string& what) const
    {
        const Handle properties(
            required(H5Dget_create_plist(dataset), ErrorCode::CorruptFile, what));
        BITLOOM_REQUIRE(H5Pget_layout(properties.id()) == H5D_CONTIGUOUS, ErrorCode::Unsupported,
                        what, " is a text that does not lie in one piece, which is not read");
        const haddr_t offset = H5Dget_offset(dataset);
        if (offset == HADDR_UNDEF) {
            return; // never written: empty
        }
        BITLOOM_REQUIRE(offset < bytes().size(), ErrorCode::CorruptFile, what,
                        " lies beyond the file's end");
        const auto place = static_cast<std::size_t>(offset);
        m_heaps.requireSoundReference(bytes().subspan(place), place);
    }

private:
    MappedFile m_file;
    TextHeaps m_heaps;
};

Group::Group(Handle id, std::string path, std::int64_t fileBytes,
             std::shared_ptr<const TextsOfFile> texts)
    : m_id(std::move(id)), m_path(std::move(path)), m_fileBytes(fileBytes),
      m_texts(std::move(texts))
{
}

bool Group::hasChild(const std::string& name) const
{
    const std::lock_guard lock(libraryMutex());
    return H5Lexists(m_id.id(), name.c_str(), H5P_DEFAULT) > 0;
}

std::vector<std::string> Group::childNames() const
{
    const std::lock_guard lock(libraryMutex());
    struct Found {
        std::vector<std::string> names;
        std::string other; ///< a link that is not hard
    } found;
    const auto visit = [](hid_t, const char* name, const H5L_info_t* info, void* data) -> herr_t {
        auto& seen = *static_cast<Found*>(data);
        try {
            if (info->type != H5L_TYPE_HARD) {
                seen.other = name;
                return 1;
            }
            seen.names.emplace_back(name);
        } catch (const std::bad_alloc&) {
            return -1; // no exception may pass through the C library
        }
        return 0;
    };
    required(H5Literate(m_id.id(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, visit, &found),
             ErrorCode::CorruptFile, m_path);
    BITLOOM_REQUIRE(found.other.empty(), ErrorCode::Unsupported, childPath(found.other),
                    " is a link to somewhere else, which is not followed");
    std::sort(found.names.begin(), found.names.end());
    return std::move(found.names);
}

bool Group::isGroup(const std::string& name) const
{
    const std::lock_guard lock(libraryMutex());
    H5L_info_t link{};
    if (H5Lget_info(m_id.id(), name.c_str(), &link, H5P_DEFAULT) < 0 ||
        link.type != H5L_TYPE_HARD) {
        return false;
    }
    const Handle object(H5Oopen(m_id.id(), name.c_str(), H5P_DEFAULT));
    return H5Iget_type(object.id()) == H5I_GROUP;
}

Group Group::openGroup(const std::string& name) const
{
    const std::lock_guard lock(libraryMutex());
    BITLOOM_REQUIRE(hasChild(name), ErrorCode::NotFound, childPath(name), " is missing");
    BITLOOM_REQUIRE(isGroup(name), ErrorCode::CorruptFile, childPath(name),
                    " is not a group of this file");
    return Group(Handle(required(H5Gopen2(m_id.id(), name.c_str(), H5P_DEFAULT),
                                 ErrorCode::CorruptFile, childPath(name))),
                 childPath(name), m_fileBytes, m_texts);
}

Group Group::createGroup(const std::string& name)
{
    const std::lock_guard lock(libraryMutex());
    const Handle properties(required(H5Pcreate(H5P_GROUP_CREATE), ErrorCode::Internal, m_path));
    required(H5Pset_obj_track_times(properties.id(), false), ErrorCode::Internal, m_path);
    required(H5Pset_attr_phase_change(properties.id(), kCompactAttributes, 0), ErrorCode::Internal,
             m_path);
    return Group(Handle(required(
                     H5Gcreate2(m_id.id(), name.c_str(), H5P_DEFAULT, properties.id(), H5P_DEFAULT),
                     ErrorCode::IoFailure, childPath(name))),
                 childPath(name), m_fileBytes);
}

bool Group::hasAttribute(const char* name) const
{
    const std::lock_guard lock(libraryMutex());
    return H5Aexists(m_id.id(), name) > 0;
}

namespace {
Handle openAttribute(hid_t owner, const char* name, const std::string& what)
{
    BITLOOM_REQUIRE(H5Aexists(owner, name) > 0, ErrorCode::CorruptFile, what, " is missing");
    return Handle(required(H5Aopen(owner, name, H5P_DEFAULT), ErrorCode::CorruptFile, what));
}
} // namespace

std::string Group::stringAttribute(const char* name) const
{
    const std::lock_guard lock(libraryMutex());
    const std::string what = "the attribute " + std::string(name) + " of " + m_path;
    const Handle attribute = openAttribute(m_id.id(), name, what);
    const Handle type(required(H5Aget_type(attribute.id()), ErrorCode::CorruptFile, what));
    const Handle space(required(H5Aget_space(attribute.id()), ErrorCode::CorruptFile, what));
    BITLOOM_REQUIRE(H5Sget_simple_extent_npoints(space.id()) == 1, ErrorCode::CorruptFile, what,
                    " is not one text");
    return readText(type.id(), what, kMaxAttributeBytes, [&](hid_t memoryType, void* to) {
        return H5Aread(attribute.id(), memoryType, to);
    });
}

std::vector<std::int64_t> Group::integersAttribute(const char* name) const
{
    const std::lock_guard lock(libraryMutex());
    const std::string what = "the attribute " + std::string(name) + " of " + m_path;
    const Handle attribute = openAttribute(m_id.id(), name, what);
    const Handle type(required(H5Aget_type(attribute.id()), ErrorCode::CorruptFile, what));
    const Handle space(required(H5Aget_space(attribute.id()), ErrorCode::CorruptFile, what));
    const std::int64_t count = checkedNumel(shapeOf(space.id(), what), what);
    BITLOOM_REQUIRE(H5Tget_class(type.id()) == H5T_INTEGER && count <= kMaxAttributeElements,
                    ErrorCode::CorruptFile, what, " does not hold integers");
    std::vector<std::int64_t> values(static_cast<std::size_t>(count));
    if (count > 0) {
        required(H5Aread(attribute.id(), H5T_NATIVE_INT64, values.data()), ErrorCode::CorruptFile,
                 what);
    }
    return values;
}

std::int64_t Group::integerAttribute(const char* name) const
{
    const std::vector<std::int64_t> values = integersAttribute(name);
    BITLOOM_REQUIRE(values.size() == 1, ErrorCode::CorruptFile, "the attribute ", name, " of ",
                    m_path, " has ", values.size(), " values, one was expected");
    return values.front();
}

namespace {
void writeAttribute(hid_t owner, const char* name, const std::string& what, const Handle& type,
                    const Handle& space, hid_t memoryType, const void* value)
{
    const Handle attribute(
        required(H5Acreate2(owner, name, type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT),
                 ErrorCode::IoFailure, what));
    required(H5Awrite(attribute.id(), memoryType, value), ErrorCode::IoFailure, what);
}
} // namespace

void Group::setAttribute(const char* name, std::string_view text)
{
    const std::lock_guard lock(libraryMutex());
    const Handle type = textType();
    const std::string copy(text);
    const char* value = copy.c_str();
    writeAttribute(m_id.id(), name, m_path, type, simpleSpace({}), type.id(), &value);
}

void Group::setAttribute(const char* name, ElementType type, std::int64_t value)
{
    const std::lock_guard lock(libraryMutex());
    writeAttribute(m_id.id(), name, m_path, fileType(type), simpleSpace({}), H5T_NATIVE_INT64,
                   &value);
}

void Group::setAttribute(const char* name, ElementType type, std::span<const std::int64_t> values)
{
    const std::lock_guard lock(libraryMutex());
    const std::array shape{static_cast<std::int64_t>(values.size())};
    constexpr std::int64_t kNothing = 0;
    writeAttribute(m_id.id(), name, m_path, fileType(type), simpleSpace(shape), H5T_NATIVE_INT64,
                   values.empty() ? &kNothing : values.data());
}

Handle Group::openDataset(const std::string& name) const
{
    const std::string what = childPath(name);
    H5L_info_t link{};
    BITLOOM_REQUIRE(hasChild(name), ErrorCode::CorruptFile, what, " is missing");
    required(H5Lget_info(m_id.id(), name.c_str(), &link, H5P_DEFAULT), ErrorCode::CorruptFile,
             what);
    BITLOOM_REQUIRE(link.type == H5L_TYPE_HARD, ErrorCode::Unsupported, what,
                    " is a link to somewhere else, which is not followed");
    Handle dataset(
        required(H5Oopen(m_id.id(), name.c_str(), H5P_DEFAULT), ErrorCode::CorruptFile, what));
    BITLOOM_REQUIRE(H5Iget_type(dataset.id()) == H5I_DATASET, ErrorCode::CorruptFile, what,
                    " is not a dataset");
    return dataset;
}

DatasetInfo Group::datasetInfo(const std::string& name) const
{
    const std::lock_guard lock(libraryMutex());
    const std::string what = childPath(name);
    const Handle dataset = openDataset(name);
    const Handle type(required(H5Dget_type(dataset.id()), ErrorCode::CorruptFile, what));
    const Handle space(required(H5Dget_space(dataset.id()), ErrorCode::CorruptFile, what));
    DatasetInfo info;
    info.type = elementTypeOf(type.id());
    info.shape = shapeOf(space.id(), what);
    info.bytes = checkedMultiply(checkedNumel(info.shape, what),
                                 static_cast<std::int64_t>(H5Tget_size(type.id())), what);
    requireReadableStorage(dataset.id(), info.bytes, m_fileBytes, what);
    return info;
}

std::vector<Extent> Group::extents(const std::string& name) const
{
    const std::lock_guard lock(libraryMutex());
    const std::int64_t bytes = datasetInfo(name).bytes; // refuses what does not lie in the file
    return storedExtents(openDataset(name).id(), bytes, m_fileBytes, childPath(name));
}

void Group::read(const std::string& name, std::span<std::byte> to) const
{
    const std::lock_guard lock(libraryMutex());
    const std::string what = childPath(name);
    const DatasetInfo info = datasetInfo(name);
    BITLOOM_REQUIRE(info.type, ErrorCode::CorruptFile, what, " holds no plain numbers");
    BITLOOM_REQUIRE(static_cast<std::int64_t>(to.size()) == info.bytes, ErrorCode::CorruptFile,
                    what, " has ", info.bytes, " bytes, ", to.size(), " were expected");
    if (to.empty()) {
        return;
    }
    const Handle dataset = openDataset(name);
    required(
        H5Dread(dataset.id(), fileType(*info.type).id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, to.data()),
        ErrorCode::CorruptFile, what);
}

void Group::read(const std::string& name, std::int64_t first, std::int64_t count,
                 std::span<std::byte> to) const
{
    const std::lock_guard lock(libraryMutex());
    const std::string what = childPath(name);
    const DatasetInfo info = datasetInfo(name);
    BITLOOM_REQUIRE(info.type && info.shape.size() == 1 && first >= 0 && count >= 0 &&
                        first <= info.shape[0] && count <= info.shape[0] - first,
                    ErrorCode::CorruptFile, what, " has no elements ", first, " to ",
                    first + count);
    BITLOOM_ASSERT(to.size() == static_cast<std::size_t>(count) * sizeOf(*info.type));
    if (count == 0) {
        return;
    }
    const Handle dataset = openDataset(name);
    const Handle from(required(H5Dget_space(dataset.id()), ErrorCode::CorruptFile, what));
    const auto start = static_cast<hsize_t>(first);
    const auto length = static_cast<hsize_t>(count);
    required(H5Sselect_hyperslab(from.id(), H5S_SELECT_SET, &start, nullptr, &length, nullptr),
             ErrorCode::CorruptFile, what);
    const Handle toSpace = simpleSpace(std::array{count});
    required(H5Dread(dataset.id(), fileType(*info.type).id(), toSpace.id(), from.id(), H5P_DEFAULT,
                     to.data()),
             ErrorCode::CorruptFile, what);
}

std::string Group::readString(const std::string& name) const
{
    const std::lock_guard lock(libraryMutex());
    const std::string what = childPath(name);
    const Handle dataset = openDataset(name);
    const Handle type(required(H5Dget_type(dataset.id()), ErrorCode::CorruptFile, what));
    const Handle space(required(H5Dget_space(dataset.id()), ErrorCode::CorruptFile, what));
    requireReadableStorage(dataset.id(), static_cast<std::int64_t>(H5Tget_size(type.id())),
                           m_fileBytes, what);
    BITLOOM_REQUIRE(H5Sget_simple_extent_npoints(space.id()) == 1, ErrorCode::CorruptFile, what,
                    " is not one text");
    if (m_texts && H5Tis_variable_str(type.id()) > 0) {
        m_texts->requireSound(dataset.id(), what);
    }
    return readText(type.id(), what, static_cast<std::size_t>(m_fileBytes),
                    [&](hid_t memoryType, void* to) {
                        return H5Dread(dataset.id(), memoryType, H5S_ALL, H5S_ALL, H5P_DEFAULT, to);
                    });
}

namespace {
Handle createDataset(hid_t owner, const std::string& name, const Handle& type,
                     std::span<const std::int64_t> shape, const Storage& storage,
                     const std::string& what)
{
    const Handle space = simpleSpace(shape);
    const Handle properties = storageProperties(shape, H5Tget_size(type.id()), storage, what);
    if (H5Tis_variable_str(type.id()) <= 0) {
        // All bytes are written at once: filling them before is a wasted pass.
        required(H5Pset_fill_time(properties.id(), H5D_FILL_TIME_NEVER), ErrorCode::Internal, what);
    }
    return Handle(required(H5Dcreate2(owner, name.c_str(), type.id(), space.id(), H5P_DEFAULT,
                                      properties.id(), H5P_DEFAULT),
                           ErrorCode::IoFailure, what));
}
} // namespace

void Group::write(const std::string& name, ElementType type, std::span<const std::int64_t> shape,
                  std::span<const std::byte> bytes, const Storage& storage)
{
    const std::lock_guard lock(libraryMutex());
    const std::string what = childPath(name);
    const auto needed = static_cast<std::size_t>(checkedNumel(shape, what)) * sizeOf(type);
    BITLOOM_REQUIRE(bytes.size() == needed, ErrorCode::ShapeMismatch, what, " needs ", needed,
                    " bytes, ", bytes.size(), " given");
    const Handle elements = fileType(type);
    const Handle dataset = createDataset(m_id.id(), name, elements, shape, storage, what);
    if (!bytes.empty()) {
        required(H5Dwrite(dataset.id(), elements.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()),
                 ErrorCode::IoFailure, what);
    }
}

void Group::writeString(const std::string& name, std::string_view text)
{
    const std::lock_guard lock(libraryMutex());
    const std::string what = childPath(name);
    const Handle type = textType();
    const Handle dataset = createDataset(m_id.id(), name, type, {}, {}, what);
    const std::string copy(text);
    const char* value = copy.c_str();
    required(H5Dwrite(dataset.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, &value),
             ErrorCode::IoFailure, what);
}

File::File(Handle id, Group root, std::int64_t bytes, std::filesystem::path path)
    : m_id(std::move(id)), m_root(std::move(root)), m_bytes(bytes), m_path(std::move(path))
{
}

File::~File() = default;

namespace {

constexpr int kDeepestGroup = 16; ///< hard links may lead around in a circle

/// Where large payloads lie. What cannot be told of a damaged group or dataset is left out: its
/// bytes are looked at like all others.
void addPayloads(const Group& group, int depth, std::vector<Extent>& payloads)
{
    try {
        for (const std::string& name : group.childNames()) {
            if (!group.isGroup(name)) {
                std::ranges::copy_if(group.extents(name), std::back_inserter(payloads),
                                     [](const Extent& e) { return e.bytes >= kLargeDataset; });
            } else if (depth < kDeepestGroup) {
                addPayloads(group.openGroup(name), depth + 1, payloads);
            }
        }
    } catch (const Error&) {
        return; // who reads it says what is wrong
    }
}

/// Texts lie between the payloads, which are not touched here.
std::shared_ptr<const TextsOfFile> soundTexts(const Group& root, MappedFile file,
                                              std::size_t addressBytes, const std::string& name)
{
    const auto texts = std::make_shared<TextsOfFile>(std::move(file), name, addressBytes);
    const std::span<const std::byte> bytes = texts->bytes();
    std::vector<Extent> payloads;
    addPayloads(root, 0, payloads);
    std::ranges::sort(payloads, {}, &Extent::offset);
    payloads.push_back({static_cast<std::int64_t>(bytes.size()), 0});
    const auto forEachPart = [&](auto use) {
        std::size_t at = 0;
        for (const Extent& payload : payloads) {
            const auto offset = static_cast<std::size_t>(payload.offset);
            if (offset > at) {
                use(bytes.subspan(at, offset - at), at);
            }
            at = std::max(at, offset + static_cast<std::size_t>(payload.bytes));
        }
    };
    TextHeaps& heaps = texts->heaps();
    forEachPart(
        [&](std::span<const std::byte> part, std::size_t first) { heaps.add(part, first); });
    forEachPart([&](std::span<const std::byte> part, std::size_t first) {
        heaps.requireSoundReferences(part, first);
    });
    return texts;
}

} // namespace

File File::openForReading(const std::filesystem::path& path)
{
    constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";
    const std::string name = path.string();
    MappedFile file(path); // missing, a folder, empty: said here
    const auto size = static_cast<std::int64_t>(file.size());
    const std::size_t shown = std::min(file.size(), kSignature.size());
    BITLOOM_REQUIRE(shown == kSignature.size() &&
                        std::memcmp(file.bytes().data(), kSignature.data(), shown) == 0,
                    ErrorCode::UnknownFormat, name, " is not an HDF5 file: it starts with ",
                    describeStart(file.bytes()));
    const std::lock_guard lock(libraryMutex());
    const Handle access(required(H5Pcreate(H5P_FILE_ACCESS), ErrorCode::Internal, name));
    // Nothing may stay open behind our back when the file is closed.
    required(H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG), ErrorCode::Internal, name);
    Handle id(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.id()));
    if (id.id() < 0) {
        fail(ErrorCode::CorruptFile, name, " is cut off or damaged (", size,
             " bytes): ", libraryReason());
    }
    const auto openRoot = [&] {
        return Handle(required(H5Gopen2(id.id(), "/", H5P_DEFAULT), ErrorCode::CorruptFile, name));
    };
    const Handle creation(required(H5Fget_create_plist(id.id()), ErrorCode::CorruptFile, name));
    std::size_t addressBytes = 0;
    std::size_t lengthBytes = 0;
    required(H5Pget_sizes(creation.id(), &addressBytes, &lengthBytes), ErrorCode::CorruptFile,
             name);
    BITLOOM_REQUIRE(lengthBytes == 8, ErrorCode::Unsupported, name, " writes lengths in ",
                    lengthBytes, " bytes; only files that write them in 8 are read");
    Group root(openRoot(), "", size,
               soundTexts(Group(openRoot(), "", size), std::move(file), addressBytes, name));
    return File(std::move(id), std::move(root), size, path);
}

File File::create(const std::filesystem::path& path)
{
    const std::string name = path.string();
    const std::lock_guard lock(libraryMutex());
    const Handle access(required(H5Pcreate(H5P_FILE_ACCESS), ErrorCode::Internal, name));
    required(H5Pset_alignment(access.id(), kLargeDataset, kAlignment), ErrorCode::Internal, name);
    required(H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG), ErrorCode::Internal, name);
    // The structures since HDF5 1.8 carry checksums and are smaller.
    required(H5Pset_libver_bounds(access.id(), H5F_LIBVER_V18, H5F_LIBVER_V18), ErrorCode::Internal,
             name);
    const Handle creation(required(H5Pcreate(H5P_FILE_CREATE), ErrorCode::Internal, name));
    required(H5Pset_obj_track_times(creation.id(), false), ErrorCode::Internal, name);
    required(H5Pset_attr_phase_change(creation.id(), kCompactAttributes, 0), ErrorCode::Internal,
             name);
    Handle id(required(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.id(), access.id()),
                       ErrorCode::IoFailure, name));
    Handle root(required(H5Gopen2(id.id(), "/", H5P_DEFAULT), ErrorCode::IoFailure, name));
    return File(std::move(id), Group(std::move(root), "", 0), 0, path);
}

void File::close()
{
    const std::lock_guard lock(libraryMutex());
    required(H5Fflush(m_id.id(), H5F_SCOPE_LOCAL), ErrorCode::IoFailure, m_path.string());
    m_root = Group(Handle(), "", 0);
    m_id = Handle();
}

} // namespace bitloom::hdf5
