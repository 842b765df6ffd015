// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/events/run_events.h"

#include "core/base/error.h"
#include "core/base/file_lock.h"
#include "core/io/events/run_events_format.h"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

namespace bitloom::io {

namespace fs = std::filesystem;

namespace {

/// The result of a search of a thousand layers takes about 1 MiB.
constexpr std::size_t kLongestLine = std::size_t{64} << 20;
constexpr std::size_t kLongestHeader = 4096;

/// -1 where there is no such file. Errors: IoFailure.
int openToRead(const fs::path& file)
{
    // O_NONBLOCK: a pipe of that name must not hold us up.
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    BITLOOM_REQUIRE(descriptor >= 0 || errno == ENOENT || errno == ENOTDIR, ErrorCode::IoFailure,
                    "cannot read ", file.string(), ": ", std::strerror(errno));
    return descriptor;
}

struct stat statusOf(int descriptor, const fs::path& file)
{
    struct stat status {};
    BITLOOM_REQUIRE(::fstat(descriptor, &status) == 0, ErrorCode::IoFailure, "cannot read ",
                    file.string(), ": ", std::strerror(errno));
    return status;
}

void checkHeader(std::string_view line, const fs::path& file)
{
    const nlohmann::json header = nlohmann::json::parse(line, nullptr, false);
    if (!header.is_object() || !header.contains("format")) {
        return; // an event, or damage
    }
    BITLOOM_REQUIRE(header["format"] == kRunEventsFormat, ErrorCode::UnknownFormat, file.string(),
                    " is not of the format ", kRunEventsFormat, "; it says ",
                    header["format"].dump());
    const nlohmann::json version = header.value("version", nlohmann::json());
    BITLOOM_REQUIRE(version.is_number_integer() && version >= 1, ErrorCode::CorruptFile,
                    file.string(), ": version: a whole number from 1 was expected, found ",
                    version.dump());
    BITLOOM_REQUIRE(version <= kRunEventsVersion, ErrorCode::Unsupported, file.string(),
                    " has version ", version.dump(), ", this program reads up to ",
                    kRunEventsVersion);
}

} // namespace

bool isRunAlive(const fs::path& eventsFile)
{
    return FileLock::isHeld(eventsFile);
}

RunEventsReader::~RunEventsReader()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

void RunEventsReader::restart(RunEventsNews& news)
{
    news.restarted = true;
    m_offset = 0;
    m_rest.clear();
    m_tooLong = false;
    m_atStart = true;
}

/// Opens what lies under the name now; notices what became of the file that was read before.
void RunEventsReader::follow(RunEventsNews& news)
{
    const int current = openToRead(m_file);
    if (current < 0) {
        return; // what was read before is all there is
    }
    try {
        const struct stat status = statusOf(current, m_file);
        BITLOOM_REQUIRE(S_ISREG(status.st_mode), ErrorCode::IoFailure, m_file.string(),
                        " is not a file");
        if (m_descriptor >= 0) {
            const struct stat before = statusOf(m_descriptor, m_file);
            if (before.st_ino == status.st_ino && before.st_dev == status.st_dev) {
                ::close(current);
                if (static_cast<std::uint64_t>(status.st_size) < m_offset) {
                    restart(news);
                }
                return;
            }
            ::close(m_descriptor);
        }
        m_descriptor = current;
        restart(news);
    } catch (...) {
        ::close(current);
        throw;
    }
}

std::string RunEventsReader::readBytes(std::size_t most)
{
    std::string bytes(most, '\0');
    std::size_t size = 0;
    while (size < most) {
        const ssize_t count = ::pread(m_descriptor, bytes.data() + size, most - size,
                                      static_cast<off_t>(m_offset + size));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        BITLOOM_REQUIRE(count >= 0, ErrorCode::IoFailure, "cannot read ", m_file.string(), ": ",
                        std::strerror(errno));
        if (count == 0) {
            break;
        }
        size += static_cast<std::size_t>(count);
    }
    bytes.resize(size);
    m_offset += size;
    return bytes;
}

void RunEventsReader::takeLine(std::string_view line, RunEventsNews& news)
{
    const bool isFirst = std::exchange(m_atStart, false);
    if (line.empty()) {
        return;
    }
    if (isFirst && line.size() <= kLongestHeader && line.starts_with("{\"format\"")) {
        checkHeader(line, m_file);
        return;
    }
    try {
        news.events.push_back(eventFromJsonLine(std::string(line)));
    } catch (const Error&) {
        ++news.damagedLines; // the reader is told; the lines around it are whole
    }
}

RunEventsNews RunEventsReader::read(std::size_t mostBytes)
{
    RunEventsNews news;
    follow(news);
    if (m_descriptor < 0) {
        return news;
    }
    const std::string bytes = readBytes(mostBytes);
    news.hasMore = bytes.size() == mostBytes;
    std::string_view left = bytes;
    for (std::size_t end = left.find('\n'); end != std::string_view::npos; end = left.find('\n')) {
        m_rest.append(left.substr(0, end));
        left.remove_prefix(end + 1);
        if (std::exchange(m_tooLong, false)) {
            ++news.damagedLines;
        } else {
            takeLine(m_rest, news);
        }
        m_rest.clear();
    }
    m_rest.append(left);
    if (m_rest.size() > kLongestLine) {
        m_tooLong = true;
    }
    if (m_tooLong) {
        m_rest.clear();
    }
    return news;
}

} // namespace bitloom::io
