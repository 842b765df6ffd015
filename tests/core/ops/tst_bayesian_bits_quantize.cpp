// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/isa.h"
#include "core/ops/bayesian_bits_quantize.h"
#include "core/ops/bayesian_bits_scales.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "tests/core/ops/bayesian_bits_vectors.h"
#include "tests/core/ops/c10_error.h"

#include <cmath>
#include <limits>

using namespace bitloom;
using namespace bitloom::ops;
using namespace bitloom::test;

namespace {

/// Of the vectors: gradients relative to the largest of their tensor.
constexpr double kGradientTolerance = 1e-6;

at::Tensor straightThrough(const at::Tensor& ratio)
{
    return ratio + (at::round(ratio) - ratio).detach();
}

/// gates and channelGates broadcast against x.
struct Eager {
    at::Tensor high, low, scale[5];

    Eager(const at::Tensor& xMax, bool isSigned)
    {
        high = xMax * kRangeShrink;
        low = isSigned ? -high : at::zeros_like(high);
        scale[0] = (isSigned ? xMax + xMax : xMax) / 3;
        scale[1] = scale[0] / 5;
        scale[2] = scale[1] / 17;
        scale[3] = scale[2] / 257;
        scale[4] = scale[3] / 65537;
    }

    at::Tensor clip(const at::Tensor& x) const
    {
        return -at::relu((high - low) - at::relu(x - low)) + high;
    }

    at::Tensor quantize(const at::Tensor& x, const at::Tensor& gates) const
    {
        at::Tensor rest = clip(x);
        std::vector<at::Tensor> parts;
        for (int j = 0; j < 5; ++j) {
            if (j > 0 && gates[j - 1].item<float>() == 0.0F) {
                break;
            }
            parts.push_back(scale[j] * straightThrough(rest / scale[j]));
            rest = rest - parts.back();
        }
        at::Tensor value = parts.size() == 5 ? parts.back() : parts.back() + 0.0F;
        for (std::size_t j = parts.size() - 1; j > 0; --j) {
            value = parts[j - 1] + gates[static_cast<std::int64_t>(j) - 1] * value;
        }
        return value;
    }
};

at::Tensor alongAxis(const at::Tensor& gates, const at::Tensor& like, std::int64_t axis)
{
    std::vector<std::int64_t> shape(static_cast<std::size_t>(like.dim()), 1);
    shape[static_cast<std::size_t>(axis)] = -1;
    return gates.view(shape);
}

/// Runs body once per instruction set of this machine.
void onEachIsa(const std::function<void()>& body)
{
    const Isa before = activeIsa();
    for (const Isa isa : {Isa::Scalar, Isa::Avx2, Isa::Avx512}) {
        if (setActiveIsa(isa)) {
            body();
        }
    }
    setActiveIsa(before);
}

} // namespace

