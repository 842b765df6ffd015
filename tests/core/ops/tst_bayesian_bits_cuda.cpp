// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/bayesian_bits_quantize.h"
#include "core/ops/bayesian_bits_regulariser.h"
#include "core/ops/cuda_backend.h"
#include "core/ops/expected_bit_operations.h"
#include "core/ops/hard_concrete_gates.h"

#include <ATen/ATen.h>

#include "tests/core/ops/bayesian_bits_vectors.h"

#include <vector>

using namespace bitloom::ops;
using namespace bitloom::test;

namespace {

std::optional<at::Tensor> onDevice(const std::optional<at::Tensor>& tensor)
{
    return tensor ? std::optional(tensor->cuda()) : std::nullopt;
}

} // namespace

class TestBayesianBitsCuda : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const auto absent = bitloom::test::errorOf([] { cudaDeviceCount(); });
        if (absent) {
            QSKIP(absent->what());
        }
    }

    void vectors()
    {
        for (const auto& v : quantizerVectors("train_grad")) {
            const auto shape = v.at("x_shape").get<std::vector<std::int64_t>>();
            at::Tensor x = floats(v.at("x")).view(shape).cuda().set_requires_grad(true);
            at::Tensor xMax = oneFloat(v.at("x_max")).cuda().set_requires_grad(true);
            const at::Tensor y =
                bayesianBitsQuantize(x, xMax, floats(v.at("z")).cuda(),
                                     onDevice(floatsOrNone(v.at("z2"))), 0, v.at("signed") == 1);
            QVERIFY(sameBits(y.detach().cpu(), floats(v.at("y")).view(shape)));
            y.backward(floats(v.at("upstream")).view(shape).cuda());
            QVERIFY(isClose(x.grad().cpu(), floats(v.at("dx")), 1e-6));
            QVERIFY(isClose(xMax.grad().cpu(), oneFloat(v.at("dx_max")), 1e-6));
        }
        for (const auto& v : quantizerVectors("pact_fixed")) {
            const at::Tensor y =
                pactQuantize(floats(v.at("x")).cuda(), oneFloat(v.at("x_max")).cuda(), {}, -1,
                             v.at("n_bits").get<int>(), v.at("signed") == 1);
            QVERIFY(sameBits(y.cpu(), floats(v.at("y"))));
        }
    }

    void equalsCpu_data()
    {
        QTest::addColumn<QVector<int>>("shape");
        QTest::addColumn<int>("axis");
        QTest::newRow("per tensor") << QVector<int>{33, 1021} << -1;
        QTest::newRow("0-dim") << QVector<int>{} << -1;
        QTest::newRow("empty") << QVector<int>{0, 3} << -1;
        QTest::newRow("empty, per channel") << QVector<int>{0, 3} << 1;
        QTest::newRow("large") << QVector<int>{64, 64, 56, 56} << -1;
        QTest::newRow("convolution's weight") << QVector<int>{64, 32, 3, 3} << 0;
        QTest::newRow("odd runs") << QVector<int>{65, 3, 5, 5} << 0;
        QTest::newRow("matrix") << QVector<int>{512, 1024} << 0;
        QTest::newRow("transposed convolution's weight") << QVector<int>{8, 24, 3, 3} << 1;
        QTest::newRow("last axis") << QVector<int>{129, 65} << 1;
    }

    /// Values and gradients to x bit for bit; the other gradients are sums in another order.
    void equalsCpu()
    {
        QFETCH(QVector<int>, shape);
        QFETCH(int, axis);
        at::manual_seed(9);
        const at::Tensor x = at::randn(std::vector<std::int64_t>(shape.begin(), shape.end()));
        const at::Tensor g = at::randn_like(x);
        const double size = g.abs().sum().item<double>() * 1e-7 + 1e-6;
        // The second range is too small for the kernels' quick division.
        for (const float range : {1.6F, 1e-21F}) {
            const at::Tensor xMax = at::full({1}, range);
            const at::Tensor values = x * range;
            for (int levels = 1; levels <= 5; ++levels) {
                at::Tensor gates = at::rand({4}) * 0.8 + 0.1;
                if (levels < 5) {
                    gates[levels - 1].zero_();
                }
                std::optional<at::Tensor> z2;
                if (axis >= 0) {
                    z2 = at::rand({x.size(axis)});
                }
                const bool isSigned = levels % 2 == 0;
                const at::Tensor y = bayesianBitsQuantize(values, xMax, gates, z2, axis, isSigned);
                const auto [dx, dxMax, dgates, dz2] =
                    bayesianBitsQuantizeBackward(g, values, xMax, gates, z2, axis, isSigned);
                const at::Tensor yDevice = bayesianBitsQuantize(
                    values.cuda(), xMax.cuda(), gates.cuda(), onDevice(z2), axis, isSigned);
                const auto [dxDevice, dxMaxDevice, dgatesDevice, dz2Device] =
                    bayesianBitsQuantizeBackward(g.cuda(), values.cuda(), xMax.cuda(), gates.cuda(),
                                                 onDevice(z2), axis, isSigned);
                QVERIFY(sameBits(yDevice.cpu(), y));
                QVERIFY(sameBits(dxDevice.cpu(), dx));
                const double relative = 1e-6;
                const double scaled = size * static_cast<double>(range);
                QVERIFY(at::allclose(dxMaxDevice.cpu(), dxMax, relative, size));
                QVERIFY(at::allclose(dgatesDevice.cpu(), dgates, relative, scaled));
                QVERIFY(at::allclose(dz2Device.cpu(), dz2, relative, scaled));
            }
            const at::Tensor once = pactQuantize(values, xMax, {}, -1, 8, true);
            QVERIFY(
                sameBits(pactQuantize(values.cuda(), xMax.cuda(), {}, -1, 8, true).cpu(), once));
        }
    }

    void autogradOnHalf()
    {
        at::Tensor x = at::randn({1000}).to(at::kCUDA, at::kHalf).set_requires_grad(true);
        at::Tensor xMax = at::full({1}, 1.2F).cuda().set_requires_grad(true);
        at::Tensor gates = at::full({4}, 0.5F).cuda().set_requires_grad(true);
        bayesianBitsQuantize(x, xMax, gates, {}, -1, true).sum().backward();
        QVERIFY(x.grad().scalar_type() == at::kHalf && x.grad().is_cuda());
        QVERIFY(xMax.grad().is_cuda() && gates.grad().is_cuda());
    }

    void gatesEqualCpu()
    {
        const std::vector<std::int64_t> channels = {3, 0, 700, 0, 64};
        const at::Tensor offsets = gateOffsets(channels);
        at::manual_seed(4);
        const at::Tensor logits = at::randn({offsets[-1].item<std::int64_t>()}) * 3;
        for (const std::string_view mode : {kGatesL0, kGatesFixed, kGatesEvaluation}) {
            const auto [gates, slopes] =
                hardConcreteGatesWithSlopes(logits, offsets, mode, std::nullopt, 5, 9);
            const auto [gatesDevice, slopesDevice] = hardConcreteGatesWithSlopes(
                logits.cuda(), offsets.cuda(), mode, std::nullopt, 5, 9);
            QVERIFY(at::allclose(gatesDevice.cpu(), gates, 0, 1e-6));
            QVERIFY(at::allclose(slopesDevice.cpu(), slopes, 0, 3e-6));
        }
        const at::Tensor weights = at::rand({5, 5}) * 9;
        const auto [total, shares, gradient] =
            bayesianBitsRegulariserWithGradient(logits, offsets, weights);
        const auto [totalDevice, sharesDevice, gradientDevice] =
            bayesianBitsRegulariserWithGradient(logits.cuda(), offsets.cuda(), weights.cuda());
        QVERIFY(at::allclose(totalDevice.cpu(), total, 1e-6, 0));
        QVERIFY(at::allclose(sharesDevice.cpu(), shares, 1e-6, 0));
        QVERIFY(at::allclose(gradientDevice.cpu(), gradient, 1e-5, 1e-6));
    }

    /// Ungrouped, grouped and depthwise layers, flattened inputs, a product of two activations.
    void expectedBitOperationsOfTheCpu()
    {
        const at::Tensor offsets = gateOffsets(std::vector<std::int64_t>{64, 96, 0, 0, 0});
        const at::Tensor logits = at::randn({64 + 96 + 20}) * 2;
        const at::Tensor layers =
            at::tensor({0, -1, 0,  -1, 1, 0, 1, 3, 1,       0, 8, 64, 2,  4, 2,
                        1, 96, 96, 2,  4, 2, 1, 1, 96 * 49, 4, 3, -1, -1, 1, 0},
                       at::kLong)
                .reshape({-1, 6});
        const at::Tensor scales = at::rand({5}, at::kDouble);
        const auto [total, shares, gradient] =
            expectedBitOperationsWithGradient(logits, offsets, layers, scales);
        const auto [totalDevice, sharesDevice, gradientDevice] = expectedBitOperationsWithGradient(
            logits.cuda(), offsets.cuda(), layers.cuda(), scales.cuda());
        QVERIFY(at::allclose(totalDevice.cpu(), total, 1e-6, 0));
        QVERIFY(at::allclose(sharesDevice.cpu(), shares, 1e-6, 0));
        QVERIFY(at::allclose(gradientDevice.cpu(), gradient, 1e-5, 1e-6));
    }

    /// The same bits again, for sums too.
    void isDeterministic()
    {
        const at::Tensor x = at::randn({64, 30000}).cuda();
        const at::Tensor g = at::randn({64, 30000}).cuda();
        const at::Tensor xMax = at::full({1}, 1.5F).cuda();
        const at::Tensor gates = at::full({4}, 0.7F).cuda();
        const at::Tensor z2 = at::rand({64}).cuda();
        const auto [dx, dxMax, dgates, dz2] =
            bayesianBitsQuantizeBackward(g, x, xMax, gates, z2, 0, true);
        for (int i = 0; i < 5; ++i) {
            const auto [dx1, dxMax1, dgates1, dz21] =
                bayesianBitsQuantizeBackward(g, x, xMax, gates, z2, 0, true);
            QVERIFY(at::equal(dx1, dx) && at::equal(dxMax1, dxMax));
            QVERIFY(at::equal(dgates1, dgates) && at::equal(dz21, dz2));
        }
    }
};

QTEST_GUILESS_MAIN(TestBayesianBitsCuda)
#include "tst_bayesian_bits_cuda.moc"
