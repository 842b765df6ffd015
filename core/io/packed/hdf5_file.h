// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <hdf5.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// A thin layer over the HDF5 C library: handles that close themselves, failures as bitloom::Error
/// with the object's path and HDF5's own reason, and nothing that a hostile file could use: only
/// hard links are followed, only datasets that lie inside the file are read, in one piece or in
/// deflated chunks, no filter plug-ins are loaded, and no size is believed before it was compared
/// with the size of the file.
///
/// Threads: HDF5 is not thread-safe. Everything here takes the one libraryMutex(); an object must
/// not be used by two threads at once. Errors: IoFailure for a refused write, CorruptFile for
/// contents that contradict themselves, NotFound for an absent object, Unsupported for legal HDF5
/// that Bitloom does not read.
namespace bitloom::hdf5 {

std::recursive_mutex& libraryMutex();

/// Owns one HDF5 identifier of any kind. Move-only.
class Handle {
public:
    Handle() = default;
    explicit Handle(hid_t id) : m_id(id) {}
    ~Handle();
    Handle(Handle&& other) noexcept;
    Handle& operator=(Handle&& other) noexcept;
    hid_t id() const { return m_id; }

private:
    hid_t m_id = H5I_INVALID_HID;
};

/// Element types as they lie in the file, all little-endian.
enum class ElementType {
    Int8,
    Int16,
    Int32,
    Int64,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Float16,
    Float32,
    Float64,
    Complex64, ///< a pair of Float32 named r and i, as h5py has complex numbers
    Complex128 ///< the same of Float64
};
std::size_t sizeOf(ElementType type);

/// What a dataset holds, known without reading it.
struct DatasetInfo {
    std::optional<ElementType> type; ///< absent: a type that is none of ours
    std::vector<std::int64_t> shape; ///< empty: one value
    std::int64_t bytes = 0;          ///< of all elements; lies inside the file
};

/// A run of bytes of the file.
struct Extent {
    std::int64_t offset = 0;
    std::int64_t bytes = 0;
};

/// How a new dataset is to be stored.
struct Storage {
    /// Not 0: where it has at least 64 KiB, in chunks of about 1 MiB, deflated at this level (1 to
    /// 9), with a Fletcher-32 each.
    int deflateLevel = 0;
    std::int64_t runElements = 1; ///< chunks of one dimension hold whole runs of so many elements
};

class TextsOfFile;

/// A group of an open file, with its attributes, datasets and sub-groups.
class Group {
public:
    /// texts: of a file that is read.
    Group(Handle id, std::string path, std::int64_t fileBytes,
          std::shared_ptr<const TextsOfFile> texts = nullptr);

    const std::string& path() const { return m_path; }

    bool hasChild(const std::string& name) const;
    /// Names of the hard links, in byte order. Other links are Unsupported.
    std::vector<std::string> childNames() const;
    bool isGroup(const std::string& name) const;
    Group openGroup(const std::string& name) const;
    Group createGroup(const std::string& name);

    bool hasAttribute(const char* name) const;
    std::string stringAttribute(const char* name) const;
    /// An integer of any width and sign that fits int64.
    std::int64_t integerAttribute(const char* name) const;
    std::vector<std::int64_t> integersAttribute(const char* name) const;
    void setAttribute(const char* name, std::string_view text);
    void setAttribute(const char* name, ElementType type, std::int64_t value);
    void setAttribute(const char* name, ElementType type, std::span<const std::int64_t> values);

    DatasetInfo datasetInfo(const std::string& name) const;
    /// Where a dataset lies in the file: one run, or one per chunk. Nothing for a dataset without
    /// elements and for one inside its object's header. Errors: Unsupported for more than 16,384
    /// chunks; CorruptFile for a run outside the file.
    std::vector<Extent> extents(const std::string& name) const;
    /// All elements of a dataset of one of our types; to.size() must be its bytes.
    void read(const std::string& name, std::span<std::byte> to) const;
    /// count elements from first on of a one-dimensional dataset; of one in chunks, only those that
    /// hold them are read.
    void read(const std::string& name, std::int64_t first, std::int64_t count,
              std::span<std::byte> to) const;
    std::string readString(const std::string& name) const;
    /// Writes a dataset; an empty shape makes a single value.
    void write(const std::string& name, ElementType type, std::span<const std::int64_t> shape,
               std::span<const std::byte> bytes, const Storage& storage = {});
    void writeString(const std::string& name, std::string_view text);

private:
    std::string childPath(const std::string& name) const { return m_path + "/" + name; }
    Handle openDataset(const std::string& name) const;

    Handle m_id;
    std::string m_path;
    std::int64_t m_fileBytes;
    std::shared_ptr<const TextsOfFile> m_texts;
};

/// A file open for reading, or new and open for writing.
class File {
public:
    /// Errors: NotFound, IoFailure; UnknownFormat for a folder or a file that does not begin as
    /// HDF5 does; CorruptFile for an empty, cut off or damaged file.
    static File openForReading(const std::filesystem::path& path);
    /// Replaces what is at path. Payloads of at least 64 KiB start at multiples of 4096 bytes; no
    /// times are stored, so the same calls give the same bytes.
    static File create(const std::filesystem::path& path);
    ~File();
    File(File&&) noexcept = default;
    File& operator=(File&&) noexcept = default;

    Group& root() { return m_root; }
    const Group& root() const { return m_root; }
    std::int64_t bytes() const { return m_bytes; }
    /// Writes everything and closes; a full disk shows here at the latest.
    void close();

private:
    File(Handle id, Group root, std::int64_t bytes, std::filesystem::path path);

    Handle m_id;
    Group m_root;
    std::int64_t m_bytes = 0;
    std::filesystem::path m_path;
};

} // namespace bitloom::hdf5
