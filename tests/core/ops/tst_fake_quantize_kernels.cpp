// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/isa.h"
#include "core/ops/cpu/kernels.h"

#include "tests/support/test_support.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

using namespace bitloom;
using namespace bitloom::ops;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
/// Around the edges of 8- and 16-lane registers and of the blocks.
const std::vector<int64_t> kSizes = {0, 1, 7, 8, 9, 15, 16, 17, 31, 33, 255, 257, 1000, 1023, 1024};

std::vector<float> values(int64_t count, unsigned seed, float spread = 3.0F)
{
    std::mt19937 engine(seed);
    std::normal_distribution<float> normal(0.0F, spread);
    std::vector<float> result(static_cast<std::size_t>(count));
    for (float& value : result) {
        value = normal(engine);
    }
    return result;
}

/// Normal numbers with ties, ends of the grid, signed zeros, denormals, NaN and infinities among
/// them.
std::vector<float> hardValues(int64_t count, float scale)
{
    std::vector<float> result = values(count, 7);
    const float special[] = {0.0F,          -0.0F,        0.5F * scale, 1.5F * scale,
                             -0.5F * scale, 2.5F * scale, 1e-42F,       -1e-42F,
                             kInfinity,     -kInfinity,   kNan,         3.4e38F,
                             -3.4e38F,      3.0F * scale, 4.0F * scale, -4.0F * scale};
    for (std::size_t i = 0; i < result.size(); i += 3) {
        result[i] = special[(i / 3) % std::size(special)];
    }
    return result;
}

