// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>

namespace bitloom {

/// Runs task(0 .. count-1) on threads threads of their own (0 = all cores), each with LibTorch's
/// operators on a single thread, in inference mode. With one thread the tasks run on the caller's,
/// equally on a single operator thread, so results do not depend on the number of threads.
///
/// Tasks are started in order. Once stop is requested no further task starts; those running must
/// look at it themselves. Errors: the first exception of a task is thrown again here when all have
/// ended.
void runTasks(std::int64_t count, int threads, const std::stop_token& stop,
              const std::function<void(std::int64_t)>& task);

} // namespace bitloom
