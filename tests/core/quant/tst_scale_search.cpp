// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/isa.h"
#include "core/quant/observer.h"
#include "core/quant/scale_search.h"
#include "core/quant/uniform_quantizer.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "tests/support/test_support.h"

#include <nlohmann/json.hpp>

#include <cmath>

using namespace bitloom;

namespace {

constexpr float kRelative = 1e-6F; ///< tolerance that the vectors state for scales and values

const nlohmann::json& vectors()
{
    static const auto all =
        nlohmann::json::parse(test::readFile(test::dataFile("pack_ptq_uniform.json")));
    return all;
}

at::Tensor tensorOf(const nlohmann::json& json)
{
    return at::tensor(json.at("data").get<std::vector<float>>())
        .view(json.at("shape").get<std::vector<std::int64_t>>());
}

/// Section "granularity" of the source: activations 4-D, 2-D: axis 1; 3-D: axis 2; weights: axis 0.
int axisOf(const nlohmann::json& result, const at::Tensor& x)
{
    if (!result.at("channel_wise").get<bool>()) {
        return -1;
    }
    if (x.dim() == 3) {
        return 2;
    }
    return result.at("is_act").get<bool>() ? 1 : 0;
}

std::vector<int> integers(const nlohmann::json& json)
{
    return json.is_array() ? json.get<std::vector<int>>() : std::vector<int>{json.get<int>()};
}

struct AffineCase {
    at::Tensor x;
    nlohmann::json result;
};

std::vector<AffineCase> affineCases(const std::string& method)
{
    std::vector<AffineCase> cases;
    for (const auto& tensor : vectors().at("uniform_affine")) {
        for (const auto& result : tensor.at("results")) {
            if (result.at("method") == method && !result.at("symmetric").get<bool>()) {
                cases.push_back({tensorOf(tensor.at("x")), result});
            }
        }
    }
    return cases;
}

QuantSpec specOf(const nlohmann::json& result, Observer observer)
{
    QuantSpec spec;
    spec.bits = result.at("bits").get<int>();
    spec.granularity =
        result.at("channel_wise").get<bool>() ? Granularity::PerChannel : Granularity::PerTensor;
    spec.observer = observer;
    return spec;
}

void compareParams(const QuantParams& params, const AffineCase& c)
{
    const auto scales = c.result.at("scale").get<std::vector<float>>();
    const auto zeroPoints = c.result.at("zero_point").get<std::vector<float>>();
    QCOMPARE(params.scale.size(), scales.size());
    for (std::size_t i = 0; i < scales.size(); ++i) {
        QVERIFY(std::fabs(params.scale[i] - scales[i]) <= kRelative * scales[i]);
        QCOMPARE(static_cast<float>(params.zeroPoint[i]), zeroPoints[i]);
    }
    const at::Tensor expected =
        at::tensor(c.result.at("dequant").get<std::vector<float>>()).view(c.x.sizes());
    QVERIFY(at::allclose(fakeQuantize(c.x, params), expected, 2e-6, 1e-7));
}

/// The search in plain eager operators, 80 passes.
int naiveWinner(const at::Tensor& x, int bits)
{
    const float high = x.max().item<float>();
    const float low = x.min().item<float>();
    const double top = std::exp2(bits) - 1;
    double best = 1e300;
    int winner = -1;
    for (int i = 0; i < kNumShrinks; ++i) {
        const auto shrink = static_cast<float>(1.0 - 0.01 * i);
        const float scale = (high * shrink - low * shrink) / static_cast<float>(top);
        const float zeroPoint = std::nearbyint(-(low * shrink) / scale);
        const at::Tensor y =
            (at::clamp(at::round(x / scale) + zeroPoint, 0, top) - zeroPoint) * scale;
        const double score = (x - y).abs().to(at::kDouble).pow(2.4).mean().item<double>();
        if (score < best) {
            best = score;
            winner = i;
        }
    }
    return winner;
}

} // namespace

