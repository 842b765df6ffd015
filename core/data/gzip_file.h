// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace bitloom {

/// Reads a file from its start, inflating it when its content is gzip (whatever its name says).
///
/// Memory: nothing is inflated ahead of what is asked for, so a file that claims too much costs
/// nothing. Errors: NotFound / IoFailure, CorruptFile for a truncated or damaged gzip stream.
class GzipFile {
public:
    explicit GzipFile(const std::filesystem::path& path);
    ~GzipFile();
    GzipFile(const GzipFile&) = delete;
    GzipFile& operator=(const GzipFile&) = delete;

    /// Fills out as far as the content goes; returns the number of bytes written.
    std::size_t read(std::span<std::uint8_t> out);
    /// True when no content is left (also checks the gzip checksum).
    bool atEnd();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace bitloom
