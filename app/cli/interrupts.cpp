// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/interrupts.h"

#include "core/base/atomic_file.h"

#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <utility>

namespace bitloom::cli {

namespace {
constexpr int kStopListening = SIGUSR2;
constexpr int kCancelledExitCode = 3;

sigset_t signalSet()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, kStopListening);
    return set;
}
} // namespace

Interrupts::Interrupts()
{
    const sigset_t set = signalSet();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    m_thread = std::thread([this] { loop(); });
}

Interrupts::~Interrupts()
{
    pthread_kill(m_thread.native_handle(), kStopListening);
    m_thread.join();
}

void Interrupts::loop()
{
    const sigset_t set = signalSet();
    while (true) {
        int signal = 0;
        if (sigwait(&set, &signal) != 0 || signal == kStopListening) {
            return;
        }
        const std::lock_guard lock(m_mutex);
        if (!m_handler || std::exchange(m_handled, true)) {
            removeTemporaryFiles();
            ::_exit(kCancelledExitCode);
        }
        m_handler();
    }
}

Interrupts::Scope::Scope(Interrupts& interrupts, std::function<void()> handler)
    : m_interrupts(interrupts)
{
    const std::lock_guard lock(m_interrupts.m_mutex);
    m_interrupts.m_handler = std::move(handler);
    m_interrupts.m_handled = false;
}

Interrupts::Scope::~Scope()
{
    const std::lock_guard lock(m_interrupts.m_mutex);
    m_interrupts.m_handler = nullptr;
}

} // namespace bitloom::cli
