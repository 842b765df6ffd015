// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/cuda_backend.h"

#include "core/base/error.h"

#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/util/Exception.h>

#include <dlfcn.h>
#include <link.h>

#include <climits>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <typeinfo>

namespace bitloom::ops {

namespace {

namespace fs = std::filesystem;

constexpr const char* kDriver = "libcuda.so.1";
constexpr const char* kTorchCpu = "libtorch_cpu.so";
constexpr const char* kTorchCuda = "libtorch_cuda.so";
constexpr const char* kOurKernels = "libbitloom_ops_cuda.so";

/// The loader's last complaint, which it gives only once.
std::string loaderError()
{
    const char* text = dlerror();
    return text == nullptr ? "the reason is unknown" : text;
}

bool isLoaded(const char* library)
{
    void* handle = dlopen(library, RTLD_LAZY | RTLD_NOLOAD);
    if (handle == nullptr) {
        return false;
    }
    dlclose(handle); // gives back the reference that asking took
    return true;
}

/// The folder of the library that holds this code. From the address of an own variable: that of a
/// function may be an entry in the program's table of calls.
fs::path ourFolder()
{
    static const char anchor = 0;
    Dl_info info{};
    BITLOOM_REQUIRE(dladdr(&anchor, &info) != 0 && info.dli_fname != nullptr, ErrorCode::Internal,
                    "the file of libbitloom_ops.so cannot be told");
    return fs::absolute(info.dli_fname).parent_path();
}

fs::path torchFolder()
{
    void* handle = dlopen(kTorchCpu, RTLD_LAZY | RTLD_NOLOAD);
    BITLOOM_REQUIRE(handle != nullptr, ErrorCode::Unsupported, "LibTorch's ", kTorchCpu,
                    " is not in this process (", loaderError(),
                    "), so its CUDA library cannot be found: use --device cpu");
    char folder[PATH_MAX] = {};
    const bool found = dlinfo(handle, RTLD_DI_ORIGIN, folder) == 0;
    dlclose(handle);
    BITLOOM_REQUIRE(found, ErrorCode::Internal, "the folder of ", kTorchCpu,
                    " cannot be told: ", loaderError());
    return folder;
}

void requireFile(const fs::path& library, const char* remedy)
{
    std::error_code unreadable; // a folder that cannot be read has no such file for us
    BITLOOM_REQUIRE(fs::exists(library, unreadable), ErrorCode::Unsupported, "there is no ",
                    library.filename().string(), " in ", library.parent_path().string(), ": ",
                    remedy, ", or use --device cpu");
}

void load(const fs::path& library, int scope)
{
    BITLOOM_REQUIRE(dlopen(library.c_str(), RTLD_NOW | scope) != nullptr, ErrorCode::Unsupported,
                    library.string(), " cannot be loaded (", loaderError(),
                    "): install what is missing, or use --device cpu");
}

/// LibTorch puts this class where nobody knows CUDA when it is asked first.
bool decidedWithoutCuda()
{
    return typeid(at::detail::getCUDAHooks()) == typeid(at::CUDAHooksInterface);
}

/// In a process that comes with CUDA (Python's torch), our kernels follow the library by
/// themselves, so that torch.ops.load_library("libbitloom_ops.so") is all that users need.
[[maybe_unused]] const bool kernelsFollowed = [] {
    if (!isLoaded(kTorchCuda)) {
        return false;
    }
    try {
        const fs::path kernels = ourFolder() / kOurKernels;
        if (fs::exists(kernels)) {
            load(kernels, RTLD_LOCAL);
            return true;
        }
    } catch (const std::exception& error) { // nobody could catch it here
        TORCH_WARN("bitloom's operators have no CUDA kernels: ", error.what());
    }
    return false;
}();

} // namespace

bool hasCudaDriver()
{
    return dlopen(kDriver, RTLD_LAZY) != nullptr; // stays: CUDA opens it next
}

void loadCuda()
{
    const fs::path kernels = ourFolder() / kOurKernels;
    const fs::path backend = torchFolder() / kTorchCuda;
    requireFile(kernels, "build Bitloom with BITLOOM_CUDA=ON");
    requireFile(backend, "install a LibTorch that is built with CUDA");
    load(backend, RTLD_GLOBAL); // as if it were linked
    load(kernels, RTLD_LOCAL);
    BITLOOM_REQUIRE(!decidedWithoutCuda(), ErrorCode::Unsupported,
                    "this process has computed without CUDA already, and LibTorch cannot add it "
                    "later: start again with --device cuda");
}

int cudaDeviceCount()
{
    BITLOOM_REQUIRE(hasCudaDriver(), ErrorCode::Unsupported, "no CUDA device was found (", kDriver,
                    ", the driver, is not installed), use --device cpu");
    loadCuda();
    const at::CUDAHooksInterface& cuda = at::detail::getCUDAHooks();
    const int count = cuda.hasCUDA() ? cuda.deviceCount() : 0;
    const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
    BITLOOM_REQUIRE(count > 0, ErrorCode::Unsupported, "no CUDA device was found",
                    visible == nullptr
                        ? std::string()
                        : " (CUDA_VISIBLE_DEVICES is '" + std::string(visible) + "')",
                    ", use --device cpu");
    return count;
}

} // namespace bitloom::ops
