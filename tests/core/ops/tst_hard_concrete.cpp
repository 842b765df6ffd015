// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/bayesian_bits_quantize.h"
#include "core/ops/bayesian_bits_regulariser.h"
#include "core/ops/hard_concrete.h"
#include "core/ops/hard_concrete_gates.h"
#include "core/ops/philox.h"

#include <ATen/ATen.h>

#include "tests/core/ops/bayesian_bits_vectors.h"
#include "tests/core/ops/c10_error.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <set>

using namespace bitloom;
using namespace bitloom::ops;
using namespace bitloom::test;

namespace {

constexpr double kTolerance = 1e-6; ///< of the vectors

at::Tensor offsetsOf(std::initializer_list<std::int64_t> channels)
{
    const std::vector<std::int64_t> counts(channels);
    return gateOffsets(counts);
}

std::int64_t channelsOf(const nlohmann::json& logits)
{
    return logits.is_null() ? 0 : static_cast<std::int64_t>(logits.size());
}

/// Channel gates first, as they are drawn.
at::Tensor joined(const nlohmann::json& channels, const nlohmann::json& levels)
{
    return channels.is_null() ? floats(levels) : at::cat({floats(channels), floats(levels)});
}

/// The published code draws no number after a cut; ours has a place for each gate.
at::Tensor uniformsFrom(const nlohmann::json& drawn, std::int64_t numGates)
{
    at::Tensor uniforms = at::full({numGates}, std::numeric_limits<float>::quiet_NaN());
    uniforms.slice(0, 0, static_cast<std::int64_t>(drawn.size())).copy_(floats(drawn));
    return uniforms;
}

bool relativelyEqual(double value, double expected)
{
    return std::fabs(value - expected) <= kTolerance * std::max(std::fabs(expected), 1e-3);
}

} // namespace

