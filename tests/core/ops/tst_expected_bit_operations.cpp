// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/expected_bit_operations.h"
#include "core/ops/hard_concrete.h"
#include "core/ops/hard_concrete_gates.h"

#include <ATen/ATen.h>

#include "tests/core/ops/c10_error.h"
#include "tests/support/test_support.h"

#include <cmath>
#include <functional>
#include <vector>

using namespace bitloom::ops;
using namespace bitloom::test;

namespace {

/// Three weights with 4, 12 and 0 channel gates, two activations.
enum Quantizer : std::int64_t { kFirst, kSecond, kLast, kLow, kHigh };
const std::vector<std::int64_t> kChannels{4, 12, 0, 0, 0};

struct Layer {
    std::int64_t weight, activation, outputs, inputs, groups, inputChannels;
    std::int64_t outputChannels; ///< not part of the table
    double scale;
};

/// A convolution of the image, a grouped one on its channels, a depthwise one that follows them, a
/// linear layer on the flattened map (5 inputs per channel), a product of two activations.
const std::vector<Layer> kLayers{{kFirst, -1, kFirst, -1, 1, 0, 4, 3.0},
                                 {kSecond, kLow, kSecond, kFirst, 2, 4, 12, 0.5},
                                 {kLast, kHigh, kLast, kSecond, 12, 12, 12, 0.25},
                                 {kLast, kHigh, kLast, kSecond, 1, 60, 10, 1.5},
                                 {kHigh, kLow, -1, -1, 1, 0, 7, 0.125}};

at::Tensor table()
{
    std::vector<std::int64_t> rows;
    for (const Layer& each : kLayers) {
        rows.insert(rows.end(), {each.weight, each.activation, each.outputs, each.inputs,
                                 each.groups, each.inputChannels});
    }
    return at::tensor(rows, at::kLong).reshape({-1, 6});
}

at::Tensor scales()
{
    std::vector<double> all;
    for (const Layer& each : kLayers) {
        all.push_back(each.scale);
    }
    return at::tensor(all, at::kDouble);
}

/// The same from the meaning of the words, connection by connection. open: probabilities in double.
std::vector<double> sharesOf(const at::Tensor& open, const at::Tensor& offsets)
{
    const auto at = [&](std::int64_t quantizer, std::int64_t place) {
        return open[offsets[quantizer].item<std::int64_t>() + place].item<double>();
    };
    const auto bits = [&](std::int64_t quantizer) {
        if (quantizer < 0) {
            return 8.0;
        }
        const std::int64_t channels = kChannels[static_cast<std::size_t>(quantizer)];
        double sum = 2;
        double all = 1;
        for (std::int64_t j = 0; j < 4; ++j) {
            all *= at(quantizer, channels + j);
            sum += all * std::pow(2.0, static_cast<double>(j + 1));
        }
        return sum;
    };
    const auto kept = [&](std::int64_t quantizer, std::int64_t channel, std::int64_t channels) {
        const std::int64_t gates =
            quantizer < 0 ? 0 : kChannels[static_cast<std::size_t>(quantizer)];
        return gates == 0 ? 1.0 : at(quantizer, channel / (channels / gates));
    };
    std::vector<double> shares;
    for (const Layer& each : kLayers) {
        const std::int64_t inputs = std::max<std::int64_t>(each.inputChannels, each.groups);
        double connections = 0;
        for (std::int64_t o = 0; o < each.outputChannels; ++o) {
            for (std::int64_t i = 0; i < inputs; ++i) {
                if (o * each.groups / each.outputChannels == i * each.groups / inputs) {
                    connections +=
                        kept(each.outputs, o, each.outputChannels) * kept(each.inputs, i, inputs);
                }
            }
        }
        const double all = static_cast<double>(each.outputChannels * inputs / each.groups);
        shares.push_back(each.scale * bits(each.weight) * bits(each.activation) * connections /
                         all);
    }
    return shares;
}

double sum(const std::vector<double>& shares)
{
    double total = 0;
    for (const double each : shares) {
        total += each;
    }
    return total;
}

at::Tensor openOf(const at::Tensor& logits)
{
    return at::sigmoid(logits.to(at::kDouble) - kConcreteOffset);
}

} // namespace

