// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

namespace bitloom::engine {

/// "cpu", "cuda:0", ...: checks that it exists here. "cuda" is "cuda:0".
/// Errors: InvalidArgument naming the devices there are.
std::string canonicalDevice(const std::string& device);

/// Loads CUDA where a driver is installed, which canonicalDevice() otherwise does for the first
/// CUDA device that is named: too late in a process that has computed on the CPU by then. Takes up
/// to a second. Errors: Unsupported, which canonicalDevice() says again to whoever names such a
/// device.
void prepareForCuda();

/// Threads for LibTorch's operators, for the whole process; 0 = OMP_NUM_THREADS, without it all
/// cores.
void setThreadCount(int threads);

/// Makes a device current for this thread while it lives.
class DeviceGuard {
public:
    explicit DeviceGuard(const std::string& device);
    ~DeviceGuard();
    DeviceGuard(const DeviceGuard&) = delete;
    DeviceGuard& operator=(const DeviceGuard&) = delete;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace bitloom::engine
