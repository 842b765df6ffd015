// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/atomic_file.h"

#include "core/base/error.h"
#include "core/base/write_behind.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <set>
#include <system_error>
#include <utility>

namespace bitloom {

namespace fs = std::filesystem;

namespace {

/// The temporary files that exist now.
struct LiveFiles {
    std::mutex mutex;
    std::set<fs::path> paths;
};
LiveFiles& liveFiles()
{
    static LiveFiles files;
    return files;
}

fs::path temporaryName(const fs::path& target)
{
    static std::atomic<unsigned> counter{0};
    return fs::path(target.string() + ".partial-" + std::to_string(::getpid()) + "-" +
                    std::to_string(counter.fetch_add(1)));
}
} // namespace

AtomicFile::AtomicFile(fs::path target)
    : m_target(std::move(target)), m_temporary(temporaryName(m_target))
{
    const fs::path folder = m_target.has_parent_path() ? m_target.parent_path() : fs::path(".");
    std::error_code ignored;
    BITLOOM_REQUIRE(fs::is_directory(folder, ignored), ErrorCode::NotFound, "cannot write ",
                    m_target.string(), ": the folder ", folder.string(), " does not exist");
    BITLOOM_REQUIRE(!fs::is_directory(m_target, ignored), ErrorCode::IoFailure, "cannot write ",
                    m_target.string(), ": a folder of that name exists");
    // Its place would be taken by the file, for everybody.
    BITLOOM_REQUIRE(!fs::exists(m_target, ignored) || fs::is_regular_file(m_target, ignored),
                    ErrorCode::IoFailure, "cannot write ", m_target.string(),
                    ": it is a device, a pipe or a socket; name a file");
    m_descriptor = ::open(m_temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    BITLOOM_REQUIRE(m_descriptor >= 0, ErrorCode::IoFailure, "cannot write ", m_target.string(),
                    ": ", std::strerror(errno));
    const std::lock_guard lock(liveFiles().mutex);
    liveFiles().paths.insert(m_temporary);
}

AtomicFile::~AtomicFile()
{
    m_behind.reset();
    closeDescriptor();
    if (!m_committed) {
        std::error_code
            ignored; // nothing can be done about a temporary file that cannot be removed
        fs::remove(m_temporary, ignored);
    }
    const std::lock_guard lock(liveFiles().mutex);
    liveFiles().paths.erase(m_temporary);
}

void AtomicFile::put(std::span<const std::byte> bytes, std::optional<std::size_t> at)
{
    constexpr std::size_t kFlushBytes = std::size_t{8} << 20;
    while (!bytes.empty()) {
        const ssize_t written =
            at ? ::pwrite(m_descriptor, bytes.data(), bytes.size(), static_cast<off_t>(*at))
               : ::write(m_descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        BITLOOM_REQUIRE(written > 0, ErrorCode::IoFailure, "cannot write ", m_target.string(), ": ",
                        std::strerror(errno), " with ", bytes.size(), " bytes still to be written");
        const auto count = static_cast<std::size_t>(written);
        bytes = bytes.subspan(count);
        if (at) {
            *at += count;
        } else {
            m_written += count;
            if (m_written - m_flushing >= kFlushBytes) {
                flushAhead();
            }
        }
    }
}

void AtomicFile::write(std::span<const std::byte> bytes)
{
    constexpr std::size_t kLarge = std::size_t{4} << 20;
    m_given += bytes.size();
    if (!m_behind && m_given >= kLarge) {
        m_behind = std::make_unique<detail::WriteBehind>(
            [this](std::span<const std::byte> block, std::optional<std::size_t> at) {
                put(block, at);
            });
    }
    if (m_behind) {
        m_behind->add(bytes);
    } else {
        put(bytes, std::nullopt);
    }
}

void AtomicFile::flushAhead() noexcept
{
#ifdef SYNC_FILE_RANGE_WRITE
    // Nothing depends on it: what goes wrong with the disk is said by commit().
    static_cast<void>(
        ::sync_file_range(m_descriptor, static_cast<off_t>(m_flushing), 0, SYNC_FILE_RANGE_WRITE));
    m_flushing = m_written;
#endif
}

void AtomicFile::overwrite(std::size_t at, std::span<const std::byte> bytes)
{
    if (m_behind) {
        m_behind->add(bytes, at);
    } else {
        put(bytes, at);
    }
}

void AtomicFile::write(std::string_view text)
{
    write(std::as_bytes(std::span(text.data(), text.size())));
}

void AtomicFile::commit()
{
    if (m_behind) {
        m_behind->finish();
    }
    BITLOOM_REQUIRE(isReplaced() || ::fsync(m_descriptor) == 0, ErrorCode::IoFailure,
                    "cannot write ", m_target.string(), ": ", std::strerror(errno));
    closeDescriptor();
    std::error_code failure;
    fs::rename(m_temporary, m_target, failure);
    BITLOOM_REQUIRE(!failure, ErrorCode::IoFailure, "cannot write ", m_target.string(), ": ",
                    failure.message());
    m_committed = true;
}

/// True where another AtomicFile took the temporary name, whose commit() has flushed its bytes.
bool AtomicFile::isReplaced() const
{
    struct stat ours = {};
    struct stat there = {};
    return ::fstat(m_descriptor, &ours) == 0 && ::stat(m_temporary.c_str(), &there) == 0 &&
           (ours.st_ino != there.st_ino || ours.st_dev != there.st_dev);
}

void AtomicFile::closeDescriptor()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
        m_descriptor = -1;
    }
}

void removeTemporaryFiles() noexcept
{
    const std::lock_guard lock(liveFiles().mutex);
    for (const fs::path& path : liveFiles().paths) {
        std::error_code ignored; // the process is ending: there is nobody left to tell
        fs::remove(path, ignored);
    }
}

void requireWritable(const fs::path& target)
{
    const AtomicFile probe(target); // removed again at the end of the scope
}

void requireOtherThanInput(const fs::path& output, const fs::path& input)
{
    std::error_code absent; // an output that is not there cannot be the input
    BITLOOM_REQUIRE(!fs::equivalent(input, output, absent), ErrorCode::InvalidArgument,
                    output.string(), " is the input, which is never changed; name another output");
}

bool writeProven(const fs::path& target, const std::function<bool(const fs::path&)>& write,
                 const std::function<bool(const fs::path&)>& prove)
{
    AtomicFile staged(target);
    try {
        if (!write(staged.temporaryPath()) || !prove(staged.temporaryPath())) {
            return false;
        }
    } catch (const Error& error) {
        const std::string temporary = staged.temporaryPath().string();
        std::string text = error.what();
        for (std::size_t at = 0; (at = text.find(temporary, at)) != std::string::npos;) {
            text.replace(at, temporary.size(), target.string());
            at += target.string().size();
        }
        throw Error(error.code(), text);
    }
    staged.commit();
    return true;
}

void writeFileAtomically(const fs::path& target, std::string_view text)
{
    AtomicFile file(target);
    file.write(text);
    file.commit();
}

} // namespace bitloom
