// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/device.h"

#include "core/base/error.h"
#include "core/base/sanitizers.h"
#include "core/ops/cuda_backend.h"

#include <ATen/Parallel.h>
#include <c10/core/DeviceGuard.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

namespace bitloom::engine {

namespace {
c10::Device parse(const std::string& text)
{
    try {
        return c10::Device(text);
    } catch (const c10::Error&) {
        fail(ErrorCode::InvalidArgument, "'", text, "' is no device: give cpu, cuda or cuda:N");
    }
}

/// As ops::cudaDeviceCount(), for a device that was named in text.
int cudaDevicesFor(const std::string& text)
{
    try {
        return ops::cudaDeviceCount();
    } catch (const Error& error) {
        fail(ErrorCode::InvalidArgument, "the device '", text,
             "' does not exist here: ", error.what());
    }
}
} // namespace

std::string canonicalDevice(const std::string& text)
{
    const c10::Device device = parse(text);
    if (device.is_cpu()) {
        return "cpu";
    }
    BITLOOM_REQUIRE(device.is_cuda(), ErrorCode::InvalidArgument, "the device '", text,
                    "' is not supported: give cpu, cuda or cuda:N");
    const int count = cudaDevicesFor(text);
    const int index = device.has_index() ? device.index() : 0;
    BITLOOM_REQUIRE(index < count, ErrorCode::InvalidArgument, "the device '", text,
                    "' does not exist here: CUDA devices 0..", count - 1, " were found");
    return "cuda:" + std::to_string(index);
}

void prepareForCuda()
{
    if (ops::hasCudaDriver()) {
        ops::loadCuda();
    }
}

namespace {
constexpr long kMostThreads = 4096; ///< of an environment that asks for nonsense

/// What the environment of a batch queue grants, else all cores.
int usualThreadCount()
{
    const char* const granted = std::getenv("OMP_NUM_THREADS");
    // "4,2" states the threads of nested levels as well.
    const long count = granted != nullptr ? std::strtol(granted, nullptr, 10) : 0;
    const auto cores = static_cast<long>(std::thread::hardware_concurrency());
    return static_cast<int>(std::clamp(count > 0 ? count : cores, 1L, kMostThreads));
}
} // namespace

void setThreadCount(int threads)
{
    if (kThreadSanitizer) {
        threads = 1; // OpenMP is not built with it, so that it would take its barriers for none
    }
    at::set_num_threads(threads > 0 ? threads : usualThreadCount());
}

struct DeviceGuard::Impl {
    c10::OptionalDeviceGuard guard;
};

DeviceGuard::DeviceGuard(const std::string& device) : m_impl(std::make_unique<Impl>())
{
    const c10::Device parsed = parse(device);
    if (parsed.is_cuda()) {
        m_impl->guard.reset_device(parsed);
    }
}

DeviceGuard::~DeviceGuard() = default;

} // namespace bitloom::engine