template <typename T>
bool sameBits(const std::vector<T>& a, const std::vector<T>& b)
{
    return a.size() == b.size() &&
           (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

const std::vector<Grid> kGrids = {{0.35F, 4.0F, 0.0F, 7.0F},       {0.01F, 128.0F, 0.0F, 255.0F},
                                  {0.5F, 0.0F, -8.0F, 7.0F},       {2.0F, -3.0F, 0.0F, 1.0F},
                                  {1e-3F, -64.0F, 0.0F, 65535.0F}, {1.0F, 0.0F, 0.0F, 0.0F}};

} // namespace

class TestFakeQuantizeKernels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sameBitsAsScalar_data()
    {
        QTest::addColumn<int>("isa");
        QTest::newRow("avx2") << static_cast<int>(Isa::Avx2);
        QTest::newRow("avx512") << static_cast<int>(Isa::Avx512);
    }

    void sameBitsAsScalar()
    {
        QFETCH(int, isa);
        if (!isSupported(static_cast<Isa>(isa))) {
            QSKIP("this processor does not have the instruction set");
        }
        const Kernels& fast = kernelsFor(static_cast<Isa>(isa));
        const Kernels& reference = kernelsFor(Isa::Scalar);
        QVERIFY(&fast != &reference);
        for (const int64_t count : kSizes) {
            const auto n = static_cast<std::size_t>(count);
            for (const Grid& grid : kGrids) {
                const std::vector<float> x = hardValues(count, grid.scale);
                const std::vector<float> g = values(count, 11);

                std::vector<float> y(n), yExpected(n);
                reference.forwardRun(x.data(), yExpected.data(), count, grid);
                fast.forwardRun(x.data(), y.data(), count, grid);
                for (std::size_t i = 0; i < n; ++i) {
                    // NaN payloads may differ; that it is NaN may not.
                    QVERIFY2(y[i] == yExpected[i] ? std::signbit(y[i]) == std::signbit(yExpected[i])
                                                  : std::isnan(y[i]) && std::isnan(yExpected[i]),
                             qPrintable(QString("element %1 of %2").arg(i).arg(n)));
                }

                std::vector<float> dx(n), dxExpected(n);
                const double expected =
                    reference.backwardRun(g.data(), x.data(), dxExpected.data(), count, grid);
                const double got = fast.backwardRun(g.data(), x.data(), dx.data(), count, grid);
                QVERIFY(sameBits(dx, dxExpected));
                QCOMPARE(got, expected);
                QVERIFY(std::memcmp(&got, &expected, sizeof(got)) == 0);

                const std::vector<float> finite = values(count, 5);
                std::vector<int32_t> q(n), qExpected(n);
                reference.codesRun(finite.data(), qExpected.data(), count, grid);
                fast.codesRun(finite.data(), q.data(), count, grid);
                QVERIFY(sameBits(q, qExpected));
            }
        }
    }

    void columnsHaveSameBits_data() { sameBitsAsScalar_data(); }

    void columnsHaveSameBits()
    {
        QFETCH(int, isa);
        if (!isSupported(static_cast<Isa>(isa))) {
            QSKIP("this processor does not have the instruction set");
        }
        const Kernels& fast = kernelsFor(static_cast<Isa>(isa));
        const Kernels& reference = kernelsFor(Isa::Scalar);
        for (const int64_t count : kSizes) {
            const auto n = static_cast<std::size_t>(count);
            std::vector<float> scale = values(count, 3);
            std::vector<float> zeroPoint(n);
            for (std::size_t i = 0; i < n; ++i) {
                scale[i] = std::fabs(scale[i]) + 0.01F;
                zeroPoint[i] = static_cast<float>(i % 19) - 4.0F;
            }
            const GridColumns grid = {scale.data(), zeroPoint.data(), 0.0F, 15.0F};
            const std::vector<float> x = values(count, 8);
            const std::vector<float> g = values(count, 9);
            std::vector<float> y(n), yExpected(n), dx(n), dxExpected(n);
            std::vector<double> sums(n, 0.25), sumsExpected(n, 0.25);
            reference.forwardColumns(x.data(), yExpected.data(), count, grid);
            reference.backwardColumns(g.data(), x.data(), dxExpected.data(), count, grid,
                                      sumsExpected.data());
            fast.forwardColumns(x.data(), y.data(), count, grid);
            fast.backwardColumns(g.data(), x.data(), dx.data(), count, grid, sums.data());
            QVERIFY(sameBits(y, yExpected));
            QVERIFY(sameBits(dx, dxExpected));
            QVERIFY(sameBits(sums, sumsExpected));
        }
    }

    void scoresHaveSameBits_data() { sameBitsAsScalar_data(); }

    void scoresHaveSameBits()
    {
        QFETCH(int, isa);
        if (!isSupported(static_cast<Isa>(isa))) {
            QSKIP("this processor does not have the instruction set");
        }
        for (const int64_t count : kSizes) {
            const std::vector<float> x = values(count, 21, 0.3F);
            const std::vector<ScaleCandidate> candidates = {{0.1F, 1.0F / 0.1F, -3.0F, 4.0F},
                                                            {0.01F, 1.0F / 0.01F, -100.0F, 155.0F}};
            std::vector<double> sums(2, 1.0), expected(2, 1.0);
            kernelsFor(Isa::Scalar)
                .scoreBlock(x.data(), count, candidates.data(), 2, expected.data());
            kernelsFor(static_cast<Isa>(isa))
                .scoreBlock(x.data(), count, candidates.data(), 2, sums.data());
            QVERIFY(sameBits(sums, expected));
        }
    }

    /// The approximation of |e|^2.4 against std::pow over 40 binary orders of magnitude.
    void powerIsAccurate()
    {
        constexpr double kTolerance = 1e-6;
        // With low = high = 0 the level is 0 and the error is x itself.
        const ScaleCandidate zero = {1.0F, 1.0F, 0.0F, 0.0F};
        double worst = 0;
        for (int step = 0; step < 200000; ++step) {
            const auto x = static_cast<float>(std::exp2(-36.0 + step * 2e-4));
            double sum = 0;
            kernelsFor(Isa::Scalar).scoreBlock(&x, 1, &zero, 1, &sum);
            const double exact = std::pow(static_cast<double>(x), 2.4);
            worst = std::max(worst, std::fabs(sum / exact - 1.0));
        }
        qInfo("largest relative error of the power: %g", worst);
        QVERIFY2(worst < kTolerance, qPrintable(QString::number(worst)));
        const float none = 0.0F;
        double sum = 0;
        kernelsFor(Isa::Scalar).scoreBlock(&none, 1, &zero, 1, &sum);
        QCOMPARE(sum, 0.0);
    }
};

QTEST_GUILESS_MAIN(TestFakeQuantizeKernels)
#include "tst_fake_quantize_kernels.moc"