class TestBayesianBitsQuantize : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void constantsAndScales()
    {
        const auto constants = quantizerVectors("constants");
        QCOMPARE(static_cast<double>(kRangeShrink), constants.at("shrink_float32").get<double>());
        const auto all = quantizerVectors("scales");
        QVERIFY(all.size() == 10);
        for (const auto& v : all) {
            const ResidualGrid grid =
                residualScales(oneFloat(v.at("x_max")).item<float>(), v.at("signed") == 1);
            for (std::size_t j = 0; j < 5; ++j) {
                QCOMPARE(static_cast<double>(grid.scale[j]), v.at("s")[j].get<double>());
            }
        }
    }

    void evaluationVectors()
    {
        onEachIsa([] {
            for (const auto& v : quantizerVectors("forward_eval")) {
                for (const auto& c : v.at("cases")) {
                    const at::Tensor y =
                        bayesianBitsQuantize(floats(v.at("x")), oneFloat(v.at("x_max")),
                                             floats(c.at("gates")), {}, -1, v.at("signed") == 1);
                    QVERIFY2(sameBits(y, floats(c.at("y"))),
                             c.at("pattern").get<std::string>().c_str());
                }
            }
            const auto pruned = quantizerVectors("forward_eval_pruned");
            const at::Tensor y = bayesianBitsQuantize(
                floats(pruned.at("x")).view({3, 4}), oneFloat(pruned.at("x_max")),
                at::tensor({1.0F, 1.0F, 0.0F, 0.0F}), floats(pruned.at("gate_2")), 0, true);
            QVERIFY(sameBits(y, floats(pruned.at("y")).view({3, 4})));
        });
    }

    /// The residual of each level, made visible by gates that let one level after the other in.
    void residualsOfTheVectors()
    {
        for (const auto& v : quantizerVectors("forward_eval")) {
            const at::Tensor x = floats(v.at("x"));
            const at::Tensor xMax = oneFloat(v.at("x_max"));
            const bool isSigned = v.at("signed") == 1;
            const ResidualGrid grid = residualScales(xMax.item<float>(), isSigned);
            at::Tensor rest = floats(v.at("parts").at("x_clip"));
            QVERIFY(at::equal(Eager(xMax, isSigned).clip(x), rest));
            const char* names[] = {"x2", "r4", "r8", "r16", "r32"};
            for (int j = 0; j < 5; ++j) {
                const float scale = grid.scale[j];
                const at::Tensor part = at::round(rest / scale) * scale;
                QVERIFY2(at::equal(part, floats(v.at("parts").at(names[j]))), names[j]);
                rest = rest - part;
            }
        }
    }

    void trainingVectors()
    {
        onEachIsa([] {
            for (const auto& v : quantizerVectors("train_grad")) {
                const auto shape = v.at("x_shape").get<std::vector<std::int64_t>>();
                at::Tensor x = floats(v.at("x")).view(shape).set_requires_grad(true);
                at::Tensor xMax = oneFloat(v.at("x_max")).set_requires_grad(true);
                const at::Tensor gates = floats(v.at("z"));
                const std::optional<at::Tensor> z2 = floatsOrNone(v.at("z2"));
                const at::Tensor y =
                    bayesianBitsQuantize(x, xMax, gates, z2, 0, v.at("signed") == 1);
                QVERIFY(sameBits(y.detach(), floats(v.at("y")).view(shape)));
                y.backward(floats(v.at("upstream")).view(shape));
                QVERIFY(isClose(x.grad(), floats(v.at("dx")), kGradientTolerance));
                QVERIFY(isClose(xMax.grad(), oneFloat(v.at("dx_max")), kGradientTolerance));
            }
        });
    }

    void singleStepVectors()
    {
        onEachIsa([] {
            for (const auto& v : quantizerVectors("pact_fixed")) {
                at::Tensor x = floats(v.at("x")).set_requires_grad(true);
                at::Tensor xMax = oneFloat(v.at("x_max")).set_requires_grad(true);
                const at::Tensor y =
                    pactQuantize(x, xMax, {}, -1, v.at("n_bits").get<int>(), v.at("signed") == 1);
                QVERIFY(sameBits(y.detach(), floats(v.at("y"))));
                if (v.at("mode") == "train") {
                    y.backward(floats(v.at("upstream")));
                    QVERIFY(isClose(x.grad(), floats(v.at("dx")), kGradientTolerance));
                    QVERIFY(isClose(xMax.grad(), oneFloat(v.at("dx_max")), kGradientTolerance));
                }
            }
        });
    }

    void equalsEager_data()
    {
        QTest::addColumn<QVector<int>>("shape");
        QTest::addColumn<int>("axis");
        QTest::newRow("per tensor") << QVector<int>{3, 5, 7} << -1;
        QTest::newRow("per tensor, several items") << QVector<int>{3, 23001} << -1;
        QTest::newRow("0-dim") << QVector<int>{} << -1;
        QTest::newRow("empty") << QVector<int>{0, 4} << -1;
        QTest::newRow("empty, per channel") << QVector<int>{0, 4} << 1;
        QTest::newRow("convolution's weight") << QVector<int>{9, 4, 3, 3} << 0;
        QTest::newRow("depthwise weight") << QVector<int>{33, 1, 3, 3} << 0;
        QTest::newRow("transposed convolution's weight") << QVector<int>{6, 5, 3, 3} << 1;
        QTest::newRow("matrix, channels last") << QVector<int>{40, 37} << 1;
        QTest::newRow("one channel") << QVector<int>{1, 40} << 0;
        QTest::newRow("bias") << QVector<int>{70} << 0;
        QTest::newRow("long channels") << QVector<int>{2, 70000} << 0;
    }

    /// Values bit for bit; gradients against autograd over the definition, operator by operator.
    void equalsEager()
    {
        QFETCH(QVector<int>, shape);
        QFETCH(int, axis);
        const std::vector<std::int64_t> sizes(shape.begin(), shape.end());
        at::manual_seed(3);
        const at::Tensor values = at::randn(sizes);
        const at::Tensor upstream = at::randn(sizes);
        for (const bool isSigned : {true, false}) {
            for (int levels = 1; levels <= 5; ++levels) {
                at::Tensor z = at::rand({4}) * 0.8 + 0.1;
                if (levels < 5) {
                    z[levels - 1].zero_();
                }
                const auto variable = [](const at::Tensor& t) {
                    return t.detach().clone().set_requires_grad(true);
                };
                const at::Tensor z2 = at::rand({axis < 0 ? 1 : values.size(axis)});
                at::Tensor x = variable(values), xMax = variable(at::full({1}, 1.7F)),
                           gates = variable(z), channelGates = variable(z2);
                at::Tensor expected = Eager(xMax, isSigned).quantize(x, gates);
                expected = axis < 0 ? expected : expected * alongAxis(channelGates, x, axis);
                expected.backward(upstream.expand_as(expected));
                const at::Tensor eagerGradients[] = {x.grad(), xMax.grad(), gates.grad(),
                                                     channelGates.grad()};
                onEachIsa([&] {
                    at::Tensor x1 = variable(values), xMax1 = variable(xMax), gates1 = variable(z),
                               channelGates1 = variable(z2);
                    const at::Tensor y = bayesianBitsQuantize(
                        x1, xMax1, gates1, axis < 0 ? std::nullopt : std::optional(channelGates1),
                        axis, isSigned);
                    QVERIFY(sameBits(y.detach(), expected.detach().view_as(y)));
                    y.backward(upstream);
                    if (x.numel() == 0) {
                        QVERIFY(at::equal(xMax1.grad(), at::zeros({1})));
                        QVERIFY(axis < 0 || at::equal(channelGates1.grad(), at::zeros_like(z2)));
                        return;
                    }
                    // Float sums over all elements in autograd: compared to the size of the sum of
                    // magnitudes.
                    const double size = upstream.abs().sum().item<double>() * 1e-6 + 1e-6;
                    QVERIFY(at::allclose(x1.grad(), eagerGradients[0], 0, 2e-6));
                    QVERIFY(at::allclose(xMax1.grad(), eagerGradients[1], 0, size));
                    for (int j = 1; j < 5; ++j) {
                        const at::Tensor got = gates1.grad()[j - 1];
                        const at::Tensor want =
                            levels > 1 ? eagerGradients[2][j - 1] : at::zeros({});
                        QVERIFY(at::allclose(got, want, 0, size));
                        QVERIFY(j < levels || got.item<float>() == 0.0F);
                    }
                    QVERIFY(axis < 0 ||
                            at::allclose(channelGates1.grad(), eagerGradients[3], 0, size));
                });
            }
        }
    }

    /// The straight-through gradient is the true one of the function whose rounding errors are
    /// frozen; in the gates the function is a polynomial. Central differences in double.
    void numericGradients()
    {
        at::manual_seed(5);
        const at::Tensor values = at::randn({4, 50});
        const at::Tensor upstream = at::randn({4, 50});
        for (const bool isSigned : {true, false}) {
            at::Tensor x = values.clone().set_requires_grad(true);
            at::Tensor xMax = at::full({1}, 1.1F).set_requires_grad(true);
            at::Tensor gates = at::tensor({0.9F, 0.6F, 0.8F, 0.5F}).set_requires_grad(true);
            at::Tensor z2 = at::tensor({1.0F, 0.2F, 0.0F, 0.7F}).set_requires_grad(true);
            bayesianBitsQuantize(x, xMax, gates, z2, 0, isSigned).backward(upstream);

            // Rounding errors of each level at this point, as the float32 arithmetic makes them.
            std::vector<at::Tensor> errors;
            const Eager grid(xMax.detach(), isSigned);
            at::Tensor rest = grid.clip(values);
            for (const at::Tensor& scale : grid.scale) {
                const at::Tensor ratio = rest / scale;
                errors.push_back((at::round(ratio) - ratio).to(at::kDouble));
                rest = rest - scale * at::round(ratio);
            }
            const auto loss = [&](const at::Tensor& in, const at::Tensor& range,
                                  const at::Tensor& z, const at::Tensor& channel) {
                const Eager smooth(range, isSigned);
                at::Tensor remains = smooth.clip(in);
                std::vector<at::Tensor> parts;
                for (std::size_t j = 0; j < 5; ++j) {
                    parts.push_back(smooth.scale[j] * (remains / smooth.scale[j] + errors[j]));
                    remains = remains - parts.back();
                }
                at::Tensor y = parts[4];
                for (int j = 3; j >= 0; --j) {
                    y = parts[static_cast<std::size_t>(j)] + z[j] * y;
                }
                return (y * channel.view({4, 1}) * upstream.to(at::kDouble)).sum().item<double>();
            };
            const auto wide = [](const at::Tensor& t) { return t.detach().to(at::kDouble); };
            const auto difference = [&](int which, std::int64_t index, double step) {
                double side[2];
                for (int s = 0; s < 2; ++s) {
                    at::Tensor p[] = {wide(x).clone(), wide(xMax).clone(), wide(gates).clone(),
                                      wide(z2).clone()};
                    p[which].view(-1)[index] += s == 0 ? -step : step;
                    side[s] = loss(p[0], p[1], p[2], p[3]);
                }
                return (side[1] - side[0]) / (2 * step);
            };
            const at::Tensor gradients[] = {x.grad(), xMax.grad(), gates.grad(), z2.grad()};
            for (int which = 0; which < 4; ++which) {
                for (std::int64_t i = 0; i < gradients[which].numel(); ++i) {
                    const double numeric = difference(which, i, 1e-5);
                    const double got = gradients[which].view(-1)[i].item<double>();
                    QVERIFY2(std::fabs(got - numeric) < 2e-4,
                             qPrintable(QString("%1[%2]: %3, numerically %4")
                                            .arg(which)
                                            .arg(i)
                                            .arg(got)
                                            .arg(numeric)));
                }
            }
        }
    }

    /// A relu before an unsigned quantizer changes no bit, forward or backward.
    void reluIsAbsorbed()
    {
        at::manual_seed(6);
        const at::Tensor values = at::randn({5000});
        const at::Tensor upstream = at::randn({5000});
        const at::Tensor gates = at::tensor({1.0F, 0.4F, 0.0F, 0.0F});
        at::Tensor results[2][3];
        for (const int withRelu : {0, 1}) {
            at::Tensor x = values.clone().set_requires_grad(true);
            at::Tensor xMax = at::full({1}, 1.3F).set_requires_grad(true);
            const at::Tensor y =
                bayesianBitsQuantize(withRelu == 1 ? at::relu(x) : x, xMax, gates, {}, -1, false);
            y.backward(upstream);
            results[withRelu][0] = y.detach();
            results[withRelu][1] = x.grad();
            results[withRelu][2] = xMax.grad();
        }
        for (int i = 0; i < 3; ++i) {
            QVERIFY(at::equal(results[0][i], results[1][i]));
        }
    }

    /// The single-step quantizer is the decomposed one but for ties and rounding noise, and its
    /// channel gates do the same.
    void singleStepEqualsDecomposed()
    {
        at::manual_seed(8);
        const at::Tensor x = at::randn({7, 3000});
        const at::Tensor upstream = at::randn_like(x);
        const at::Tensor xMax = at::full({1}, 2.1F);
        const at::Tensor z2 = at::rand({7});
        for (const bool isSigned : {true, false}) {
            for (int level = 0; level < 3; ++level) {
                at::Tensor gates = at::zeros({4});
                gates.slice(0, 0, level).fill_(1);
                const int bits = 2 << level;
                QVERIFY(at::allclose(bayesianBitsQuantize(x, xMax, gates, z2, 0, isSigned),
                                     pactQuantize(x, xMax, z2, 0, bits, isSigned), 0, 1e-6));
                const auto [dx, dxMax, dgates, dz2] =
                    bayesianBitsQuantizeBackward(upstream, x, xMax, gates, z2, 0, isSigned);
                const auto [dxPact, dxMaxPact, dz2Pact] =
                    pactQuantizeBackward(upstream, x, xMax, z2, 0, bits, isSigned);
                QVERIFY(at::equal(dx, dxPact));
                QVERIFY(at::allclose(dxMax, dxMaxPact, 1e-5, 1e-4));
                QVERIFY(at::allclose(dz2, dz2Pact, 1e-5, 1e-4));
            }
        }
    }

    void memoryOrderAndTypes()
    {
        at::manual_seed(9);
        const at::Tensor x = at::randn({4, 6, 5, 5});
        const at::Tensor g = at::randn_like(x);
        const at::Tensor xMax = at::full({1}, 1.5F);
        const at::Tensor gates = at::tensor({1.0F, 0.5F, 0.0F, 0.0F});
        const at::Tensor z2 = at::rand({6});
        const auto run = [&](const at::Tensor& in) {
            return bayesianBitsQuantize(in, xMax, gates, z2, 1, true);
        };
        const auto gradients = [&](const at::Tensor& upstream, const at::Tensor& in) {
            return bayesianBitsQuantizeBackward(upstream, in, xMax, gates, z2, 1, true);
        };
        const at::Tensor y = run(x);
        const at::Tensor last = x.contiguous(at::MemoryFormat::ChannelsLast);
        QVERIFY(run(last).is_contiguous(at::MemoryFormat::ChannelsLast));
        QVERIFY(at::equal(run(last), y));
        const at::Tensor strided = x.slice(3, 0, 5, 2);
        QVERIFY(!strided.is_non_overlapping_and_dense());
        QVERIFY(at::equal(run(strided), y.slice(3, 0, 5, 2)));
        const at::Tensor expanded = x.slice(0, 0, 1).expand({3, 6, 5, 5});
        QVERIFY(at::equal(run(expanded), y.slice(0, 0, 1).expand({3, 6, 5, 5})));

        const auto [dx, dxMax, dgates, dz2] = gradients(g, x);
        for (const auto& [upstream, in] :
             {std::pair(g, last), std::pair(g.contiguous(at::MemoryFormat::ChannelsLast), x)}) {
            const auto [dx1, dxMax1, dgates1, dz21] = gradients(upstream, in);
            QVERIFY(at::equal(dx1, dx));
            QVERIFY(dx1.strides() == in.strides());
            QVERIFY(at::allclose(dxMax1, dxMax, 1e-6, 1e-6));
            QVERIFY(at::allclose(dgates1, dgates, 1e-6, 1e-6));
            QVERIFY(at::allclose(dz21, dz2, 1e-6, 1e-6));
        }
        const at::Tensor one = at::ones({1}).expand_as(x);
        QVERIFY(
            at::equal(std::get<0>(gradients(one, x)), std::get<0>(gradients(one.contiguous(), x))));
        // The small tensors may be views of a longer one.
        const at::Tensor flat = at::cat({at::zeros({3}), gates, z2});
        QVERIFY(at::equal(
            bayesianBitsQuantize(x, xMax, flat.slice(0, 3, 7), flat.slice(0, 7), 1, true), y));

        for (const at::ScalarType type : {at::kHalf, at::kBFloat16, at::kDouble}) {
            const at::Tensor narrow = x.to(type).set_requires_grad(true);
            const at::Tensor result = run(narrow);
            QVERIFY(result.scalar_type() == type);
            QVERIFY(at::equal(result, run(narrow.detach().to(at::kFloat)).to(type)));
            result.sum().backward();
            QVERIFY(narrow.grad().scalar_type() == type);
        }
    }

    /// The sums must not depend on how the work is shared out.
    void sameBitsForAnyThreadCount()
    {
        at::manual_seed(4);
        const at::Tensor x = at::randn({16, 7, 64, 64});
        const at::Tensor g = at::randn_like(x);
        const at::Tensor xMax = at::full({1}, 1.5F);
        const at::Tensor gates = at::tensor({0.9F, 0.5F, 0.8F, 0.7F});
        const at::Tensor z2 = at::rand({7});
        const int before = at::get_num_threads();
        std::vector<std::vector<at::Tensor>> results;
        for (const int threads : {1, 2, 3}) {
            at::set_num_threads(threads);
            const auto [dx, dxMax, dgates, dz2] =
                bayesianBitsQuantizeBackward(g, x, xMax, gates, z2, 1, true);
            const auto [dxFlat, dxMaxFlat, dgatesFlat, none] =
                bayesianBitsQuantizeBackward(g, x, xMax, gates, {}, -1, true);
            QVERIFY(none.numel() == 0);
            results.push_back({dx, dxMax, dgates, dz2, dxFlat, dxMaxFlat, dgatesFlat});
        }
        at::set_num_threads(before);
        for (std::size_t i = 0; i < results[0].size(); ++i) {
            QVERIFY(at::equal(results[1][i], results[0][i]));
            QVERIFY(at::equal(results[2][i], results[0][i]));
        }
    }

    /// Nothing but x and the small tensors is kept for the backward pass.
    void gradientsAskedForPartly()
    {
        const at::Tensor x = at::randn({3, 20});
        at::Tensor gates = at::tensor({0.9F, 0.5F, 0.8F, 0.7F}).set_requires_grad(true);
        const at::Tensor y = bayesianBitsQuantize(x, at::ones({1}), gates, at::ones({3}), 0, true);
        QVERIFY(y.requires_grad());
        y.sum().backward();
        QVERIFY(gates.grad().defined() && gates.grad()[0].item<float>() != 0.0F);
        QVERIFY(
            !bayesianBitsQuantize(x, at::ones({1}), gates.detach(), {}, -1, true).requires_grad());
    }

    void metaTensors()
    {
        const auto meta = [](at::IntArrayRef shape, at::ScalarType type) {
            return at::empty(shape, at::TensorOptions(at::kMeta).dtype(type));
        };
        const at::Tensor x = meta({2, 3}, at::kHalf);
        const at::Tensor xMax = meta({1}, at::kFloat);
        const at::Tensor gates = meta({4}, at::kFloat);
        const at::Tensor z2 = meta({3}, at::kFloat);
        const at::Tensor y = bayesianBitsQuantize(x, xMax, gates, z2, 1, true);
        QVERIFY(y.is_meta() && y.scalar_type() == at::kHalf && y.sizes() == x.sizes());
        const auto [dx, dxMax, dgates, dz2] =
            bayesianBitsQuantizeBackward(x, x, xMax, gates, z2, 1, true);
        QVERIFY(dx.is_meta() && dxMax.numel() == 1 && dgates.numel() == 4 && dz2.numel() == 3);
        QVERIFY(pactQuantize(x, xMax, {}, -1, 8, true).scalar_type() == at::kHalf);
        QVERIFY(std::get<2>(pactQuantizeBackward(x, x, xMax, {}, -1, 8, true)).numel() == 0);
    }

    void wrongArguments()
    {
        const at::Tensor x = at::zeros({2, 3});
        const at::Tensor xMax = at::ones({1});
        const at::Tensor gates = at::ones({4});
        const auto refuses = [&](const at::Tensor& a, const at::Tensor& range, const at::Tensor& z,
                                 const std::optional<at::Tensor>& z2, int axis, const char* text) {
            return c10ErrorHolds([&] { bayesianBitsQuantize(a, range, z, z2, axis, true); }, text);
        };
        QVERIFY(refuses(x.to(at::kInt), xMax, gates, {}, -1, "x must be float32"));
        QVERIFY(refuses(x, xMax.to(at::kDouble), gates, {}, -1, "x_max must be float32"));
        QVERIFY(refuses(x, at::ones({2}), gates, {}, -1, "expected 1 element(s) in x_max"));
        QVERIFY(refuses(x, xMax, at::ones({5}), {}, -1, "expected 4 element(s) in gates"));
        QVERIFY(
            refuses(x, xMax, gates, at::ones({2}), 1, "expected 3 element(s) in channel_gates"));
        QVERIFY(refuses(x, xMax, gates, at::ones({3}), -1, "axis must be"));
        QVERIFY(refuses(x, xMax, gates, at::ones({3}), 2, "axis must be"));
        QVERIFY(refuses(x, xMax.to(at::kMeta), gates, {}, -1, "one device"));
        QVERIFY(c10ErrorHolds([&] { pactQuantize(x, xMax, {}, -1, 3, true); },
                              "bits must be 2, 4, 8, 16 or 32, not 3"));
        QVERIFY(c10ErrorHolds(
            [&] { bayesianBitsQuantizeBackward(at::zeros({3}), x, xMax, gates, {}, -1, true); },
            "the gradient has shape"));
    }
};

QTEST_GUILESS_MAIN(TestBayesianBitsQuantize)
#include "tst_bayesian_bits_quantize.moc"
