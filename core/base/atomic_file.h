// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace bitloom {

namespace detail {
class WriteBehind;
}

/// A file that appears under its name only when complete.
///
/// Data goes to a temporary file in the same folder; commit() flushes it to disk and renames it.
/// Without commit() (an exception, a cancel) the destructor removes the temporary file and an
/// existing target stays as it was. The bytes of a large file are written by a thread of their own
/// while the next are made. Errors: IoFailure naming the path, the reason and, on a full disk, the
/// bytes that were still to be written, from write(), overwrite() or commit().
class AtomicFile {
public:
    /// Fails with NotFound if the folder does not exist, IoFailure if it cannot be written to.
    explicit AtomicFile(std::filesystem::path target);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(std::span<const std::byte> bytes);
    void write(std::string_view text);
    /// Puts other bytes in the place of some that were written: what is known only later.
    void overwrite(std::size_t at, std::span<const std::byte> bytes);
    /// For libraries that open files by name (HDF5, libzip): the temporary name. write() must not
    /// be mixed with it.
    const std::filesystem::path& temporaryPath() const { return m_temporary; }
    /// Lets the disk begin with what is there, so that commit() waits for little; write() does so
    /// itself.
    void flushAhead() noexcept;
    void commit();

private:
    void put(std::span<const std::byte> bytes, std::optional<std::size_t> at);
    bool isReplaced() const;
    void closeDescriptor();

    std::filesystem::path m_target;
    std::filesystem::path m_temporary;
    int m_descriptor = -1;
    std::size_t m_given = 0;    ///< bytes, by write()
    std::size_t m_written = 0;  ///< bytes of them that the system has
    std::size_t m_flushing = 0; ///< bytes of them that the disk was told to begin with
    bool m_committed = false;
    std::unique_ptr<detail::WriteBehind> m_behind; ///< of a file that is large; ends first
};

/// Removes the temporary files of every AtomicFile that is alive: the last act before the process
/// ends at once.
void removeTemporaryFiles() noexcept;

/// Fails as AtomicFile would, before work is spent on what could not be kept.
void requireWritable(const std::filesystem::path& target);

/// Fails with InvalidArgument where an output is the input, which is never changed.
void requireOtherThanInput(const std::filesystem::path& output, const std::filesystem::path& input);

/// Lets write make a file under a temporary name and prove look at it there; the file gets its name
/// when both returned true. When one returns false or throws, nothing is left, and an existing file
/// stays as it was. Errors: those of AtomicFile, write and prove, with the file's own name in place
/// of the temporary one.
/// Returns: false where write or prove did.
bool writeProven(const std::filesystem::path& target,
                 const std::function<bool(const std::filesystem::path&)>& write,
                 const std::function<bool(const std::filesystem::path&)>& prove);

/// Writes the whole text atomically.
void writeFileAtomically(const std::filesystem::path& target, std::string_view text);

} // namespace bitloom
