// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed/hdf5_support.h"

#include "core/io/packed/hdf5_file.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace bitloom::hdf5 {

namespace {

/// Sets the library up once: no plug-ins from folders that the environment names, and no clean-up
/// at exit, which crashes (1.10.8) over a file whose last flush failed on a full disk.
struct LibrarySetup {
    LibrarySetup()
    {
        H5dont_atexit(); // must come first
        H5open();
        H5PLset_loading_state(0);
    }
};

/// No printing to stderr, which a thread-safe library decides for each thread.
struct ThreadSetup {
    explicit ThreadSetup(std::recursive_mutex& mutex)
    {
        const std::lock_guard lock(mutex);
        H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    }
};

bool startsWith(std::span<const std::byte> bytes, std::string_view text)
{
    return bytes.size() >= text.size() &&
           std::equal(text.begin(), text.end(), bytes.begin(),
                      [](char a, std::byte b) { return static_cast<std::byte>(a) == b; });
}

} // namespace

std::recursive_mutex& libraryMutex()
{
    static std::recursive_mutex mutex;
    static const LibrarySetup setup;
    thread_local const ThreadSetup silence(mutex);
    return mutex;
}

Handle::~Handle()
{
    if (m_id >= 0) {
        const std::lock_guard lock(libraryMutex());
        if (H5Iis_valid(m_id) > 0) {
            H5Idec_ref(
                m_id); // closes objects of every kind; a failure was seen at the flush before
        }
    }
}

Handle::Handle(Handle&& other) noexcept : m_id(std::exchange(other.m_id, H5I_INVALID_HID))
{
}

Handle& Handle::operator=(Handle&& other) noexcept
{
    std::swap(m_id, other.m_id);
    return *this;
}

std::string libraryReason()
{
    std::string reason;
    const auto visit = [](unsigned, const H5E_error2_t* error, void* data) -> herr_t {
        try {
            if (error->desc != nullptr && *error->desc != '\0') {
                *static_cast<std::string*>(data) = error->desc;
            }
        } catch (const std::bad_alloc&) {
            return -1; // no exception may pass through the C library
        }
        return 0;
    };
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, visit, &reason);
    H5Eclear2(H5E_DEFAULT);
    // A failed write is described with times, buffers and errno; the system's sentence in it is
    // what people need.
    constexpr std::string_view kMark = "error message = '";
    if (const std::size_t begin = reason.find(kMark); begin != std::string::npos) {
        const std::size_t text = begin + kMark.size();
        return reason.substr(text, reason.find('\'', text) - text);
    }
    return reason.empty() ? "HDF5 gave no reason" : reason;
}

void failFromLibrary(ErrorCode code, const std::string& what)
{
    const std::string reason = libraryReason();
    const std::string_view verb = code == ErrorCode::IoFailure ? "cannot write " : "cannot read ";
    fail(code, verb, what, ": ", reason);
}

std::string describeStart(std::span<const std::byte> bytes)
{
    if (startsWith(bytes, "PK\x03\x04")) {
        return "the mark of a zip archive (a PyTorch checkpoint?)";
    }
    if (startsWith(bytes, "\x80\x02") || startsWith(bytes, "\x80\x03") ||
        startsWith(bytes, "\x80\x04")) {
        return "the mark of a Python pickle (an old PyTorch checkpoint?)";
    }
    std::string shown = "\"";
    for (const std::byte byte : bytes.first(std::min<std::size_t>(bytes.size(), 8))) {
        const auto character = std::to_integer<unsigned char>(byte);
        if (std::isprint(character) != 0) {
            shown += static_cast<char>(character);
        } else {
            constexpr std::string_view kDigits = "0123456789abcdef";
            shown += "\\x";
            shown += kDigits[character >> 4];
            shown += kDigits[character & 15];
        }
    }
    return shown + "\"";
}

} // namespace bitloom::hdf5
