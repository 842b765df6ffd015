// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/zip_reader.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"

#include <zip.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace bitloom::io {

namespace {

// torch.save never compresses, so an honest archive declares at most its own size; re-compressed
// ones gain little.
constexpr std::uint64_t kMaxExpansion = 4;
constexpr std::uint64_t kFreeBytes = 64 * 1024;
// Below this the threads cost more than they save.
constexpr std::uint64_t kParallelBytes = 4U << 20U;
constexpr unsigned kMaxThreads = 8;

/// One libzip handle over the archive; a handle must not be shared between threads.
class Handle {
public:
    explicit Handle(std::span<const std::byte> archive)
    {
        zip_error_t error;
        zip_error_init(&error);
        zip_source_t* source = zip_source_buffer_create(archive.data(), archive.size(), 0, &error);
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

    void read(std::size_t index, std::uint64_t size, std::byte* out, const std::string& label) const
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
        BITLOOM_REQUIRE(code != ZIP_ER_CRC, ErrorCode::CorruptFile, label,
                        " is damaged: its content does not match its CRC-32");
        BITLOOM_REQUIRE(rest >= 0, ErrorCode::CorruptFile, label, " is damaged: ", reason);
        BITLOOM_REQUIRE(done == size && rest == 0, ErrorCode::CorruptFile, label,
                        " is damaged: it declares ", size, " bytes and holds ",
                        rest > 0 ? "more" : std::to_string(done));
    }

private:
    zip_t* m_zip = nullptr;
};

} // namespace

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
    BITLOOM_REQUIRE(total <= kMaxExpansion * archive.size() + kFreeBytes, ErrorCode::UnsafeFile,
                    "refused: the archive has ", archive.size(), " bytes but declares ", total,
                    " bytes of content; torch.save never compresses, at most ", kMaxExpansion,
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
    Handle(m_archive).read(index, entry.size, std::as_writable_bytes(std::span(text)).data(),
                           "record " + entry.name);
    return text;
}

void ZipReader::readAll(std::span<const Target> targets) const
{
    std::uint64_t bytes = 0;
    for (const Target& target : targets) {
        bytes += m_entries.at(target.index).size;
    }
    std::atomic<std::size_t> next{0};
    std::mutex failureMutex;
    std::exception_ptr failure;
    const auto work = [&] {
        try {
            const Handle handle(m_archive);
            for (std::size_t i = next++; i < targets.size(); i = next++) {
                handle.read(targets[i].index, m_entries[targets[i].index].size, targets[i].out,
                            targets[i].label);
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
}

} // namespace bitloom::io
