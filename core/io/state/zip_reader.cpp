// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/zip_reader.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/base/hash.h"

#include <zip.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <exception>
#include <mutex>
#include <thread>

namespace bitloom::io {

namespace {

// torch.save never compresses, so an honest archive declares at most its own size; re-compressed
// ones gain little.
constexpr std::uint64_t kMaxZipExpansion = 4;
constexpr std::uint64_t kFreeZipBytes = 64 * 1024;
// Below this the threads cost more than they save.
constexpr std::uint64_t kParallelBytes = 4U << 20U;
constexpr unsigned kMaxThreads = 8;

/// An archive in memory as libzip reads it, and the place where it read last.
class WatchedArchive {
public:
    explicit WatchedArchive(std::span<const std::byte> bytes) : m_bytes(bytes)
    {
        zip_error_init(&m_error);
    }
    ~WatchedArchive() { zip_error_fini(&m_error); }
    WatchedArchive(const WatchedArchive&) = delete;
    WatchedArchive& operator=(const WatchedArchive&) = delete;

    std::uint64_t lastReadAt() const { return m_lastReadAt; }

    static zip_int64_t serve(void* self, void* data, zip_uint64_t length, zip_source_cmd_t command)
    {
        return static_cast<WatchedArchive*>(self)->serve(data, length, command);
    }

private:
    zip_int64_t serve(void* data, zip_uint64_t length, zip_source_cmd_t command)
    {
        switch (command) {
        case ZIP_SOURCE_OPEN:
            m_at = 0;
            return 0;
        case ZIP_SOURCE_READ: {
            const std::uint64_t count = std::min<std::uint64_t>(length, m_bytes.size() - m_at);
            if (count > 0) {
                std::memcpy(data, m_bytes.data() + m_at, static_cast<std::size_t>(count));
            }
            m_lastReadAt = m_at;
            m_at += count;
            return static_cast<zip_int64_t>(count);
        }
        case ZIP_SOURCE_CLOSE:
        case ZIP_SOURCE_FREE:
            return 0;
        case ZIP_SOURCE_STAT: {
            auto* status = static_cast<zip_stat_t*>(data);
            zip_stat_init(status);
            status->size = m_bytes.size();
            status->valid |= ZIP_STAT_SIZE;
            return sizeof(zip_stat_t);
        }
        case ZIP_SOURCE_ERROR:
            return zip_error_to_data(&m_error, data, length);
        case ZIP_SOURCE_SEEK: {
            const zip_int64_t to =
                zip_source_seek_compute_offset(m_at, m_bytes.size(), data, length, &m_error);
            m_at = to < 0 ? m_at : static_cast<std::uint64_t>(to);
            return to < 0 ? -1 : 0;
        }
        case ZIP_SOURCE_TELL:
            return static_cast<zip_int64_t>(m_at);
        case ZIP_SOURCE_SUPPORTS:
            return zip_source_make_command_bitmap(
                ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
                ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL,
                ZIP_SOURCE_SUPPORTS, -1);
        default:
            zip_error_set(&m_error, ZIP_ER_OPNOTSUPP, 0);
            return -1;
        }
    }

