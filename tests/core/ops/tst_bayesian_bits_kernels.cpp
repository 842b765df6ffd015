// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/isa.h"
#include "core/ops/bayesian_bits_scales.h"
#include "core/ops/cpu/bayesian_bits_kernels.h"
#include "core/ops/exact_division.h"

#include "tests/support/test_support.h"

#include <array>
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
/// Around the edges of 8- and 16-lane registers, of four of them, and large.
const std::vector<int64_t> kSizes = {0,  1,  7,  8,  9,   15,  16,  17,  31,   32,   33,
                                     63, 64, 65, 66, 127, 129, 255, 257, 1000, 70001};

std::vector<float> values(int64_t count, unsigned seed)
{
    std::mt19937 engine(seed);
    std::normal_distribution<float> normal(0.0F, 1.0F);
    std::vector<float> result(static_cast<std::size_t>(count));
    for (float& value : result) {
        value = normal(engine);
    }
    return result;
}

/// Normal numbers with ties of every level, the ends of the range and their neighbours, signed
/// zeros, denormals and infinities among them.
std::vector<float> hardValues(int64_t count, const ResidualGrid& grid)
{
    std::vector<float> special = {0.0F,
                                  -0.0F,
                                  1e-42F,
                                  -1e-42F,
                                  kInfinity,
                                  -kInfinity,
                                  3.4e38F,
                                  -3.4e38F,
                                  grid.high,
                                  -grid.high,
                                  std::nextafter(grid.high, 0.0F),
                                  std::nextafter(-grid.high, 0.0F),
                                  std::nextafter(grid.high, kInfinity),
                                  std::nextafter(0.0F, 1.0F)};
    for (const float scale : grid.scale) {
        for (const float code : {0.5F, 1.0F, 1.5F, 2.5F, 7.5F}) {
            special.push_back(code * scale);
            special.push_back(-code * scale);
            special.push_back(grid.scale[0] + code * scale);
        }
    }
    std::vector<float> result = values(count, 7);
    for (std::size_t i = 0; i < result.size(); i += 2) {
        result[i] = special[(i / 2) % special.size()];
    }
    return result;
}

std::vector<ResidualGrid> grids()
{
    std::vector<ResidualGrid> result;
    for (const float xMax : {1.5F, 0.7F, 3e-5F, 1234.5F}) {
        for (const bool isSigned : {true, false}) {
            for (const std::array<float, 4>& gates : {std::array{0.0F, 1.0F, 1.0F, 1.0F},
                                                      {1.0F, 0.0F, 0.3F, 0.3F},
                                                      {0.4F, 0.6F, 0.0F, 0.0F},
                                                      {1.0F, 0.9F, 0.2F, 0.0F},
                                                      {1.0F, 1.0F, 1.0F, 1.0F},
                                                      {0.3F, 0.1F, 0.7F, 0.9F}}) {
                ResidualGrid grid = decomposedGrid(xMax, gates.data(), isSigned);
                result.push_back(grid);
                grid.hasChannelGate = true;
                grid.channelGate = 0.37F;
                result.push_back(grid);
                grid.channelGate = 0.0F;
                result.push_back(grid);
            }
            for (const int bits : {2, 8, 32}) {
                result.push_back(singleStepGrid(xMax, bits, isSigned));
            }
        }
    }
    return result;
}