class TestScaleSearch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void vectorsOnEachIsa_data()
    {
        QTest::addColumn<int>("isa");
        QTest::newRow("scalar") << static_cast<int>(Isa::Scalar);
        QTest::newRow("avx2") << static_cast<int>(Isa::Avx2);
        QTest::newRow("avx512") << static_cast<int>(Isa::Avx512);
    }

    void vectorsOnEachIsa()
    {
        QFETCH(int, isa);
        const Isa before = activeIsa();
        if (!setActiveIsa(static_cast<Isa>(isa))) {
            QSKIP("this processor does not have the instruction set");
        }
        const auto restore = qScopeGuard([before] { setActiveIsa(before); });
        int numTables = 0;
        const auto cases = affineCases("mse");
        QVERIFY(cases.size() >= 20);
        for (const AffineCase& c : cases) {
            const int axis = axisOf(c.result, c.x);
            const QuantSpec spec = specOf(c.result, Observer::Mse);
            compareParams(chooseQuantParams(c.x, spec, axis), c);

            const ChannelRows rows(c.x, axis);
            ScaleSearch search(rows.ranges(), spec.bits, spec.scheme);
            search.add(rows);
            const std::vector<int> winners = integers(c.result.at("best_candidate"));
            QCOMPARE(winners.size(), static_cast<std::size_t>(rows.numChannels()));
            for (std::size_t channel = 0; channel < winners.size(); ++channel) {
                QCOMPARE(search.best(static_cast<std::int64_t>(channel)).candidate,
                         winners[channel]);
            }
            const auto& table = c.result.value("all_80_scores", nlohmann::json());
            if (table.is_array() && axis < 0) {
                ++numTables;
                const auto scores = table.get<std::vector<double>>();
                const auto means = search.meanScores(0);
                for (std::size_t i = 0; i < scores.size(); ++i) {
                    QVERIFY(std::fabs(means[i] - scores[i]) <= 1e-5 * scores[i]);
                }
            }
        }
        QVERIFY(numTables >= 1);
    }

    void minMaxVectors()
    {
        const auto cases = affineCases("minmax");
        QVERIFY(cases.size() >= 5);
        for (const AffineCase& c : cases) {
            compareParams(
                chooseQuantParams(c.x, specOf(c.result, Observer::MinMax), axisOf(c.result, c.x)),
                c);
        }
    }

    /// The source's "minmax_scale" is not an observer of ours, but checks the range formulas.
    void scaledRangeVectors()
    {
        for (const AffineCase& c : affineCases("minmax_scale")) {
            const ChannelRows rows(c.x, axisOf(c.result, c.x));
            const QuantSpec spec = specOf(c.result, Observer::MinMax);
            const auto scales = c.result.at("scale").get<std::vector<float>>();
            const auto factor = static_cast<float>((spec.bits + 2) / 8.0);
            for (std::size_t i = 0; i < scales.size(); ++i) {
                const ValueRange range = withZero(rows.ranges()[i]);
                const ScaleZero grid =
                    gridOf({range.low * factor, range.high * factor}, spec.bits, spec.scheme,
                           spec.granularity == Granularity::PerChannel ? RangeArithmetic::Float32
                                                                       : RangeArithmetic::Double);
                QVERIFY(std::fabs(grid.scale - scales[i]) <= kRelative * scales[i]);
                QCOMPARE(static_cast<float>(grid.zeroPoint),
                         c.result["zero_point"][i].get<float>());
            }
        }
    }

    /// mean |p - t|^2.4 of the reference, through the kernel with a grid that holds the single
    /// level 0.
    void lpLossVector()
    {
        const auto& v = vectors().at("lp_loss");
        const at::Tensor error = tensorOf(v.at("pred")) - tensorOf(v.at("target"));
        ScaleSearch search({{-1e-3F, 1e-3F}}, 1, QScheme::Affine);
        // Range +-0.001 against errors near 1: the levels are within 0.001 of 0.
        search.add(ChannelRows(error, -1));
        const double expected = v.at("p2.4_mean").get<double>();
        QVERIFY(std::fabs(search.meanScores(0)[0] - expected) < 5e-3 * expected);
    }

    void equalsNaiveSearch()
    {
        // Thousands of small eager operators: threads would spend their time waiting for each
        // other.
        const int threads = at::get_num_threads();
        at::set_num_threads(1);
        const auto restore = qScopeGuard([threads] { at::set_num_threads(threads); });
        at::manual_seed(23);
        for (const int bits : {3, 6}) {
            for (const std::int64_t count : {50, 1024, 70001}) {
                const at::Tensor x = at::randn({count}).pow(3);
                const ChannelRows rows(x, -1);
                ScaleSearch search(rows.ranges(), bits, QScheme::Affine);
                search.add(rows);
                QCOMPARE(search.best(0).candidate, naiveWinner(x, bits));
            }
        }
    }

    void sameForAnyThreadCountAndIsa()
    {
        at::manual_seed(4);
        const at::Tensor x = at::randn({3, 100000});
        const int threads = at::get_num_threads();
        const Isa isa = activeIsa();
        std::vector<std::array<double, kNumShrinks>> results;
        for (const int count : {1, 2, 3}) {
            at::set_num_threads(count);
            for (const Isa each : {Isa::Avx2, Isa::Avx512}) {
                if (setActiveIsa(each)) {
                    const ChannelRows rows(x, 0);
                    ScaleSearch search(rows.ranges(), 4, QScheme::Affine);
                    search.add(rows);
                    results.push_back(search.meanScores(2));
                }
            }
        }
        at::set_num_threads(threads);
        setActiveIsa(isa);
        for (const auto& result : results) {
            QVERIFY(result == results.front());
        }
    }

    /// Neither end of float32 may spoil the scores: the winner depends on the shape of the data,
    /// not on their unit.
    void winnerDoesNotDependOnTheUnit()
    {
        at::manual_seed(6);
        const at::Tensor x = at::randn({4000}).pow(3);
        const auto winnerOf = [&](double unit) {
            const ChannelRows rows(x * unit, -1);
            ScaleSearch search(rows.ranges(), 4, QScheme::Affine);
            search.add(rows);
            return search.best(0).candidate;
        };
        const int winner = winnerOf(1.0);
        QVERIFY(winner > 0);
        for (const int exponent : {-90, -40, 40, 90}) {
            QCOMPARE(winnerOf(std::exp2(exponent)), winner);
        }
    }
};

QTEST_GUILESS_MAIN(TestScaleSearch)
#include "tst_scale_search.moc"