    std::span<const std::byte> m_bytes;
    std::uint64_t m_at = 0;
    std::uint64_t m_lastReadAt = 0;
    zip_error_t m_error{};
};

void requireIntact(bool isIntact, const std::string& label)
{
    BITLOOM_REQUIRE(isIntact, ErrorCode::CorruptFile, label,
                    " is damaged: its content does not match its CRC-32");
}

bool isStored(const zip_stat_t& status)
{
    constexpr zip_uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD |
                                     ZIP_STAT_ENCRYPTION_METHOD | ZIP_STAT_CRC;
    return (status.valid & kNeeded) == kNeeded && status.comp_method == ZIP_CM_STORE &&
           status.encryption_method == ZIP_EM_NONE && status.comp_size == status.size;
}

} // namespace

/// One libzip handle over the archive; a handle must not be shared between threads.
class ZipReader::Handle {
public:
    explicit Handle(std::span<const std::byte> archive) : m_archive(archive), m_watched(archive)
    {
        zip_error_t error;
        zip_error_init(&error);
        zip_source_t* source =
            zip_source_function_create(&WatchedArchive::serve, &m_watched, &error);
        m_zip = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
        if (m_zip == nullptr) {
            if (source != nullptr) {
                zip_source_free(source);
            }
            const int code = zip_error_code_zip(&error);
            const std::string reason = zip_error_strerror(&error);
            zip_error_fini(&error);
            BITLOOM_REQUIRE(code != ZIP_ER_NOZIP, ErrorCode::CorruptFile,
                            "the file is cut off: the zip directory is missing at its end (length ",
                            archive.size(), " bytes)");
            fail(code == ZIP_ER_MEMORY ? ErrorCode::OutOfMemory : ErrorCode::CorruptFile,
                 "the zip archive is damaged: ", reason);
        }
        zip_error_fini(&error);
    }
    ~Handle() { zip_discard(m_zip); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    zip_t* get() const { return m_zip; }

    /// False where the CRC-32 is another one.
    [[nodiscard]] bool read(std::size_t index, std::uint64_t size, std::byte* out,
                            const std::string& label) const
    {
        zip_file_t* file = zip_fopen_index(m_zip, index, 0);
        BITLOOM_REQUIRE(file != nullptr, ErrorCode::CorruptFile, label,
                        " cannot be read: ", zip_error_strerror(zip_get_error(m_zip)));
        std::uint64_t done = 0;
        zip_int64_t got = 1;
        while (done < size && got > 0) {
            got = zip_fread(file, out + done, size - done);
            done += got > 0 ? static_cast<std::uint64_t>(got) : 0;
        }
        // libzip compares the CRC when the end is read, so ask for one byte more.
        std::byte beyond{};
        const zip_int64_t rest = got < 0 ? got : zip_fread(file, &beyond, 1);
        const int code = zip_error_code_zip(zip_file_get_error(file));
        const std::string reason = zip_error_strerror(zip_file_get_error(file));
        zip_fclose(file);
        if (code == ZIP_ER_CRC && done == size) {
            return false;
        }
        BITLOOM_REQUIRE(rest >= 0, ErrorCode::CorruptFile, label, " is damaged: ", reason);
        BITLOOM_REQUIRE(done == size && rest == 0, ErrorCode::CorruptFile, label,
                        " is damaged: it declares ", size, " bytes and holds ",
                        rest > 0 ? "more" : std::to_string(done));
        return true;
    }

    /// Where an entry that is stored as it is lies in the archive. isIntact: its CRC-32 is right.
    std::optional<std::span<const std::byte>> map(std::size_t index, const std::string& label,
                                                  bool& isIntact)
    {
        isIntact = true;
        zip_stat_t status;
        zip_stat_init(&status);
        if (zip_stat_index(m_zip, index, 0, &status) != 0 || !isStored(status)) {
            return std::nullopt;
        }
        if (status.size == 0) {
            return std::span<const std::byte>();
        }
        // libzip does not say where an entry lies: its first byte is read, and the place noted.
        std::byte first{};
        zip_file_t* file = zip_fopen_index(m_zip, index, 0);
        const bool isRead = file != nullptr && zip_fread(file, &first, 1) == 1;
        const std::uint64_t at = m_watched.lastReadAt();
        if (file != nullptr) {
            zip_fclose(file);
        }
        BITLOOM_REQUIRE(isRead && at <= m_archive.size() && status.size <= m_archive.size() - at,
                        ErrorCode::CorruptFile, label, " is damaged: it declares ", status.size,
                        " bytes, which do not lie in the file");
        const std::span payload =
            m_archive.subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(status.size));
        isIntact = crc32(payload) == status.crc;
        return payload;
    }

private:
    std::span<const std::byte> m_archive;
    WatchedArchive m_watched;
    zip_t* m_zip = nullptr;
};

ZipReader::ZipReader(std::span<const std::byte> archive) : m_archive(archive)
{
    const Handle handle(archive);
    const auto count =
        static_cast<std::uint64_t>(std::max<zip_int64_t>(0, zip_get_num_entries(handle.get(), 0)));
    std::uint64_t total = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        zip_stat_t status;
        zip_stat_init(&status);
        const char* name = zip_get_name(handle.get(), i, ZIP_FL_ENC_RAW);
        const bool known =
            zip_stat_index(handle.get(), i, 0, &status) == 0 && (status.valid & ZIP_STAT_SIZE) != 0;
        BITLOOM_REQUIRE(name != nullptr && known, ErrorCode::CorruptFile,
                        "the zip archive is damaged: entry ", i,
                        " of its directory cannot be read");
        total = checkedAdd<std::uint64_t>(total, status.size, "the sum of the archive's entries");
        m_entries.push_back({name, status.size});
        m_byName.emplace_back(name, static_cast<std::size_t>(i));
    }
    BITLOOM_REQUIRE(total <= kMaxZipExpansion * archive.size() + kFreeZipBytes,
                    ErrorCode::UnsafeFile, "refused: the archive has ", archive.size(),
                    " bytes but declares ", total,
                    " bytes of content; torch.save never compresses, at most ", kMaxZipExpansion,
                    " times the archive is unpacked");
    std::sort(m_byName.begin(), m_byName.end());
    const auto twice =
        std::adjacent_find(m_byName.begin(), m_byName.end(),
                           [](const auto& a, const auto& b) { return a.first == b.first; });
    BITLOOM_REQUIRE(twice == m_byName.end(), ErrorCode::CorruptFile,
                    "the zip archive is damaged: two entries have the name ", twice->first);
}

