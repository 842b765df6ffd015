// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/parallel_tasks.h"

#include "core/graph/operator_threads.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace bitloom {

void runTasks(std::int64_t count, int threads, const std::stop_token& stop,
              const std::function<void(std::int64_t)>& task)
{
    if (threads <= 0) {
        threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    }
    const graph::OperatorThreads single(1);
    std::atomic<std::int64_t> next{0};
    std::mutex mutex;
    std::exception_ptr failure;
    const auto work = [&] {
        at::set_num_threads(1);
        const c10::InferenceMode inference;
        for (std::int64_t i = next++; i < count && !stop.stop_requested(); i = next++) {
            try {
                task(i);
            } catch (...) {
                const std::lock_guard lock(mutex);
                if (!failure) {
                    failure = std::current_exception();
                }
                next = count;
            }
        }
    };
    const std::int64_t helpers = std::min<std::int64_t>(threads, count) - 1;
    {
        std::vector<std::jthread> pool;
        for (std::int64_t i = 0; i < helpers; ++i) {
            pool.emplace_back(work);
        }
        work();
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
}

} // namespace bitloom
