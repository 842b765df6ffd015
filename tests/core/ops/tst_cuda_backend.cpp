// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/cuda_backend.h"
#include "core/ops/fake_quantize.h"

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include "tests/support/test_support.h"

#include <dlfcn.h>

using namespace bitloom;

namespace {

bool isLoaded(const char* library)
{
    void* handle = dlopen(library, RTLD_LAZY | RTLD_NOLOAD);
    return handle != nullptr && dlclose(handle) == 0;
}

bool hasCudaKernel(const char* name)
{
    return c10::Dispatcher::singleton().findSchemaOrThrow(name, "").hasKernelForDispatchKey(
        c10::DispatchKey::CUDA);
}

} // namespace

/// CUDA comes when it is asked for and not before. Needs no device. The order of the functions
/// counts: they are the life of one process.
class TestCudaBackend : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void notLoadedAtStart()
    {
        QVERIFY(isLoaded("libtorch_cpu.so") && isLoaded("libbitloom_ops.so"));
        for (const char* library : {"libtorch.so", "libtorch_cuda.so", "libc10_cuda.so",
                                    "libbitloom_ops_cuda.so", "libcuda.so.1"}) {
            QVERIFY2(!isLoaded(library), library);
        }
        QVERIFY(!hasCudaKernel("bitloom::fake_quantize"));
    }

    void deviceCountSaysWhy()
    {
        const auto absent = test::errorOf([] { QVERIFY(ops::cudaDeviceCount() >= 1); });
        if (!absent) {
            return;
        }
        QVERIFY(absent->code() == ErrorCode::Unsupported);
        QVERIFY2(std::string(absent->what()).ends_with("use --device cpu"), absent->what());
        if (!ops::hasCudaDriver()) {
            QVERIFY2(std::string(absent->what()).find("libcuda.so.1") != std::string::npos,
                     absent->what());
            QVERIFY2(!isLoaded("libtorch_cuda.so"), "loaded for a driver that is not there");
        }
    }

    void loaded()
    {
        const auto error = test::errorOf([] { ops::loadCuda(); });
#ifdef BITLOOM_WITH_CUDA
        if (error && std::string(error->what()).find("no libtorch_cuda.so") != std::string::npos) {
            QSKIP("this LibTorch has no CUDA");
        }
        QVERIFY2(!error, error ? error->what() : "");
        QVERIFY(isLoaded("libtorch_cuda.so") && isLoaded("libbitloom_ops_cuda.so"));
        QVERIFY(hasCudaKernel("bitloom::fake_quantize"));
        QVERIFY(hasCudaKernel("bitloom::fake_quantize_backward"));
        QVERIFY(hasCudaKernel("aten::convolution_overrideable") || hasCudaKernel("aten::addmm"));
        QVERIFY(at::globalContext().hasCUDART()); // answered by LibTorch's CUDA, not its stand-in
        ops::loadCuda();                          // again: nothing to do
#else
        QVERIFY(error);
        QVERIFY(error->code() == ErrorCode::Unsupported);
        QVERIFY2(std::string(error->what()).find("libbitloom_ops_cuda.so") != std::string::npos,
                 error->what());
        QVERIFY(!isLoaded("libtorch_cuda.so"));
#endif
    }

    /// The processor's kernels are what they were.
    void processorStillComputes()
    {
        const at::Tensor x = at::tensor({-1.0F, 0.26F, 3.0F});
        const at::Tensor y =
            ops::fakeQuantize(x, at::full({1}, 0.5F), at::zeros({1}, at::kInt), -1, 0, 3);
        QVERIFY(at::equal(y, at::tensor({0.0F, 0.5F, 1.5F})));
    }
};

QTEST_GUILESS_MAIN(TestCudaBackend)
#include "tst_cuda_backend.moc"
