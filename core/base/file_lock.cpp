// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/file_lock.h"

#include "core/base/error.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>
#include <utility>

namespace bitloom {

namespace {

constexpr std::chrono::milliseconds kRetry{25};

/// False where somebody else has it.
bool lockNow(int descriptor, const std::filesystem::path& file)
{
    while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            return false;
        }
        BITLOOM_REQUIRE(errno == EINTR, ErrorCode::IoFailure, "cannot lock ", file.string(), ": ",
                        std::strerror(errno));
    }
    return true;
}

void writeHolder(int descriptor, const std::filesystem::path& file)
{
    const std::string text = std::to_string(::getpid()) + "\n";
    const bool written =
        ::ftruncate(descriptor, 0) == 0 &&
        ::pwrite(descriptor, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
    BITLOOM_REQUIRE(written, ErrorCode::IoFailure, "cannot write ", file.string(), ": ",
                    std::strerror(errno));
}

} // namespace

std::optional<FileLock> FileLock::take(const std::filesystem::path& file,
                                       std::chrono::milliseconds patience)
{
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    BITLOOM_REQUIRE(descriptor >= 0, ErrorCode::IoFailure, "cannot open ", file.string(),
                    " for writing: ", std::strerror(errno));
    FileLock lock(descriptor); // closes the file whatever happens
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!lockNow(descriptor, file)) {
        if (std::chrono::steady_clock::now() >= deadline) {
            return std::nullopt;
        }
        std::this_thread::sleep_for(kRetry);
    }
    writeHolder(descriptor, file);
    return lock;
}

bool FileLock::isHeld(const std::filesystem::path& file)
{
    // O_NONBLOCK: a pipe of that name must not hold us up.
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    BITLOOM_REQUIRE(descriptor >= 0 || errno == ENOENT || errno == ENOTDIR, ErrorCode::IoFailure,
                    "cannot read ", file.string(), ": ", std::strerror(errno));
    if (descriptor < 0) {
        return false;
    }
    // A shared lock for a moment: two who look do not see each other.
    const bool isHeld = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(descriptor);
    return isHeld;
}

std::optional<long> FileLock::holderOf(const std::filesystem::path& file)
{
    std::ifstream in(file);
    long process = 0;
    return in >> process && process > 0 ? std::optional(process) : std::nullopt;
}

FileLock::~FileLock()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

FileLock::FileLock(FileLock&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

FileLock& FileLock::operator=(FileLock&& other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

} // namespace bitloom