std::optional<std::size_t> ZipReader::find(const std::string& name) const
{
    const auto found =
        std::lower_bound(m_byName.begin(), m_byName.end(), std::pair(name, std::size_t{0}));
    return found != m_byName.end() && found->first == name ? std::optional(found->second)
                                                           : std::nullopt;
}

std::string ZipReader::readText(std::size_t index) const
{
    const ZipEntry& entry = m_entries.at(index);
    std::string text(static_cast<std::size_t>(entry.size), '\0');
    const std::string label = "record " + entry.name;
    requireIntact(Handle(m_archive).read(index, entry.size,
                                         std::as_writable_bytes(std::span(text)).data(), label),
                  label);
    return text;
}

template <typename Use>
void ZipReader::forEachTarget(std::span<const Target> targets, std::vector<std::string>* mismatched,
                              Use use) const
{
    std::vector<char> isIntact(targets.size(), 1); // not bool: each thread writes its own
    std::uint64_t bytes = 0;
    for (const Target& target : targets) {
        bytes += m_entries.at(target.index).size;
    }
    std::atomic<std::size_t> next{0};
    std::mutex failureMutex;
    std::exception_ptr failure;
    const auto work = [&] {
        try {
            Handle handle(m_archive);
            for (std::size_t i = next++; i < targets.size(); i = next++) {
                isIntact[i] = use(handle, i) ? 1 : 0;
                requireIntact(mismatched != nullptr || isIntact[i] != 0, targets[i].label);
            }
        } catch (...) {
            const std::lock_guard lock(failureMutex);
            failure = std::current_exception();
        }
    };
    std::vector<std::jthread> helpers;
    if (bytes >= kParallelBytes) {
        const unsigned threads =
            std::min({std::thread::hardware_concurrency(), kMaxThreads,
                      static_cast<unsigned>(std::min<std::size_t>(targets.size(), kMaxThreads))});
        for (unsigned i = 1; i < threads; ++i) {
            helpers.emplace_back(work);
        }
    }
    work();
    helpers.clear(); // joins
    if (failure) {
        std::rethrow_exception(failure);
    }
    for (std::size_t i = 0; i < targets.size(); ++i) {
        if (isIntact[i] == 0) {
            mismatched->push_back(targets[i].label);
        }
    }
}

void ZipReader::readAll(std::span<const Target> targets, std::vector<std::string>* mismatched) const
{
    forEachTarget(targets, mismatched, [&](const Handle& handle, std::size_t i) {
        const Target& target = targets[i];
        return handle.read(target.index, m_entries[target.index].size, target.out, target.label);
    });
}

std::vector<std::optional<std::span<const std::byte>>>
ZipReader::mapAll(std::span<const Target> targets, std::vector<std::string>* mismatched) const
{
    std::vector<std::optional<std::span<const std::byte>>> places(targets.size());
    forEachTarget(targets, mismatched, [&](Handle& handle, std::size_t i) {
        bool isIntact = true;
        places[i] = handle.map(targets[i].index, targets[i].label, isIntact);
        return isIntact;
    });
    return places;
}

} // namespace bitloom::io
