// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/quant/observer.h"
#include "core/quant/uniform_quantizer.h"

#include <ATen/ATen.h>

#include "tests/support/test_support.h"

#include <limits>

using namespace bitloom;

class TestUniformQuantizer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// The promise that packing rests on: unpacked codes are the evaluated values, bit for bit.
    void codesGiveFakeQuantizedValuesBack_data()
    {
        QTest::addColumn<int>("bits");
        for (int bits = 1; bits <= kMaxIntegerBits; ++bits) {
            QTest::addRow("%d bits", bits) << bits;
        }
    }

    void codesGiveFakeQuantizedValuesBack()
    {
        QFETCH(int, bits);
        at::manual_seed(17);
        const at::Tensor w = at::randn({12, 5, 3, 3}) * 0.2 + 0.05;
        for (const QScheme scheme : {QScheme::Affine, QScheme::Symmetric}) {
            for (const Granularity granularity :
                 {Granularity::PerTensor, Granularity::PerChannel}) {
                for (const Observer observer :
                     {Observer::MinMax, Observer::Percentile, Observer::Mse}) {
                    if (scheme == QScheme::Symmetric && bits == 1) {
                        continue;
                    }
                    QuantSpec spec;
                    spec.bits = bits;
                    spec.scheme = scheme;
                    spec.granularity = granularity;
                    spec.observer = observer;
                    const QuantParams params = chooseQuantParams(w, spec, 0);
                    QCOMPARE(params.scale.size(), granularity == Granularity::PerTensor ? 1U : 12U);
                    const at::Tensor codes = quantizeToCodes(w, params);
                    QVERIFY(codes.scalar_type() == at::kInt);
                    QVERIFY(codes.min().item<int>() >= params.quantMin);
                    QVERIFY(codes.max().item<int>() <= params.quantMax);
                    QVERIFY(params.quantMax - params.quantMin == (1 << bits) - 1);
                    QVERIFY(at::equal(dequantize(codes, params), fakeQuantize(w, params)));
                    const UniformQuantizer quantizer(params);
                    for (const std::int64_t axis : {0, 1}) {
                        QVERIFY(at::equal(quantizer.codesOfSlice(w, axis, 2, 3),
                                          codes.narrow(axis, 2, 3)));
                    }
                }
            }
        }
    }

    void floatAndPruned()
    {
        const at::Tensor x = at::randn({3, 4});
        QVERIFY(fakeQuantize(x, floatParams()).is_same(x));
        QVERIFY(at::equal(fakeQuantize(x, prunedParams()), at::zeros_like(x)));
        QVERIFY(at::equal(quantizeToCodes(x, prunedParams()), at::zeros({3, 4}, at::kInt)));
        QVERIFY(isFloat(floatParams()) && !isFloat(prunedParams()));
        BITLOOM_EXPECT_ERROR(quantizeToCodes(x, floatParams()), ErrorCode::Unsupported, "no codes");
    }

    void gradientFlows()
    {
        at::Tensor x = at::tensor({-5.0F, 0.2F, 5.0F}).set_requires_grad(true);
        const QuantParams params = {
            .scale = {0.5F}, .zeroPoint = {4}, .quantMin = 0, .quantMax = 7, .axis = -1};
        fakeQuantize(x, params).sum().backward();
        QVERIFY(at::equal(x.grad(), at::tensor({0.0F, 1.0F, 0.0F})));
    }

    void wrongParams()
    {
        const at::Tensor x = at::randn({3, 4});
        const QuantParams good = {
            .scale = {1, 1, 1}, .zeroPoint = {0, 0, 0}, .quantMin = 0, .quantMax = 7, .axis = 0};
        QuantParams bad = good;
        bad.zeroPoint = {0};
        BITLOOM_EXPECT_ERROR(fakeQuantize(x, bad), ErrorCode::InvalidArgument,
                             "3 scales but 1 zero points");
        bad = good;
        bad.axis = -1;
        BITLOOM_EXPECT_ERROR(fakeQuantize(x, bad), ErrorCode::InvalidArgument, "expected 1");
        bad = good;
        bad.axis = 1;
        BITLOOM_EXPECT_ERROR(fakeQuantize(x, bad), ErrorCode::ShapeMismatch,
                             "axis 1 has 4 channels");
        bad.axis = 2;
        BITLOOM_EXPECT_ERROR(fakeQuantize(x, bad), ErrorCode::ShapeMismatch,
                             "axis 2 does not exist");
        bad = good;
        bad.scale[1] = 0;
        BITLOOM_EXPECT_ERROR(fakeQuantize(x, bad), ErrorCode::InvalidArgument, "scale 1 is 0");
        bad.scale[1] = std::numeric_limits<float>::quiet_NaN();
        BITLOOM_EXPECT_ERROR(fakeQuantize(x, bad), ErrorCode::InvalidArgument, "scale 1 is nan");
        bad = good;
        bad.quantMin = 8;
        BITLOOM_EXPECT_ERROR(fakeQuantize(x, bad), ErrorCode::InvalidArgument, "above the largest");
        BITLOOM_EXPECT_ERROR(fakeQuantize(x.to(at::kInt), good), ErrorCode::Internal,
                             "x must be float32");
    }

    void nanHasNoCode()
    {
        at::Tensor x = at::zeros({5});
        x[3] = std::numeric_limits<float>::quiet_NaN();
        const QuantParams params = {
            .scale = {1.0F}, .zeroPoint = {0}, .quantMin = 0, .quantMax = 7, .axis = -1};
        BITLOOM_EXPECT_ERROR(quantizeToCodes(x, params), ErrorCode::NonFinite,
                             "1 of 5 values are NaN");
    }
};

QTEST_GUILESS_MAIN(TestUniformQuantizer)
#include "tst_uniform_quantizer.moc"
