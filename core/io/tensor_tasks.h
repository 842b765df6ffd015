// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"

#include <cstdint>
#include <functional>

// Internal to core/io.
namespace bitloom::io {

/// Calls task(0 .. count-1), one for each tensor of a file, two at a time (more would hold more
/// tensors and wait for the memory), and reports how many are done as the phase. Tasks run in
/// inference mode on threads of their own, where LibTorch has one.
/// Errors:  of several tasks that fail, what the one with the lowest number threw.
/// Returns: false when cancelled; some tasks did not run then.
bool forEachTensorAtOnce(std::int64_t count, const char* phase, RunControl& control,
                         const std::function<void(std::int64_t)>& task);

} // namespace bitloom::io
