// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace bitloom::workbench {

/// One thread that runs functions in the order in which they were given: for files, which the GUI
/// thread must not wait for. Threads: run() from any.
class SerialWorker {
public:
    SerialWorker();
    /// Runs what is still waiting: a save that was asked for is not lost.
    ~SerialWorker();
    SerialWorker(const SerialWorker&) = delete;
    SerialWorker& operator=(const SerialWorker&) = delete;

    /// The work must not throw.
    void run(std::function<void()> work);

private:
    void loop();

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<std::function<void()>> m_queue;
    bool m_quit = false;
    std::thread m_thread;
};

} // namespace bitloom::workbench