class TestExpectedBitOperations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsTheSumOverConnections()
    {
        at::manual_seed(5);
        const at::Tensor offsets = gateOffsets(kChannels);
        const at::Tensor logits = (at::randn({36}) * 2).set_requires_grad(true);
        const auto [total, shares] = expectedBitOperations(logits, offsets, table(), scales());
        const std::vector<double> expected = sharesOf(openOf(logits.detach()), offsets);
        QVERIFY(at::allclose(shares.to(at::kDouble), at::tensor(expected, at::kDouble), 1e-6, 0));
        QVERIFY(std::fabs(total.item<double>() / sum(expected) - 1) < 1e-6);
        QVERIFY(total.requires_grad() && !shares.requires_grad());
        (total * 2).backward();
        for (std::int64_t i = 0; i < logits.numel(); ++i) {
            at::Tensor above = logits.detach().to(at::kDouble);
            at::Tensor below = above.clone();
            above[i] += 1e-4;
            below[i] -= 1e-4;
            const double numeric =
                (sum(sharesOf(openOf(above), offsets)) - sum(sharesOf(openOf(below), offsets))) /
                1e-4;
            const double found = logits.grad()[i].item<double>();
            QVERIFY2(std::fabs(found - numeric) < 1e-5 * std::fabs(numeric) + 1e-4,
                     std::to_string(i).c_str());
        }
    }

    /// With gates that are 0 or 1 it is a count, without any rounding.
    void countsOnceDecided()
    {
        const at::Tensor offsets = gateOffsets(kChannels);
        at::Tensor logits = at::full({36}, -100.0F);
        logits.slice(0, 0, 3).fill_(100);   // 3 of 4 channels, 2 bits
        logits.slice(0, 8, 11).fill_(100);  // 3 of the 6 outputs of group 0 (that read 2 of 2)
        logits.slice(0, 14, 20).fill_(100); // all 6 of group 1 (1 of 2)
        logits[20] = 100;                   // 4 bits
        logits.slice(0, 24, 26).fill_(100); // 8 bits
        logits.slice(0, 28, 30).fill_(100); // 8 bits
        logits[32] = 100;                   // 4 bits
        const auto [total, shares, gradient] =
            expectedBitOperationsWithGradient(logits, offsets, table(), scales());
        const at::Tensor expected =
            at::tensor({3.0 * 2 * 8 * 3 / 4, 0.5 * 4 * 8 * (3.0 / 6 + 1.0 / 2) / 2,
                        0.25 * 8 * 4 * 9 / 12, 1.5 * 8 * 4 * 9 / 12, 0.125 * 4 * 8},
                       at::kFloat);
        QVERIFY(at::equal(shares, expected));
        QCOMPARE(total.item<float>(), expected.sum().item<float>());
        QCOMPARE(gradient.abs().max().item<float>(), 0.0F); // nothing moves a decided gate
    }

    void metaTensors()
    {
        const auto meta = at::TensorOptions(at::kMeta);
        const auto [total, shares] = expectedBitOperations(
            at::empty({9}, meta.dtype(at::kFloat)), at::empty({3}, meta.dtype(at::kLong)),
            at::empty({5, 6}, meta.dtype(at::kLong)), at::empty({5}, meta.dtype(at::kDouble)));
        QVERIFY(total.is_meta() && total.dim() == 0 && shares.numel() == 5);
    }

    void wrongArguments()
    {
        const at::Tensor offsets = gateOffsets(kChannels);
        const at::Tensor logits = at::zeros({36});
        const auto with = [&](int column, std::int64_t value) {
            at::Tensor layers = table();
            layers[1][column] = value;
            return [=] { expectedBitOperations(logits, offsets, layers, scales()); };
        };
        QVERIFY(c10ErrorHolds(with(0, 5), "layer 1 names a quantizer that is not there"));
        QVERIFY(c10ErrorHolds(with(3, -2), "layer 1 names a quantizer that is not there"));
        QVERIFY(c10ErrorHolds(with(4, 0), "has no groups"));
        QVERIFY(c10ErrorHolds(with(4, 5), "do not divide into 5 groups"));
        QVERIFY(c10ErrorHolds(with(5, 6), "the channels of layer 1"));
        QVERIFY(
            c10ErrorHolds([&] { expectedBitOperations(logits, offsets, table(), at::ones({5})); },
                          "scales must be contiguous float64 of shape [5]"));
        QVERIFY(c10ErrorHolds(
            [&] { expectedBitOperations(logits, offsets, table().slice(1, 0, 5), scales()); },
            "layers must be contiguous int64"));
        QVERIFY(c10ErrorHolds(
            [&] { expectedBitOperations(at::zeros({35}), offsets, table(), scales()); },
            "offsets must go from 0 to the number of logits, 35"));
    }
};

QTEST_GUILESS_MAIN(TestExpectedBitOperations)
#include "tst_expected_bit_operations.moc"
