// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/tensor_tasks.h"

#include "core/graph/parallel_tasks.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <exception>
#include <mutex>

namespace bitloom::io {

bool forEachTensorAtOnce(std::int64_t count, const char* phase, RunControl& control,
                         const std::function<void(std::int64_t)>& task)
{
    constexpr int kThreads = 2;
    std::mutex mutex;
    std::int64_t done = 0;
    // Tasks start in order, so whichever fails, those of lower numbers run to their end.
    std::int64_t firstFailed = count;
    std::exception_ptr failure;
    runTasks(count, std::min(kThreads, at::get_num_threads()), control.stopToken(),
             [&](std::int64_t i) {
                 {
                     const std::lock_guard lock(mutex);
                     if (firstFailed < i) {
                         return;
                     }
                 }
                 if (control.shouldStop()) {
                     return;
                 }
                 try {
                     task(i);
                 } catch (...) {
                     const std::lock_guard lock(mutex);
                     if (i < firstFailed) {
                         firstFailed = i;
                         failure = std::current_exception();
                     }
                     return;
                 }
                 const std::lock_guard lock(mutex);
                 control.report({phase, ++done, count, "tensors"});
             });
    if (failure) {
        std::rethrow_exception(failure);
    }
    return !control.stopRequested();
}

} // namespace bitloom::io
