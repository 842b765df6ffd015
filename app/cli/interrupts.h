// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>
#include <thread>

namespace bitloom::cli {

/// Turns Ctrl-C and SIGTERM into a call of the current handler, on an ordinary thread.
///
/// Construct it before any other thread is started: the signals are blocked for all of them. A
/// signal while no handler is set, or a second one, ends the program at once with the exit code for
/// "cancelled"; files are written under temporary names, so nothing half-done is left under a real
/// one.
class Interrupts {
public:
    Interrupts();
    ~Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;

    /// Sets the handler while it lives.
    class Scope {
    public:
        Scope(Interrupts& interrupts, std::function<void()> handler);
        ~Scope();
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

    private:
        Interrupts& m_interrupts;
    };

private:
    void loop();

    std::mutex m_mutex;
    std::function<void()> m_handler;
    bool m_handled = false;
    std::thread m_thread;
};

} // namespace bitloom::cli
