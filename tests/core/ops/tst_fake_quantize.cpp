// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/isa.h"
#include "core/ops/fake_quantize.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "tests/core/ops/c10_error.h"
#include "tests/support/test_support.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

using namespace bitloom;
using namespace bitloom::ops;
using namespace bitloom::test;

namespace {

at::Tensor levels(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& zeroPoint)
{
    return at::round(x / scale) + zeroPoint;
}

/// The definition in eager operators; scale and zero point already broadcast against x.
at::Tensor eager(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& zeroPoint,
                 double low, double high)
{
    return (at::clamp(levels(x, scale, zeroPoint), low, high) - zeroPoint) * scale;
}

at::Tensor alongAxis(const at::Tensor& values, const at::Tensor& like, std::int64_t axis)
{
    std::vector<std::int64_t> shape(static_cast<std::size_t>(like.dim()), 1);
    shape[static_cast<std::size_t>(axis)] = -1;
    return values.view(shape);
}

struct Case {
    at::Tensor x, scale, zeroPoint;
};

Case makeCase(at::IntArrayRef shape, std::int64_t axis)
{
    at::manual_seed(3);
    const at::Tensor x = at::randn(shape);
    const std::int64_t count = axis < 0 ? 1 : x.size(axis);
    return {x, at::rand({count}) * 0.3 + 0.05, at::randint(0, 16, {count}, at::kInt)};
}

} // namespace

