// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

namespace bitloom {

/// An exclusive lock on a file, held while the object lives. Move-only.
///
/// The kernel releases it when the process ends, however it ends, so no lock outlives its holder.
/// The file itself stays and says which process holds it. Two locks of one process exclude each
/// other too.
class FileLock {
public:
    /// Takes the lock, waiting at most patience; nullopt if somebody else still has it then. Makes
    /// the file if it is not there. Errors: IoFailure.
    static std::optional<FileLock> take(const std::filesystem::path& file,
                                        std::chrono::milliseconds patience);
    /// Whether somebody has it now: a file that is not there is nobody's. Errors: IoFailure.
    static bool isHeld(const std::filesystem::path& file);
    /// The process that has the lock, as it wrote itself down; absent: not known.
    static std::optional<long> holderOf(const std::filesystem::path& file);

    ~FileLock();
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&& other) noexcept;

private:
    explicit FileLock(int descriptor) : m_descriptor(descriptor) {}

    int m_descriptor = -1;
};

} // namespace bitloom
