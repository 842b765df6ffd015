// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/patient_write.h"

#include "core/base/error.h"

#include <chrono>
#include <string>
#include <thread>

namespace bitloom::engine {

namespace {

using namespace std::chrono_literals;

constexpr auto kLookAgain = 20ms; // whether somebody resumed or stopped the job
constexpr auto kTryAgain = 1s;

/// Why it could not be written; empty: it was.
std::string failureOf(const std::function<void()>& write)
{
    try {
        write();
        return {};
    } catch (const Error& error) {
        if (error.code() != ErrorCode::IoFailure && error.code() != ErrorCode::NotFound) {
            throw;
        }
        return error.what();
    }
}

/// Until it is written (true), or somebody resumes or stops the job.
bool isWrittenWhilePaused(const RunControl& control, const std::function<void()>& write)
{
    auto next = std::chrono::steady_clock::now() + kTryAgain;
    while (control.isPaused() && !control.stopRequested()) {
        std::this_thread::sleep_for(kLookAgain);
        if (std::chrono::steady_clock::now() >= next) {
            if (failureOf(write).empty()) {
                return true;
            }
            next = std::chrono::steady_clock::now() + kTryAgain;
        }
    }
    return false;
}

} // namespace

bool writePatiently(JobContext& context, const std::function<void()>& write)
{
    while (true) {
        const std::string failure = failureOf(write);
        if (failure.empty()) {
            return true;
        }
        if (context.control.stopRequested()) {
            context.warn(failure + "; the file still holds what was written before");
            return false;
        }
        context.warn(failure + "; the run is paused and nothing is lost: it goes on as soon as it "
                               "can write again");
        context.control.pause(failure);
        if (isWrittenWhilePaused(context.control, write)) {
            context.control.resume();
            context.info("written; the run goes on");
            return true;
        }
    }
}

} // namespace bitloom::engine
