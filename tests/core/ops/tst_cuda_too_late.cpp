// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/cuda_backend.h"

#include <ATen/Context.h>

#include "tests/support/test_support.h"

using namespace bitloom;

/// A process that has computed first: LibTorch has decided that there is no CUDA.
class TestCudaTooLate : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saidSo()
    {
#ifndef BITLOOM_WITH_CUDA
        QSKIP("built without CUDA kernels");
#endif
        at::manual_seed(1);
        const auto error = test::errorOf([] { ops::loadCuda(); });
        QVERIFY2(error, "CUDA was loaded after the fact");
        if (std::string(error->what()).find("no libtorch_cuda.so") != std::string::npos) {
            QSKIP("this LibTorch has no CUDA");
        }
        QVERIFY(error->code() == ErrorCode::Unsupported);
        QVERIFY2(std::string(error->what()).find("start again") != std::string::npos,
                 error->what());
    }
};

QTEST_GUILESS_MAIN(TestCudaTooLate)
#include "tst_cuda_too_late.moc"
