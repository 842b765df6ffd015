// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/job_context.h"

#include <functional>

namespace bitloom::engine {

/// Writes what a long job must not lose. Where that fails with IoFailure or NotFound (a full disk,
/// a folder that went away), the job is paused with a warning and waits: it tries again now and
/// then, and when somebody resumes it, and goes on once it is written. False: stopped before that.
/// write: replaces a file as a whole or leaves it. Errors: what else write() throws.
bool writePatiently(JobContext& context, const std::function<void()>& write);

} // namespace bitloom::engine
