// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/quant/observer.h"
#include "core/quant/uniform_quantizer.h"

#include <ATen/ATen.h>

#include "tests/support/test_support.h"

#include <cmath>
#include <limits>

using namespace bitloom;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

QuantSpec makeSpec(int bits, Observer observer, Granularity granularity = Granularity::PerTensor,
                   QScheme scheme = QScheme::Affine)
{
    QuantSpec spec;
    spec.bits = bits;
    spec.observer = observer;
    spec.granularity = granularity;
    spec.scheme = scheme;
    return spec;
}

QuantParams observeInBatches(const at::Tensor& x, const QuantSpec& spec, int axis,
                             std::int64_t batch)
{
    RangeObserver observer(spec, axis);
    for (int pass = 0; pass < observer.numPasses(); ++pass) {
        for (const at::Tensor& piece : x.split(batch)) {
            observer.observe(piece);
        }
        observer.nextPass();
    }
    return observer.finish();
}

const std::vector<Observer> kObservers = {Observer::MinMax, Observer::Percentile, Observer::Mse};

} // namespace

class TestObserver : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void batchesGiveTheSameAsTheWhole()
    {
        at::manual_seed(31);
        const at::Tensor x =
            at::relu(at::randn({24, 6, 9, 9}) + at::arange(6).view({1, 6, 1, 1}) * 0.2);
        for (const Granularity granularity : {Granularity::PerTensor, Granularity::PerChannel}) {
            for (const QScheme scheme : {QScheme::Affine, QScheme::Symmetric}) {
                for (const Observer observer : {Observer::MinMax, Observer::Mse}) {
                    const QuantSpec spec = makeSpec(4, observer, granularity, scheme);
                    QVERIFY(observeInBatches(x, spec, 1, 7) == chooseQuantParams(x, spec, 1));
                }
                QuantSpec spec = makeSpec(4, Observer::Percentile, granularity, scheme);
                spec.percentile = 99.0;
                const QuantParams streamed = observeInBatches(x, spec, 1, 7);
                const QuantParams exact = chooseQuantParams(x, spec, 1);
                QCOMPARE(streamed.scale.size(), exact.scale.size());
                for (std::size_t i = 0; i < exact.scale.size(); ++i) {
                    // A histogram bin is 1/8192 of the full range, here less than twice the
                    // percentile's.
                    QVERIFY(std::fabs(streamed.scale[i] / exact.scale[i] - 1) < 0.01F);
                }
            }
        }
    }

    void percentileIsTheInterpolatedQuantile()
    {
        at::manual_seed(8);
        const at::Tensor x = at::randn({777});
        for (const double percent : {51.0, 90.0, 99.0, 99.99, 100.0}) {
            const ChannelRows rows(x, -1);
            const ValueRange range = percentileRange(rows.row(0), percent);
            const at::Tensor exact = at::quantile(
                x.to(at::kDouble), at::tensor({1 - percent / 100, percent / 100}, at::kDouble));
            QVERIFY(std::fabs(range.low - exact[0].item<float>()) < 1e-6F);
            QVERIFY(std::fabs(range.high - exact[1].item<float>()) < 1e-6F);
        }
        const float one[] = {2.5F};
        QVERIFY((percentileRange(one, 99.0) == ValueRange{2.5F, 2.5F}));
    }

    void histogramResolution()
    {
        at::manual_seed(8);
        const at::Tensor x = at::randn({100000});
        const ChannelRows rows(x, -1);
        const ValueRange full = rows.ranges()[0];
        PercentileHistogram histogram(full);
        histogram.add(rows.row(0).first(40000));
        histogram.add(rows.row(0).subspan(40000));
        const float bin = (full.high - full.low) / PercentileHistogram::kBins;
        for (const double percent : {60.0, 99.0, 99.9, 99.99}) {
            const ValueRange exact = percentileRange(rows.row(0), percent);
            const ValueRange got = histogram.range(percent);
            QVERIFY(std::fabs(got.low - exact.low) <= bin);
            QVERIFY(std::fabs(got.high - exact.high) <= bin);
        }
        QVERIFY(histogram.range(100.0) == full);
    }

    /// Zero is on the grid wherever the range was made to hold it.
    void zeroStaysZero()
    {
        at::manual_seed(2);
        const at::Tensor x = at::rand({100}) + 0.5;
        for (const int bits : {1, 2, 4, 8, 16}) {
            for (const Observer observer : {Observer::MinMax, Observer::Percentile}) {
                const QuantParams params = chooseQuantParams(x, makeSpec(bits, observer), -1);
                QVERIFY(params.zeroPoint[0] >= params.quantMin &&
                        params.zeroPoint[0] <= params.quantMax);
                QCOMPARE(fakeQuantize(at::zeros({1}), params).item<float>(), 0.0F);
            }
        }
        // The scale search takes the range as it is: these data are all positive.
        QVERIFY(chooseQuantParams(x, makeSpec(4, Observer::Mse), -1).zeroPoint[0] < 0);
    }

    void symmetricGrid()
    {
        const at::Tensor x = at::tensor({-3.5F, 0.0F, 1.0F});
        const QuantParams params = chooseQuantParams(
            x, makeSpec(4, Observer::MinMax, Granularity::PerTensor, QScheme::Symmetric), -1);
        QCOMPARE(params.quantMin, -8);
        QCOMPARE(params.quantMax, 7);
        QCOMPARE(params.zeroPoint[0], 0);
        QCOMPARE(params.scale[0], 0.5F);
        QVERIFY(at::equal(fakeQuantize(x, params), x));
    }

    void degenerateData_data()
    {
        QTest::addColumn<float>("value");
        QTest::newRow("zero") << 0.0F;
        QTest::newRow("negative zero") << -0.0F;
        QTest::newRow("positive") << 0.3F;
        QTest::newRow("negative") << -0.3F;
        QTest::newRow("tiny") << 1e-30F;
        QTest::newRow("denormal") << 1e-42F;
        QTest::newRow("huge") << 3e38F;
        QTest::newRow("hugely negative") << -3e38F;
    }

    /// Constant tensors: finite parameters, and the constant comes back (as 0 where it is below
    /// 1e-33).
    void degenerateData()
    {
        QFETCH(float, value);
        for (const QScheme scheme : {QScheme::Affine, QScheme::Symmetric}) {
            for (const Observer observer : kObservers) {
                for (const int bits : {2, 8, 16}) {
                    for (const std::int64_t count : {1, 20}) {
                        const at::Tensor x = at::full({2, count}, value);
                        const QuantSpec spec =
                            makeSpec(bits, observer, Granularity::PerChannel, scheme);
                        const QuantParams params = chooseQuantParams(x, spec, 0);
                        for (const float scale : params.scale) {
                            QVERIFY(std::isfinite(scale) && scale > 0);
                        }
                        const at::Tensor y = fakeQuantize(x, params);
                        QVERIFY(at::allclose(y, x, 1e-5, 1e-33));
                        QVERIFY(value != 0.0F || at::equal(y, at::zeros_like(y)));
                        QVERIFY(observeInBatches(x, spec, 0, 2) == params ||
                                observer == Observer::Percentile);
                    }
                }
            }
        }
    }

    /// A range so narrow against its distance from 0 that its raw zero point would not be exact.
    void narrowRangeFarFromZero()
    {
        const at::Tensor x = at::tensor({1000.0F, 1000.0001F, 1000.0002F});
        for (const Observer observer : kObservers) {
            const QuantParams params = chooseQuantParams(x, makeSpec(8, observer), -1);
            QCOMPARE(params.zeroPoint[0], 0);
            QVERIFY(at::allclose(fakeQuantize(x, params), x, 1e-5));
            QVERIFY(
                at::equal(dequantize(quantizeToCodes(x, params), params), fakeQuantize(x, params)));
        }
    }

    void fullFloatRange()
    {
        const at::Tensor x = at::tensor({-3e38F, 0.0F, 3e38F});
        for (const Observer observer : kObservers) {
            const QuantParams params = chooseQuantParams(x, makeSpec(8, observer), -1);
            QVERIFY(std::isfinite(params.scale[0]));
            QVERIFY(at::isfinite(fakeQuantize(x, params)).all().item<bool>());
        }
    }

    void sixteenBitsAreFine()
    {
        at::manual_seed(12);
        const at::Tensor x = at::randn({500});
        for (const Observer observer : kObservers) {
            QuantSpec spec = makeSpec(16, observer);
            spec.percentile = 100; // no clipping
            QVERIFY(quantizationError(x, spec, -1) < 1e-8);
        }
    }

    /// More bits never hurt; the search beats min-max where the data have tails.
    void errorsAreOrdered()
    {
        at::manual_seed(13);
        const at::Tensor x = at::randn({40, 300}).pow(3);
        for (const Observer observer : kObservers) {
            double last = std::numeric_limits<double>::infinity();
            for (int bits = 2; bits <= 10; bits += 2) {
                QuantSpec spec = makeSpec(bits, observer);
                spec.percentile = 100;
                const double error = quantizationError(x, spec, -1);
                QVERIFY(error < last);
                last = error;
            }
        }
        QVERIFY(quantizationError(x, makeSpec(3, Observer::Mse), -1) <
                quantizationError(x, makeSpec(3, Observer::MinMax), -1));
        QVERIFY(quantizationError(x, makeSpec(4, Observer::Mse, Granularity::PerChannel), 0) <
                quantizationError(x, makeSpec(4, Observer::Mse), 0));
        QCOMPARE(quantizationError(x, makeSpec(kFloatBits, Observer::Mse), -1), 0.0);
        const double meanSquare = x.to(at::kDouble).square().mean().item<double>();
        QVERIFY(std::fabs(quantizationError(x, makeSpec(kPrunedBits, Observer::Mse), -1) -
                          meanSquare) < 1e-9 * meanSquare);
    }

    void floatPrunedAndFixedNeedNoData()
    {
        RangeObserver left(makeSpec(kFloatBits, Observer::Mse, Granularity::PerChannel), -1);
        QCOMPARE(left.numPasses(), 0);
        QVERIFY(left.finish() == floatParams());
        QVERIFY(RangeObserver(makeSpec(kPrunedBits, Observer::Mse), -1).finish() == prunedParams());
        QuantSpec spec = makeSpec(8, Observer::Mse);
        spec.range = ValueRange{0.0F, 6.0F};
        RangeObserver fixed(spec, -1);
        QCOMPARE(fixed.numPasses(), 0);
        const QuantParams params = fixed.finish();
        QCOMPARE(params.scale[0], static_cast<float>(6.0 / 255));
        QCOMPARE(params.zeroPoint[0], 0);
        QVERIFY(chooseQuantParams(at::randn({4}), spec, -1) == params);
    }

    void typesAndMemoryOrders()
    {
        at::manual_seed(14);
        const at::Tensor x = at::randn({4, 6, 5, 5});
        for (const Observer observer : kObservers) {
            const QuantSpec spec = makeSpec(4, observer, Granularity::PerChannel);
            const QuantParams expected = chooseQuantParams(x, spec, 1);
            QVERIFY(chooseQuantParams(x.contiguous(at::MemoryFormat::ChannelsLast), spec, 1) ==
                    expected);
            QVERIFY(chooseQuantParams(x.to(at::kDouble), spec, 1) == expected);
            QVERIFY(chooseQuantParams(x.transpose(1, 3), spec, 3).scale.size() == 6);
            const at::Tensor half = x.to(at::kHalf);
            QVERIFY(chooseQuantParams(half, spec, 1) ==
                    chooseQuantParams(half.to(at::kFloat), spec, 1));
        }
        QVERIFY(chooseQuantParams(at::tensor(2.0F), makeSpec(8, Observer::Mse), -1).scale.size() ==
                1);
    }

    void nonFiniteValues()
    {
        at::Tensor x = at::randn({4, 5});
        x[1][2] = kNan;
        x[3][0] = kInfinity;
        for (const Granularity granularity : {Granularity::PerTensor, Granularity::PerChannel}) {
            for (const Observer observer : kObservers) {
                const QuantSpec spec = makeSpec(4, observer, granularity);
                BITLOOM_EXPECT_ERROR(chooseQuantParams(x, spec, 0), ErrorCode::NonFinite,
                                     "2 of 20 values are NaN or infinite");
                BITLOOM_EXPECT_ERROR(RangeObserver(spec, 0).observe(x), ErrorCode::NonFinite,
                                     "2 of 20");
            }
        }
        BITLOOM_EXPECT_ERROR(chooseQuantParams(x, makeSpec(kFloatBits, Observer::Mse), 0),
                             ErrorCode::NonFinite, "2 of 20");
        // Data that change between the passes.
        RangeObserver observer(makeSpec(4, Observer::Mse), -1);
        observer.observe(at::randn({20}));
        observer.nextPass();
        observer.observe(x);
        observer.nextPass();
        BITLOOM_EXPECT_ERROR(observer.finish(), ErrorCode::NonFinite, "NaN or infinite");
    }

    void wrongSpecs()
    {
        const at::Tensor x = at::randn({4, 5});
        BITLOOM_EXPECT_ERROR(
            chooseQuantParams(
                x, makeSpec(1, Observer::Mse, Granularity::PerTensor, QScheme::Symmetric), -1),
            ErrorCode::InvalidArgument, "at least 2 bits");
        BITLOOM_EXPECT_ERROR(chooseQuantParams(x, makeSpec(17, Observer::Mse), -1),
                             ErrorCode::InvalidArgument, "bits = 17");
        BITLOOM_EXPECT_ERROR(
            chooseQuantParams(x, makeSpec(4, Observer::Mse, Granularity::PerChannel), -1),
            ErrorCode::InvalidArgument, "needs a channel axis");
        BITLOOM_EXPECT_ERROR(
            chooseQuantParams(x, makeSpec(4, Observer::Mse, Granularity::PerChannel), 2),
            ErrorCode::ShapeMismatch, "axis 2 does not exist");
        QuantSpec spec = makeSpec(4, Observer::Percentile);
        spec.percentile = 50;
        BITLOOM_EXPECT_ERROR(chooseQuantParams(x, spec, -1), ErrorCode::InvalidArgument,
                             "percentile = 50");
        spec = makeSpec(4, Observer::MinMax);
        spec.range = ValueRange{1.0F, 0.0F};
        BITLOOM_EXPECT_ERROR(chooseQuantParams(x, spec, -1), ErrorCode::InvalidArgument,
                             "is not a range");
        spec.range = ValueRange{0.0F, 1.0F};
        spec.granularity = Granularity::PerChannel;
        BITLOOM_EXPECT_ERROR(chooseQuantParams(x, spec, 0), ErrorCode::InvalidArgument,
                             "per-tensor");
        BITLOOM_EXPECT_ERROR(chooseQuantParams(x.to(at::kInt), makeSpec(4, Observer::MinMax), -1),
                             ErrorCode::InvalidArgument, "floating-point");
        BITLOOM_EXPECT_ERROR(chooseQuantParams(at::empty({0}), makeSpec(4, Observer::MinMax), -1),
                             ErrorCode::InvalidArgument, "empty tensor");
    }

    void wrongOrderOfCalls()
    {
        RangeObserver observer(makeSpec(4, Observer::Mse, Granularity::PerChannel), 1);
        BITLOOM_EXPECT_ERROR(observer.nextPass(), ErrorCode::InvalidArgument,
                             "no data were observed");
        observer.observe(at::empty({0, 3}));
        observer.observe(at::randn({2, 3}));
        BITLOOM_EXPECT_ERROR(observer.observe(at::randn({2, 4})), ErrorCode::ShapeMismatch,
                             "4 channels");
        observer.nextPass();
        BITLOOM_EXPECT_ERROR(observer.finish(), ErrorCode::InvalidArgument, "only 1 of 2 passes");
        observer.observe(at::randn({2, 3}));
        observer.nextPass();
        QCOMPARE(observer.finish().scale.size(), 3U);
        BITLOOM_EXPECT_ERROR(observer.observe(at::randn({2, 3})), ErrorCode::InvalidArgument,
                             "are over");
        BITLOOM_EXPECT_ERROR(observer.nextPass(), ErrorCode::InvalidArgument, "are over");
    }
};

QTEST_GUILESS_MAIN(TestObserver)
#include "tst_observer.moc"
