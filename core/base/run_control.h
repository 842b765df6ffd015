// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace bitloom {

/// How far a long operation is. total == 0 means "not known".
struct ProgressReport {
    std::string phase;      ///< "sensitivity", "epoch 3", ...
    std::int64_t done = 0;  ///< in units
    std::int64_t total = 0; ///< in units
    std::string unit;       ///< "images", "candidates", "tensors"
};

/// The wires between a long operation and whoever started it: cancel, pause, progress.
///
/// An operation takes a RunControl& and calls shouldStop() at least every 50 ms of work; when it
/// returns true the operation returns its best-so-far. A cancelled operation is a result, not an
/// error. Threads: requestStop(), pause() and resume() from any thread; the rest from the
/// operation's threads.
class RunControl {
public:
    using ProgressSink = std::function<void(const ProgressReport&)>;
    /// Hears each beginning of a pause, with its reason, and each end but that by a stop. Called by
    /// whoever pauses or resumes.
    using PauseSink = std::function<void(bool isPaused, const std::string& reason)>;

    RunControl();
    explicit RunControl(ProgressSink sink, PauseSink pauseSink = {});

    void requestStop();
    /// reason: a sentence for people; empty: because somebody asked for it.
    void pause(const std::string& reason = {});
    void resume();
    bool isPaused() const;

    /// True once a stop was requested. Blocks while paused (a stop ends the pause).
    bool shouldStop();
    /// Without blocking on a pause: for inner loops of helper threads.
    bool stopRequested() const;
    std::stop_token stopToken() const;

    /// Passes the report on, at most every 40 ms unless done == total.
    void report(const ProgressReport& progress);

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace bitloom