class TestHardConcrete : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void constants()
    {
        const auto v = quantizerVectors("constants");
        QCOMPARE(kConcreteBeta, v.at("hc_beta").get<double>());
        QCOMPARE(kConcreteGamma, v.at("hc_gamma").get<double>());
        QCOMPARE(kConcreteZeta, v.at("hc_zeta").get<double>());
        QCOMPARE(kGateOffThreshold, v.at("hc_thres").get<double>());
        QCOMPARE(kConcreteOffset, v.at("offset").get<double>());
        QCOMPARE(kGateOnLogit, v.at("gamma_threshold_exact").get<double>());
        QCOMPARE(static_cast<double>(kAbsorbingLogit), v.at("gamma_cut_train").get<double>());
        // Two of them follow from the others.
        QCOMPARE(kConcreteOffset, kConcreteBeta * std::log(-kConcreteGamma / kConcreteZeta));
        QVERIFY(std::fabs(kConcreteOffset - std::log(kGateOffThreshold / (1 - kGateOffThreshold)) -
                          kGateOnLogit) < 1e-12);
    }

    void gateVectors()
    {
        for (const auto& v : quantizerVectors("hard_concrete")) {
            const float logit = oneFloat(v.at("gamma")).item<float>();
            const auto p = static_cast<double>(probabilityOn(logit));
            QVERIFY(relativelyEqual(p, v.at("prob_nonzero").get<double>()));
            QVERIFY(std::fabs(1.0 - p - v.at("p_off_test").get<double>()) < kTolerance);
            QVERIFY(std::fabs(p * (1.0 - p) - v.at("prob_dgamma").get<double>()) < kTolerance);
            const auto equals = [&](const GateValue& gate, const char* z, const char* slope,
                                    const nlohmann::json& in) {
                return relativelyEqual(static_cast<double>(gate.z), in.at(z).get<double>()) &&
                       relativelyEqual(static_cast<double>(gate.slope), in.at(slope).get<double>());
            };
            QCOMPARE(static_cast<double>(evaluationGate(logit).z), v.at("eval_gate").get<double>());
            QVERIFY(equals(fixedGate(logit), "fixed_gate", "fixed_gate_dgamma", v));
            for (const auto& sample : v.at("samples")) {
                const float u = oneFloat(sample.at("u")).item<float>();
                QVERIFY(equals(stochasticGate(logit, u), "z", "dz_dgamma", sample));
            }
        }
    }

    /// Gates from injected numbers, through the quantizer, back to the logits.
    void trainingVectors()
    {
        for (const auto& v : quantizerVectors("train_grad")) {
            const std::int64_t channels = channelsOf(v.at("gamma_2"));
            at::Tensor logits = joined(v.at("gamma_2"), v.at("gamma")).set_requires_grad(true);
            const at::Tensor gates = hardConcreteGates(logits, offsetsOf({channels}), kGatesL0,
                                                       uniformsFrom(v.at("u"), logits.numel()));
            const std::vector<at::Tensor> parts = gates.split_with_sizes({channels, 4});
            QVERIFY(isClose(parts[1], floats(v.at("z")), kTolerance));
            std::optional<at::Tensor> channelGates;
            if (channels > 0) {
                QVERIFY(isClose(parts[0], floats(v.at("z2")), kTolerance));
                channelGates = parts[0];
            }
            const auto shape = v.at("x_shape").get<std::vector<std::int64_t>>();
            bayesianBitsQuantize(floats(v.at("x")).view(shape), oneFloat(v.at("x_max")), parts[1],
                                 channelGates, 0, v.at("signed") == 1)
                .backward(floats(v.at("upstream")).view(shape));
            QVERIFY2(isClose(logits.grad(), joined(v.at("dgamma_2"), v.at("dgamma")), kTolerance),
                     v.at("case").get<std::string>().c_str());
        }
    }

    void cutOfLevels()
    {
        // Quantizers of 2, 0 and 1 channels; a channel's gate is never cut.
        const at::Tensor offsets = offsetsOf({2, 0, 1});
        QVERIFY(at::equal(offsets, at::tensor({0, 6, 10, 15}, at::kLong)));
        const at::Tensor logits = at::tensor({-3.0F, 5.0F, 5.0F, -2.0F, 5.0F, 5.0F, -2.5F, 5.0F,
                                              5.0F, 5.0F, -2.0F, 5.0F, 5.0F, 5.0F, -1.9F});
        const at::Tensor half = at::full({15}, 0.9999F);
        const at::Tensor gates = hardConcreteGates(logits, offsets, kGatesL0, half);
        const at::Tensor on = at::tensor({1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1});
        QVERIFY(at::equal(gates, on.to(at::kFloat)));
        const at::Tensor fixed = hardConcreteGates(logits, offsets, kGatesFixed);
        QVERIFY(at::equal(fixed.gt(0),
                          at::tensor({0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0}).to(at::kBool)));
        // Evaluation leaves higher levels on: the quantizer does not look at them.
        const at::Tensor evaluation = hardConcreteGates(logits, offsets, kGatesEvaluation);
        QVERIFY(at::equal(evaluation, logits.gt(-0.93530263).to(at::kFloat)));
    }

    void gradientsOfModes()
    {
        const at::Tensor offsets = offsetsOf({0});
        const auto gradientOf = [&](std::string_view mode, const at::Tensor& values) {
            at::Tensor logits = values.clone().set_requires_grad(true);
            const at::Tensor gates = hardConcreteGates(logits, offsets, mode, at::full({4}, 0.4F));
            if (gates.requires_grad()) {
                gates.sum().backward();
            }
            return logits.grad();
        };
        const at::Tensor values = at::tensor({0.3F, -0.1F, 0.2F, -5.0F});
        for (const std::string_view mode : {kGatesL0, kGatesFixed}) {
            const at::Tensor gradient = gradientOf(mode, values);
            for (int i = 0; i < 4; ++i) {
                const auto gate = [&](float logit) {
                    const GateValue value =
                        mode == kGatesL0 ? stochasticGate(logit, 0.4F) : fixedGate(logit);
                    return static_cast<double>(value.z);
                };
                constexpr float kStep = 1.0F / 256;
                const auto logit = values[i].item<float>();
                const double numeric = (gate(logit + kStep) - gate(logit - kStep)) * 128;
                QVERIFY(std::fabs(gradient[i].item<double>() - numeric) < 3e-5);
            }
        }
        QVERIFY(!gradientOf(kGatesEvaluation, values).defined());
    }

    /// Known answers of the generator's authors.
    void philoxAnswers()
    {
        const auto words = [](const PhiloxBlock& block) {
            return std::vector<std::uint32_t>(block.word, block.word + 4);
        };
        QCOMPARE(words(philox({{0, 0, 0, 0}}, 0, 0)),
                 (std::vector<std::uint32_t>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
        const std::uint32_t all = 0xffffffff;
        QCOMPARE(words(philox({{all, all, all, all}}, all, all)),
                 (std::vector<std::uint32_t>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
        QCOMPARE(words(philox({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, 0xa4093822,
                              0x299f31d0)),
                 (std::vector<std::uint32_t>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
    }

    void drawsOfSeedAndStep()
    {
        constexpr std::int64_t kGates = 4004;
        const at::Tensor offsets = offsetsOf({kGates - 4});
        const at::Tensor logits = at::zeros({kGates});
        const auto draw = [&](std::int64_t seed, std::int64_t step) {
            return hardConcreteGates(logits, offsets, kGatesL0, std::nullopt, seed, step);
        };
        QVERIFY(at::equal(draw(7, 3), draw(7, 3)));
        QVERIFY(!at::equal(draw(7, 3), draw(7, 4)));
        QVERIFY(!at::equal(draw(7, 3), draw(8, 3)));
        // They are the gates of the numbers that uniformAt() names.
        at::Tensor uniforms = at::empty({kGates});
        for (std::int64_t i = 0; i < kGates; ++i) {
            uniforms[i] = uniformAt(7, 3, static_cast<std::uint64_t>(i));
        }
        QVERIFY(at::equal(draw(7, 3), hardConcreteGates(logits, offsets, kGatesL0, uniforms)));
        QVERIFY(uniforms.min().item<float>() > 0.0F && uniforms.max().item<float>() < 1.0F);
        // A gate's number does not depend on which others are cut.
        at::Tensor cut = logits.clone();
        cut[kGates - 3] = -2;
        const at::Tensor after = hardConcreteGates(cut, offsets, kGatesL0, std::nullopt, 7, 3);
        QVERIFY(at::equal(after.slice(0, 0, kGates - 3), draw(7, 3).slice(0, 0, kGates - 3)));
        QVERIFY(after.slice(0, kGates - 3).abs().max().item<float>() == 0.0F);
    }

    /// Mean, variance and correlation between neighbours in gate and step, within 5 deviations.
    void drawsAreUniform()
    {
        constexpr int kSteps = 100;
        constexpr int kPerStep = 1000;
        constexpr double kCount = kSteps * kPerStep;
        double sum = 0;
        double squares = 0;
        double nextGate = 0;
        double nextStep = 0;
        std::set<float> seen;
        const auto centred = [](int step, int gate) {
            return static_cast<double>(uniformAt(42, static_cast<std::uint64_t>(step),
                                                 static_cast<std::uint64_t>(gate))) -
                   0.5;
        };
        for (int step = 0; step < kSteps; ++step) {
            for (int gate = 0; gate < kPerStep; ++gate) {
                const double u = centred(step, gate);
                sum += u;
                squares += u * u;
                nextGate += u * centred(step, gate + 1);
                nextStep += u * centred(step + 1, gate);
                seen.insert(static_cast<float>(u));
            }
        }
        const double deviation = 1.0 / std::sqrt(12.0 * kCount);
        QVERIFY(std::fabs(sum / kCount) < 5 * deviation);
        QVERIFY(std::fabs(squares / kCount - 1.0 / 12) < 5 / std::sqrt(180 * kCount));
        QVERIFY(std::fabs(nextGate / kCount) < 5.0 / 12 / std::sqrt(kCount));
        QVERIFY(std::fabs(nextStep / kCount) < 5.0 / 12 / std::sqrt(kCount));
        QVERIFY(static_cast<double>(seen.size()) > 0.98 * kCount);
    }

    /// How often a gate is open is what the regulariser counts.
    void samplesFollowTheProbability()
    {
        for (const float logit : {-1.5F, 0.0F, 1.0F}) {
            constexpr std::int64_t kGates = 40004;
            const at::Tensor logits = at::full({kGates}, logit);
            const at::Tensor gates =
                hardConcreteGates(logits, offsetsOf({kGates - 4}), kGatesL0, std::nullopt, 1, 1);
            const double open = gates.gt(0).to(at::kDouble).mean().item<double>();
            QVERIFY(std::fabs(open - static_cast<double>(probabilityOn(logit))) < 0.0125);
        }
    }

    void regulariserVectors()
    {
        for (const auto& set : quantizerVectors("regulariser")) {
            const bool weighted = set.at("reg_type") == "bop";
            std::vector<at::Tensor> logitsOfAll;
            std::vector<at::Tensor> gradientsOfAll;
            std::vector<std::int64_t> channels;
            std::vector<float> shares;
            at::Tensor weights = at::ones({4, 5});
            for (const auto& q : set.at("quantizers")) {
                const auto index = static_cast<std::int64_t>(channels.size());
                channels.push_back(channelsOf(q.at("gamma_2")));
                logitsOfAll.push_back(joined(q.at("gamma_2"), q.at("gamma")));
                gradientsOfAll.push_back(joined(q.at("dgamma_2"), q.at("dgamma")));
                shares.push_back(q.at("reg").get<float>());
                if (weighted && !q.at("mac_count").is_null()) {
                    const double ratio =
                        q.at("mac_count").get<double>() / q.at("max_macs").get<double>();
                    weights[index].copy_(at::tensor({2.0, 4.0, 8.0, 16.0, 32.0}) * ratio);
                }
            }
            at::Tensor logits = at::cat(logitsOfAll).set_requires_grad(true);
            const auto [total, perQuantizer] =
                bayesianBitsRegulariser(logits, gateOffsets(channels), weights);
            QVERIFY(relativelyEqual(total.item<double>(), set.at("total").get<double>()));
            QVERIFY(at::allclose(perQuantizer, at::tensor(shares), kTolerance, 0));
            QVERIFY(total.requires_grad() && !perQuantizer.requires_grad());
            (total * 2).backward();
            QVERIFY(at::allclose(logits.grad(), at::cat(gradientsOfAll) * 2, kTolerance, 1e-9));
        }
    }

    void regulariserNumerically()
    {
        at::manual_seed(2);
        const at::Tensor offsets = offsetsOf({3, 0, 7});
        const at::Tensor logits = at::randn({22}) * 2;
        const at::Tensor weights = at::rand({3, 5}) * 10;
        const auto [total, shares, gradient] =
            bayesianBitsRegulariserWithGradient(logits, offsets, weights);
        QVERIFY(at::allclose(shares.sum(), total, 1e-6, 0));
        // The formula in double, gate by gate.
        const auto price = [&](const at::Tensor& g) {
            double sum = 0;
            for (int q = 0; q < 3; ++q) {
                const auto begin = offsets[q].item<std::int64_t>();
                const auto levels = offsets[q + 1].item<std::int64_t>() - 4;
                const at::Tensor p = at::sigmoid(g - kConcreteOffset);
                const double mean =
                    levels > begin ? p.slice(0, begin, levels).mean().item<double>() : 1.0;
                const at::Tensor b = weights[q].to(at::kDouble);
                sum += levels > begin ? b[0].item<double>() * mean : 1.0;
                double open = mean;
                for (int j = 0; j < 4; ++j) {
                    open *= p[levels + j].item<double>();
                    sum += b[j + 1].item<double>() * open;
                }
            }
            return sum;
        };
        const at::Tensor wide = logits.to(at::kDouble);
        QVERIFY(std::fabs(price(wide) / total.item<double>() - 1) < kTolerance);
        for (std::int64_t i = 0; i < logits.numel(); ++i) {
            at::Tensor above = wide.clone();
            at::Tensor below = wide.clone();
            above[i] += 1e-5;
            below[i] -= 1e-5;
            const double numeric = (price(above) - price(below)) / 2e-5;
            QVERIFY(std::fabs(gradient[i].item<double>() - numeric) < 1e-5);
        }
    }

    void metaTensors()
    {
        const auto meta = at::TensorOptions(at::kMeta);
        const at::Tensor logits = at::empty({9}, meta.dtype(at::kFloat));
        const at::Tensor offsets = at::empty({3}, meta.dtype(at::kLong));
        QVERIFY(hardConcreteGates(logits, offsets, kGatesL0).sizes() == logits.sizes());
        const auto [total, shares] =
            bayesianBitsRegulariser(logits, offsets, at::empty({2, 5}, meta.dtype(at::kFloat)));
        QVERIFY(total.is_meta() && total.dim() == 0 && shares.numel() == 2);
    }

    void wrongArguments()
    {
        const at::Tensor logits = at::zeros({6});
        const at::Tensor offsets = offsetsOf({2});
        const auto refuses = [&](const at::Tensor& g, const at::Tensor& bounds,
                                 std::string_view mode, const char* text) {
            return c10ErrorHolds([&] { hardConcreteGates(g, bounds, mode); }, text);
        };
        QVERIFY(refuses(logits.to(at::kDouble), offsets, "l0", "logits must be"));
        QVERIFY(refuses(at::zeros({2, 3}), offsets, "l0", "logits must be"));
        QVERIFY(refuses(logits, offsets.to(at::kInt), "l0", "offsets must be"));
        QVERIFY(refuses(logits, offsets, "L0", "mode must be l0, fixed or evaluation, not L0"));
        QVERIFY(refuses(logits, offsetsOf({3}), "l0", "offsets must go from 0 to the number"));
        QVERIFY(refuses(at::zeros({8}), at::tensor({0, 5, 8}, at::kLong), "l0",
                        "quantizer 1 has 3 gates"));
        QVERIFY(c10ErrorHolds([&] { hardConcreteGates(logits, offsets, "l0", at::zeros({5})); },
                              "uniforms must be"));
        QVERIFY(c10ErrorHolds(
            [&] {
                bayesianBitsRegulariser(logits, offsets, at::ones({1, 4}));
            },
            "level_weights must be"));
        QVERIFY(c10ErrorHolds([&] { offsetsOf({-1}); }, "cannot have -1 channels"));
    }
};

QTEST_GUILESS_MAIN(TestHardConcrete)
#include "tst_hard_concrete.moc"