bool sameBits(const std::vector<float>& a, const std::vector<float>& b)
{
    return a.size() == b.size() &&
           (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

bool sameBits(const ResidualSums& a, const ResidualSums& b)
{
    return std::memcmp(&a, &b, sizeof(a)) == 0;
}

} // namespace

class TestBayesianBitsKernels : public QObject {
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
        const BayesianBitsKernels& fast = bayesianBitsKernelsFor(static_cast<Isa>(isa));
        const BayesianBitsKernels& reference = bayesianBitsKernelsFor(Isa::Scalar);
        QVERIFY(&fast != &reference);
        int gridIndex = 0;
        for (const ResidualGrid& grid : grids()) {
            for (const int64_t count : kSizes) {
                const auto n = static_cast<std::size_t>(count);
                const std::vector<float> x = hardValues(count, grid);
                const std::vector<float> g = values(count, 11);
                std::vector<float> y(n), yExpected(n), dx(n), dxExpected(n);
                reference.forwardRun(x.data(), yExpected.data(), count, grid);
                fast.forwardRun(x.data(), y.data(), count, grid);
                ResidualSums sums{0.5, 0.25, {1, 2, 3, 4}};
                ResidualSums sumsExpected = sums;
                reference.backwardRun(g.data(), x.data(), dxExpected.data(), count, grid,
                                      sumsExpected);
                fast.backwardRun(g.data(), x.data(), dx.data(), count, grid, sums);
                const QByteArray where =
                    QString("grid %1, %2 elements").arg(gridIndex).arg(count).toUtf8();
                QVERIFY2(sameBits(y, yExpected), where.constData());
                QVERIFY2(sameBits(dx, dxExpected), where.constData());
                QVERIFY2(sameBits(sums, sumsExpected), where.constData());
            }
            ++gridIndex;
        }
    }

    void misaligned_data() { sameBitsAsScalar_data(); }

    /// Reads and writes at addresses that are multiples of 4 only, and not beyond the run.
    void misaligned()
    {
        QFETCH(int, isa);
        if (!isSupported(static_cast<Isa>(isa))) {
            QSKIP("this processor does not have the instruction set");
        }
        const BayesianBitsKernels& kernel = bayesianBitsKernelsFor(static_cast<Isa>(isa));
        const float gates[4] = {1.0F, 0.5F, 1.0F, 0.25F};
        const ResidualGrid grid = decomposedGrid(1.5F, gates, true);
        constexpr int64_t kCount = 101;
        const std::vector<float> x = values(kCount + 16, 3);
        for (int64_t offset = 0; offset < 16; ++offset) {
            std::vector<float> expected(kCount);
            bayesianBitsKernelsFor(Isa::Scalar)
                .forwardRun(x.data() + offset, expected.data(), kCount, grid);
            std::vector<float> y(kCount + 18, 77.0F);
            float* at = y.data() + 1 + offset % 7;
            kernel.forwardRun(x.data() + offset, at, kCount, grid);
            QVERIFY(std::memcmp(at, expected.data(), sizeof(float) * kCount) == 0);
            QCOMPARE(at[-1], 77.0F);
            QCOMPARE(at[kCount], 77.0F);
        }
    }

    void nanStays_data()
    {
        sameBitsAsScalar_data();
        QTest::newRow("scalar") << static_cast<int>(Isa::Scalar);
    }

    void nanStays()
    {
        QFETCH(int, isa);
        if (!isSupported(static_cast<Isa>(isa))) {
            QSKIP("this processor does not have the instruction set");
        }
        const BayesianBitsKernels& kernel = bayesianBitsKernelsFor(static_cast<Isa>(isa));
        const float gates[4] = {1.0F, 1.0F, 0.0F, 0.0F};
        const ResidualGrid grid = decomposedGrid(1.5F, gates, true);
        std::vector<float> x = values(20, 3);
        x[17] = kNan;
        const std::vector<float> g(20, 1.0F);
        std::vector<float> y(20), dx(20);
        kernel.forwardRun(x.data(), y.data(), 20, grid);
        for (std::size_t i = 0; i < y.size(); ++i) {
            QCOMPARE(std::isnan(y[i]), i == 17);
        }
        ResidualSums sums{};
        kernel.backwardRun(g.data(), x.data(), dx.data(), 20, grid, sums);
        QCOMPARE(dx[17], 0.0F);
        QVERIFY(std::isnan(sums.range));
    }

    /// The division of the CUDA kernels, which can be checked here: random numbers and, which is
    /// harder, neighbours of ties.
    void divisionByReciprocal()
    {
        std::mt19937 engine(12);
        std::uniform_real_distribution<float> significand(1.0F, 2.0F);
        std::uniform_int_distribution<int> exponent(-63, 62);
        std::uniform_int_distribution<int> code(0, 70000);
        for (int i = 0; i < 2000; ++i) {
            const float divisor = std::ldexp(significand(engine), exponent(engine));
            const float reciprocal = 1.0F / divisor;
            QVERIFY(divisor >= kSmallestExactDivisor && divisor <= kLargestExactDivisor);
            const auto isExact = [&](float value) {
                const float quotient = divideByReciprocal(value, divisor, reciprocal);
                const float expected = value / divisor;
                const bool same =
                    quotient == expected && std::signbit(quotient) == std::signbit(expected);
                return same || (std::fabs(expected) < 0.25F && std::fabs(quotient) < 0.26F);
            };
            for (int k = 0; k < 1000; ++k) {
                const float tie =
                    (static_cast<float>(code(engine) % (k % 2 == 0 ? 4 : 70000)) + 0.5F) * divisor;
                const float scatter =
                    significand(engine) * divisor * std::ldexp(1.0F, exponent(engine) / 4);
                for (const float value :
                     {tie, std::nextafter(tie, 0.0F), std::nextafter(tie, kInfinity), scatter}) {
                    if (!isExact(value) || !isExact(-value)) {
                        QFAIL(qPrintable(QString("%1 / %2").arg(value).arg(divisor)));
                    }
                }
            }
        }
    }

    /// What the formulas promise about the grid: codes are integers within their bounds, a finer
    /// level never lies further from x than half its step.
    void properties()
    {
        for (const bool isSigned : {true, false}) {
            for (int levels = 1; levels <= 4; ++levels) {
                float gates[4] = {};
                std::fill(gates, gates + levels - 1, 1.0F);
                const ResidualGrid grid = decomposedGrid(1.3F, gates, isSigned);
                QCOMPARE(grid.levels, levels);
                const double step = static_cast<double>(grid.scale[levels - 1]);
                const double last = std::exp2(1 << levels) - 1;
                for (int i = -3000; i <= 3000; ++i) {
                    const float x = static_cast<float>(i) * 5e-4F;
                    float y = 0;
                    kBayesianBitsScalar.forwardRun(&x, &y, 1, grid);
                    const double code = static_cast<double>(y) / step;
                    QVERIFY(std::fabs(code - std::round(code)) < 0.02);
                    QVERIFY(std::round(code) >= (isSigned ? -(last - 1) / 2 : 0.0));
                    QVERIFY(std::round(code) <= (isSigned ? (last - 1) / 2 : last));
                    if (std::fabs(x) < 1.3F && (isSigned || x >= 0)) {
                        QVERIFY(std::fabs(static_cast<double>(y) - static_cast<double>(x)) <=
                                0.51 * step + 1e-6);
                    }
                }
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestBayesianBitsKernels)
#include "tst_bayesian_bits_kernels.moc"
