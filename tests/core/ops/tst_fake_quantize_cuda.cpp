// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/cuda_backend.h"
#include "core/ops/fake_quantize.h"

#include <ATen/ATen.h>

#include "tests/support/test_support.h"

#include <limits>

using namespace bitloom::ops;

class TestFakeQuantizeCuda : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const auto absent = bitloom::test::errorOf([] { cudaDeviceCount(); });
        if (absent) {
            QSKIP(absent->what());
        }
    }

    void equalsCpu_data()
    {
        QTest::addColumn<QVector<int>>("shape");
        QTest::addColumn<int>("axis");
        QTest::addColumn<bool>("channelsLast");
        QTest::newRow("per tensor") << QVector<int>{33, 1021} << -1 << false;
        QTest::newRow("0-dim") << QVector<int>{} << -1 << false;
        QTest::newRow("empty") << QVector<int>{0, 3} << -1 << false;
        QTest::newRow("large") << QVector<int>{64, 64, 56, 56} << -1 << false;
        QTest::newRow("weight") << QVector<int>{64, 32, 3, 3} << 0 << false;
        QTest::newRow("feature map") << QVector<int>{8, 24, 14, 14} << 1 << false;
        QTest::newRow("channels last") << QVector<int>{8, 24, 14, 14} << 1 << true;
        QTest::newRow("last axis") << QVector<int>{129, 65} << 1 << false;
    }

    /// Values and gradients to x bit for bit; sums for the scale in another order, both in double.
    void equalsCpu()
    {
        QFETCH(QVector<int>, shape);
        QFETCH(int, axis);
        QFETCH(bool, channelsLast);
        at::manual_seed(9);
        at::Tensor x = at::randn(std::vector<std::int64_t>(shape.begin(), shape.end()));
        if (channelsLast) {
            x = x.contiguous(at::MemoryFormat::ChannelsLast);
        }
        if (x.numel() > 4) {
            x.flatten()[1].fill_(std::numeric_limits<float>::infinity());
        }
        const std::int64_t count = axis < 0 ? 1 : x.size(axis);
        const at::Tensor scale = at::rand({count}) * 0.3 + 0.05;
        const at::Tensor zeroPoint = at::randint(0, 16, {count}, at::kInt);
        const at::Tensor g = at::randn_like(x);
        const at::Tensor y = fakeQuantize(x, scale, zeroPoint, axis, 0, 15);
        const auto [dx, dscale] = fakeQuantizeBackward(g, x, scale, zeroPoint, axis, 0, 15);

        const at::Tensor onDevice = x.cuda();
        const at::Tensor yDevice =
            fakeQuantize(onDevice, scale.cuda(), zeroPoint.cuda(), axis, 0, 15);
        const auto [dxDevice, dscaleDevice] =
            fakeQuantizeBackward(g.cuda(), onDevice, scale.cuda(), zeroPoint.cuda(), axis, 0, 15);
        QVERIFY(at::equal(yDevice.cpu(), y));
        QVERIFY(at::equal(dxDevice.cpu(), dx));
        QVERIFY(at::allclose(dscaleDevice.cpu(), dscale, 1e-6, 1e-5));
        QVERIFY(
            at::equal(quantizeCodes(onDevice, scale.cuda(), zeroPoint.cuda(), axis, 0, 15).cpu(),
                      quantizeCodes(x, scale, zeroPoint, axis, 0, 15)));
    }

    void autogradOnHalf()
    {
        at::Tensor x = at::randn({1000}).to(at::kCUDA, at::kHalf).set_requires_grad(true);
        at::Tensor scale = at::full({1}, 0.1F).cuda().set_requires_grad(true);
        const at::Tensor zeroPoint = at::zeros({1}, at::kInt).cuda();
        fakeQuantize(x, scale, zeroPoint, -1, -8, 7).sum().backward();
        QVERIFY(x.grad().scalar_type() == at::kHalf && x.grad().is_cuda());
        QVERIFY(scale.grad().is_cuda());
    }
};

QTEST_GUILESS_MAIN(TestFakeQuantizeCuda)
#include "tst_fake_quantize_cuda.moc"
