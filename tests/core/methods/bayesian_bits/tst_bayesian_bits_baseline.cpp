// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/sensitivity_baseline.h"
#include "core/methods/bayesian_bits/trainer.h"
#include "core/methods/evaluation.h"

#include "tests/core/methods/small_network.h"
#include "tests/support/test_support.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <set>

using namespace bitloom;
using namespace bitloom::bayesian_bits;

/// On a network that learned a little, so that widths matter.
class TestBayesianBitsBaseline : public QObject {
    Q_OBJECT

    BatchLoader m_images = test::digits(96, 32);
    std::unique_ptr<GatedNetwork> m_network;
    NamedTensors m_learned;

    /// Images that are classified right with these widths, by gates that are set one by one.
    std::int64_t correctWith(const std::vector<QuantizerWidth>& widths)
    {
        m_network->restore(m_learned);
        {
            const at::NoGradGuard noGradients;
            const GateLayout& layout = m_network->layout();
            for (std::size_t q = 0; q < widths.size(); ++q) {
                m_network->logits().narrow(0, layout.channelsAt(q), layout.channelsOf(q)).fill_(20);
                for (int k = 0; k < 4; ++k) {
                    m_network->logits()[layout.levelsAt(q) + k] =
                        (4 << k) <= widths[q].bits ? 20.0F : -20.0F;
                }
            }
        }
        m_network->invalidateEvaluation();
        RunControl control;
        return evaluate(m_network->evaluation(), m_images, at::kCPU, control).correct;
    }

    std::vector<QuantizerWidth> uniform(int bits) const
    {
        return std::vector<QuantizerWidth>(m_network->sites().quantizers.size(), {bits, {}});
    }

private Q_SLOTS:
    void init()
    {
        const LoadedModel model = test::smallResidualNetwork(6);
        NetworkOptions options;
        options.levelLogits = {6, 6, 6, -6};
        m_network = std::make_unique<GatedNetwork>(model, options, at::kCPU);
        BatchLoader training = test::digits(160, 32, DatasetSplit::Train, true);
        training.startEpoch(0);
        m_network->observe(training.next()->images);
        m_network->finishObserving();
        TrainerOptions trainerOptions;
        trainerOptions.weights.learningRate = 3e-3;
        Trainer trainer(*m_network, trainerOptions);
        for (int epoch = 0; epoch < 6; ++epoch) {
            training.startEpoch(epoch);
            while (const auto batch = training.next()) {
                trainer.step(batch->images, batch->labels);
            }
        }
        m_learned = m_network->state();
    }

    void lowersOneQuantizerAfterTheOther()
    {
        RunControl control;
        const auto points = sensitivityBaseline(*m_network, {8, 2}, m_images, control);
        QVERIFY(points);
        const std::size_t count = m_network->sites().quantizers.size();
        QCOMPARE(points->size(), 1 + 2 * count);
        QVERIFY(!points->front().quantizer);
        for (std::size_t i = 1; i < points->size(); ++i) {
            const BaselinePoint& point = (*points)[i];
            const int width = i <= count ? 8 : 2;
            for (std::size_t q = 0; q < count; ++q) {
                const int before = (*points)[i - 1].widths[q].bits;
                QCOMPARE(point.widths[q].bits, q == *point.quantizer ? width : before);
                QVERIFY(q != *point.quantizer || before > width);
            }
            QVERIFY(point.bops <= (*points)[i - 1].bops);
            QVERIFY(std::ranges::find(point.widths.front().kept, false) ==
                    point.widths.front().kept.end());
        }
        QCOMPARE(points->back().widths.back().bits, 2);
        // What was measured is what the widths give, whatever was measured before.
        for (const std::size_t i : {std::size_t{0}, std::size_t{3}, count, count + 2, 2 * count}) {
            const BaselinePoint& point = (*points)[i];
            QCOMPARE(point.top1Percent,
                     100.0 * static_cast<double>(correctWith(point.widths)) / 96);
        }
    }

    void theLeastSensitiveComesFirst()
    {
        RunControl control;
        const auto points = sensitivityBaseline(*m_network, {2}, m_images, control);
        QVERIFY(points);
        std::vector<std::int64_t> alone;
        for (std::size_t i = 1; i < points->size(); ++i) {
            auto widths = uniform(kBaselineStartBits);
            widths[*(*points)[i].quantizer].bits = 2;
            alone.push_back(correctWith(widths));
        }
        QVERIFY(std::ranges::is_sorted(alone, std::greater()));
        // Not as in the published code, where weights that had been quantized once stayed so.
        QVERIFY(std::set<std::int64_t>(alone.begin(), alone.end()).size() > 2);
    }

    void wrongWidths()
    {
        RunControl control;
        for (const std::vector<int>& bits : {std::vector<int>{}, std::vector<int>{16},
                                             std::vector<int>{4, 8}, std::vector<int>{3}}) {
            BITLOOM_EXPECT_ERROR(sensitivityBaseline(*m_network, bits, m_images, control),
                                 ErrorCode::InvalidArgument, "8, 4 and 2 bits, in this order");
        }
    }

    void canBeCancelled()
    {
        RunControl control;
        control.requestStop();
        QVERIFY(!sensitivityBaseline(*m_network, {8}, m_images, control));
    }
};

QTEST_GUILESS_MAIN(TestBayesianBitsBaseline)
#include "tst_bayesian_bits_baseline.moc"
