// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/write_behind.h"

#include <algorithm>
#include <utility>

namespace bitloom::detail {

namespace {
constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
constexpr std::size_t kBlocksWaiting = 3;
} // namespace

WriteBehind::WriteBehind(Write write) : m_write(std::move(write)), m_thread([this] { work(); })
{
}

WriteBehind::~WriteBehind()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isEnding = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

void WriteBehind::add(std::span<const std::byte> bytes, std::optional<std::size_t> at)
{
    if (at && !bytes.empty()) {
        handOver(); // what stands before comes first
        m_open.at = at;
        m_open.bytes.assign(bytes.begin(), bytes.end());
        handOver();
        return;
    }
    while (!bytes.empty()) {
        m_open.bytes.reserve(kBlockBytes);
        const std::size_t some = std::min(bytes.size(), kBlockBytes - m_open.bytes.size());
        m_open.bytes.insert(m_open.bytes.end(), bytes.begin(),
                            bytes.begin() + static_cast<std::ptrdiff_t>(some));
        bytes = bytes.subspan(some);
        if (m_open.bytes.size() == kBlockBytes) {
            handOver();
        }
    }
}

void WriteBehind::handOver()
{
    if (m_open.bytes.empty()) {
        return;
    }
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_failure || m_waiting.size() < kBlocksWaiting; });
        if (m_failure) {
            std::rethrow_exception(m_failure);
        }
        m_waiting.push_back(std::exchange(m_open, {}));
        if (!m_spare.empty()) {
            m_open.bytes = std::move(m_spare.back());
            m_spare.pop_back();
        }
    }
    m_changed.notify_all();
}

void WriteBehind::finish()
{
    handOver();
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_failure || m_waiting.empty(); });
    if (m_failure) {
        std::rethrow_exception(m_failure);
    }
}

void WriteBehind::work()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return m_isEnding || !m_waiting.empty(); });
        if (m_isEnding) {
            return;
        }
        const Block& block = m_waiting.front(); // stays in its place while others are added
        lock.unlock();
        std::exception_ptr failure;
        try {
            m_write(block.bytes, block.at);
        } catch (...) {
            failure = std::current_exception();
        }
        lock.lock();
        if (failure) {
            m_failure = failure;
            m_changed.notify_all();
            return;
        }
        m_spare.push_back(std::move(m_waiting.front().bytes));
        m_spare.back().clear();
        m_waiting.pop_front();
        m_changed.notify_all();
    }
}

} // namespace bitloom::detail