class TestFakeQuantize : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsEagerBitForBit_data()
    {
        QTest::addColumn<QVector<int>>("shape");
        QTest::addColumn<int>("axis");
        QTest::newRow("per tensor") << QVector<int>{3, 5, 7} << -1;
        QTest::newRow("per tensor, several items") << QVector<int>{3, 70001} << -1;
        QTest::newRow("0-dim") << QVector<int>{} << -1;
        QTest::newRow("empty") << QVector<int>{0, 4} << -1;
        QTest::newRow("empty, per channel") << QVector<int>{0, 4} << 1;
        QTest::newRow("weight") << QVector<int>{9, 4, 3, 3} << 0;
        QTest::newRow("feature map") << QVector<int>{2, 5, 6, 6} << 1;
        QTest::newRow("last axis") << QVector<int>{40, 37} << 1;
        QTest::newRow("last axis, many rows") << QVector<int>{9000, 37} << 1;
        QTest::newRow("wide last axis") << QVector<int>{20, 5000} << 1;
        QTest::newRow("one channel") << QVector<int>{4, 1, 5} << 1;
        QTest::newRow("long channels") << QVector<int>{2, 2, 70000} << 1;
    }

    void equalsEagerBitForBit()
    {
        QFETCH(QVector<int>, shape);
        QFETCH(int, axis);
        const std::vector<std::int64_t> sizes(shape.begin(), shape.end());
        const Case c = makeCase(sizes, axis);
        const at::Tensor scale = axis < 0 ? c.scale.squeeze() : alongAxis(c.scale, c.x, axis);
        const at::Tensor zeroPoint =
            axis < 0 ? c.zeroPoint.squeeze() : alongAxis(c.zeroPoint, c.x, axis);
        for (const Isa isa : {Isa::Scalar, Isa::Avx2, Isa::Avx512}) {
            const Isa before = activeIsa();
            if (!setActiveIsa(isa)) {
                continue;
            }
            const at::Tensor y = fakeQuantize(c.x, c.scale, c.zeroPoint, axis, 0, 15);
            const at::Tensor q = quantizeCodes(c.x, c.scale, c.zeroPoint, axis, 0, 15);
            setActiveIsa(before);
            QVERIFY(at::equal(y, eager(c.x, scale, zeroPoint, 0, 15)));
            QVERIFY(q.scalar_type() == at::kInt);
            QVERIFY(at::equal(q, at::clamp(levels(c.x, scale, zeroPoint), 0, 15).to(at::kInt)));
        }
    }

    void gradientsEqualEager_data() { equalsEagerBitForBit_data(); }

    void gradientsEqualEager()
    {
        QFETCH(QVector<int>, shape);
        QFETCH(int, axis);
        const std::vector<std::int64_t> sizes(shape.begin(), shape.end());
        const Case c = makeCase(sizes, axis);
        const at::Tensor g = at::randn_like(c.x);
        const at::Tensor scale = axis < 0 ? c.scale.squeeze() : alongAxis(c.scale, c.x, axis);
        const at::Tensor zeroPoint =
            axis < 0 ? c.zeroPoint.squeeze() : alongAxis(c.zeroPoint, c.x, axis);
        const auto [dx, dscale] = fakeQuantizeBackward(g, c.x, c.scale, c.zeroPoint, axis, 0, 15);

        const at::Tensor level = levels(c.x, scale, zeroPoint);
        const at::Tensor inside = (level >= 0) & (level <= 15);
        QVERIFY(at::equal(dx, at::where(inside, g, at::zeros_like(g))));
        const at::Tensor slope = at::where(inside, at::round(c.x / scale) - c.x / scale,
                                           at::clamp(level, 0, 15) - zeroPoint);
        at::Tensor expected = (g.to(at::kDouble) * slope.to(at::kDouble));
        expected = axis < 0 ? expected.sum().view({1})
                            : expected.movedim(axis, 0)
                                  .reshape({c.scale.numel(), c.x.numel() / c.scale.numel()})
                                  .sum(1);
        QVERIFY(dscale.sizes() == c.scale.sizes());
        QVERIFY(at::allclose(dscale.to(at::kDouble), expected, 1e-6, 1e-6));
    }

    void gradientVectors()
    {
        const auto all = nlohmann::json::parse(
            bitloom::test::readFile(bitloom::test::dataFile("pack_ptq_uniform.json")));
        const auto& v = all.at("uniform_affine_gradient");
        at::Tensor x = at::tensor(v["x"]["data"].get<std::vector<float>>()).set_requires_grad(true);
        at::Tensor scale = at::tensor({v["scale"].get<float>()}).set_requires_grad(true);
        const at::Tensor zeroPoint = at::tensor({v["zero_point"].get<int>()}, at::kInt);
        const at::Tensor y = fakeQuantize(x, scale, zeroPoint, -1, 0, 7);
        y.backward(at::tensor(v["upstream"]["data"].get<std::vector<float>>()));
        QVERIFY(at::allclose(y, at::tensor(v["y"].get<std::vector<float>>()), 1e-6, 1e-7));
        // The reference multiplies by the scale and divides by it again.
        QVERIFY(at::allclose(x.grad(), at::tensor(v["dx"].get<std::vector<float>>()), 1e-6, 0));
        QVERIFY(std::fabs(scale.grad().item<float>() - v["dscale"].get<float>()) < 2e-6F);
    }

    /// A level exactly on the first or last code is inside; one beyond is not.
    void bothEndsAreInside()
    {
        const at::Tensor x = at::tensor({-1.4F, -1.0F, 2.0F, 2.6F}).set_requires_grad(true);
        const at::Tensor scale = at::ones({1});
        const at::Tensor zeroPoint = at::ones({1}, at::kInt);
        fakeQuantize(x, scale, zeroPoint, -1, 0, 3).sum().backward();
        QVERIFY(at::equal(x.grad(), at::tensor({1.0F, 1.0F, 1.0F, 0.0F})));
    }

    void nonFiniteValues()
    {
        constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
        constexpr float kInfinity = std::numeric_limits<float>::infinity();
        const at::Tensor x =
            at::tensor({kNan, kInfinity, -kInfinity, 0.0F}).set_requires_grad(true);
        const at::Tensor scale = at::full({1}, 0.5F).set_requires_grad(true);
        const at::Tensor zeroPoint = at::full({1}, 2, at::kInt);
        const at::Tensor y = fakeQuantize(x, scale, zeroPoint, -1, 0, 7);
        QVERIFY(std::isnan(y[0].item<float>()));
        QCOMPARE(y[1].item<float>(), 2.5F);
        QCOMPARE(y[2].item<float>(), -1.0F);
        QCOMPARE(y[3].item<float>(), 0.0F);
        y.backward(at::ones_like(y));
        QVERIFY(at::equal(x.grad(), at::tensor({0.0F, 0.0F, 0.0F, 1.0F})));
        QCOMPARE(scale.grad().item<float>(), 5.0F - 2.0F);
    }

    void memoryOrderAndTypes()
    {
        const Case c = makeCase({4, 6, 5, 5}, 1);
        const at::Tensor y = fakeQuantize(c.x, c.scale, c.zeroPoint, 1, 0, 15);
        const at::Tensor last = c.x.contiguous(at::MemoryFormat::ChannelsLast);
        const at::Tensor yLast = fakeQuantize(last, c.scale, c.zeroPoint, 1, 0, 15);
        QVERIFY(yLast.is_contiguous(at::MemoryFormat::ChannelsLast));
        QVERIFY(at::equal(y, yLast));

        const at::Tensor strided = c.x.slice(3, 0, 5, 2);
        QVERIFY(!strided.is_non_overlapping_and_dense());
        QVERIFY(
            at::equal(fakeQuantize(strided, c.scale, c.zeroPoint, 1, 0, 15), y.slice(3, 0, 5, 2)));
        const at::Tensor expanded = c.x.slice(0, 0, 1).expand({3, 6, 5, 5});
        QVERIFY(at::equal(fakeQuantize(expanded, c.scale, c.zeroPoint, 1, 0, 15),
                          y.slice(0, 0, 1).expand({3, 6, 5, 5})));
        QVERIFY(at::equal(fakeQuantize(c.x.transpose(1, 3), c.scale, c.zeroPoint, 3, 0, 15),
                          y.transpose(1, 3)));

        // The gradient arrives in another memory order than x.
        const at::Tensor g = at::randn_like(c.x);
        const auto [dx, dscale] = fakeQuantizeBackward(g, c.x, c.scale, c.zeroPoint, 1, 0, 15);
        const auto [dxLast, dscaleLast] =
            fakeQuantizeBackward(g, last, c.scale, c.zeroPoint, 1, 0, 15);
        QVERIFY(at::equal(dx, dxLast));
        QVERIFY(at::allclose(dscale, dscaleLast, 1e-6, 1e-6));
        const at::Tensor one = at::ones({1}).expand_as(c.x);
        QVERIFY(
            at::equal(std::get<0>(fakeQuantizeBackward(one, c.x, c.scale, c.zeroPoint, 1, 0, 15)),
                      std::get<0>(fakeQuantizeBackward(one.contiguous(), c.x, c.scale, c.zeroPoint,
                                                       1, 0, 15))));

        for (const at::ScalarType type : {at::kHalf, at::kBFloat16, at::kDouble}) {
            const at::Tensor x = c.x.to(type).set_requires_grad(true);
            const at::Tensor result = fakeQuantize(x, c.scale, c.zeroPoint, 1, 0, 15);
            QVERIFY(result.scalar_type() == type);
            QVERIFY(at::equal(
                result,
                fakeQuantize(x.detach().to(at::kFloat), c.scale, c.zeroPoint, 1, 0, 15).to(type)));
            result.sum().backward();
            QVERIFY(x.grad().scalar_type() == type);
        }
    }

    /// The sums for the scale must not depend on how the work is shared out.
    void sameBitsForAnyThreadCount()
    {
        const Case c = makeCase({16, 7, 64, 64}, 1);
        const at::Tensor g = at::randn_like(c.x);
        const int before = at::get_num_threads();
        std::vector<at::Tensor> results;
        for (const int threads : {1, 2, 3}) {
            at::set_num_threads(threads);
            results.push_back(
                std::get<1>(fakeQuantizeBackward(g, c.x, c.scale, c.zeroPoint, 1, 0, 15)));
            results.push_back(std::get<1>(fakeQuantizeBackward(g, c.x, c.scale[0].view(1),
                                                               c.zeroPoint[0].view(1), -1, 0, 15)));
        }
        at::set_num_threads(before);
        for (std::size_t i = 2; i < results.size(); ++i) {
            QVERIFY(at::equal(results[i], results[i % 2]));
        }
    }

    void metaTensors()
    {
        const at::Tensor x = at::empty({2, 3}, at::TensorOptions(at::kMeta).dtype(at::kHalf));
        const at::Tensor scale = at::empty({3}, at::TensorOptions(at::kMeta).dtype(at::kFloat));
        const at::Tensor zeroPoint = at::empty({3}, at::TensorOptions(at::kMeta).dtype(at::kInt));
        const at::Tensor y = fakeQuantize(x, scale, zeroPoint, 1, 0, 15);
        QVERIFY(y.is_meta() && y.scalar_type() == at::kHalf && y.sizes() == x.sizes());
        const auto [dx, dscale] = fakeQuantizeBackward(x, x, scale, zeroPoint, 1, 0, 15);
        QVERIFY(dx.is_meta() && dscale.sizes() == scale.sizes());
        QVERIFY(quantizeCodes(x, scale, zeroPoint, 1, 0, 15).scalar_type() == at::kInt);
    }

    void wrongArguments()
    {
        const at::Tensor x = at::zeros({2, 3});
        const at::Tensor scale = at::ones({1});
        const at::Tensor zeroPoint = at::zeros({1}, at::kInt);
        const auto refuses = [&](const at::Tensor& a, const at::Tensor& s, const at::Tensor& z,
                                 int axis, int low, int high, const char* text) {
            return c10ErrorHolds([&] { fakeQuantize(a, s, z, axis, low, high); }, text);
        };
        QVERIFY(refuses(x.to(at::kInt), scale, zeroPoint, -1, 0, 7, "x must be float32"));
        QVERIFY(refuses(x, scale.to(at::kDouble), zeroPoint, -1, 0, 7, "scale must be float32"));
        QVERIFY(refuses(x, scale, zeroPoint.to(at::kLong), -1, 0, 7, "zero_point must be int32"));
        QVERIFY(refuses(x, scale, zeroPoint, 2, 0, 7, "axis must be"));
        QVERIFY(refuses(x, scale, zeroPoint, -2, 0, 7, "axis must be"));
        QVERIFY(refuses(x, scale, zeroPoint, 1, 0, 7, "expected 3 scale(s)"));
        QVERIFY(refuses(x, scale, zeroPoint, -1, 8, 7, "quant_min <= quant_max"));
        QVERIFY(refuses(x, scale, zeroPoint, -1, 0, 1 << 25, "quant_min <= quant_max"));
        QVERIFY(c10ErrorHolds(
            [&] { fakeQuantizeBackward(at::zeros({3}), x, scale, zeroPoint, -1, 0, 7); },
            "the gradient has shape"));
    }

    /// Idempotent, monotonic, and never further than half a step inside the range.
    void properties()
    {
        const at::Tensor x = at::linspace(-2.0, 3.0, 5001);
        const at::Tensor scale = at::full({1}, 0.07F);
        const at::Tensor zeroPoint = at::full({1}, 20, at::kInt);
        const at::Tensor y = fakeQuantize(x, scale, zeroPoint, -1, 0, 63);
        QVERIFY(at::equal(y, fakeQuantize(y, scale, zeroPoint, -1, 0, 63)));
        QVERIFY((y.slice(0, 1) >= y.slice(0, 0, -1)).all().item<bool>());
        const at::Tensor inside = (x >= -20 * 0.07) & (x <= 43 * 0.07);
        QVERIFY(((x - y).abs().masked_select(inside) <= 0.035 + 1e-6).all().item<bool>());
        QCOMPARE(y.min().item<float>(), -20.0F * 0.07F);
        QCOMPARE(y.max().item<float>(), 43.0F * 0.07F);
    }
};

QTEST_GUILESS_MAIN(TestFakeQuantize)
#include "tst_fake_quantize.moc"
