// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

// Internal to core/base.
namespace bitloom::detail {

/// Lets a thread write bytes in their order while the next ones are made: of a large file half of
/// the time is the system's copy. At most some megabytes wait.
///
/// Errors: what write throws is thrown by the next add() or finish(); nothing more is written then.
/// Threads: add() and finish() from one; write is called on another.
class WriteBehind {
public:
    /// Writes bytes at a place, or behind those before where there is none.
    using Write = std::function<void(std::span<const std::byte>, std::optional<std::size_t> at)>;

    explicit WriteBehind(Write write);
    /// What still waits is not written.
    ~WriteBehind();
    WriteBehind(const WriteBehind&) = delete;
    WriteBehind& operator=(const WriteBehind&) = delete;

    /// Takes a copy of the bytes; waits where too many are there already.
    void add(std::span<const std::byte> bytes, std::optional<std::size_t> at = std::nullopt);
    /// Waits until everything is written.
    void finish();

private:
    struct Block {
        std::vector<std::byte> bytes;
        std::optional<std::size_t> at;
    };
    void handOver();
    void work();

    Write m_write;
    Block m_open; ///< is being filled
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Block> m_waiting; ///< the first is being written
    std::vector<std::vector<std::byte>> m_spare;
    std::exception_ptr m_failure;
    bool m_isEnding = false;
    std::thread m_thread; ///< the last member: it uses the others
};

} // namespace bitloom::detail
