// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/options.h"

#include "tests/support/test_support.h"

using namespace bitloom;
using namespace bitloom::bayesian_bits;

namespace {

OptionValues said(std::initializer_list<std::pair<const char*, OptionValue>> pairs)
{
    OptionValues values;
    for (const auto& [name, value] : pairs) {
        values.set(name, value);
    }
    return optionSchema().completed(optionSchema().defaults(), values);
}

} // namespace

class TestBayesianBitsOptions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void publishedRecipes()
    {
        const OptionValues mnist = optionSchema().preset("mnist-lenet5");
        QCOMPARE(runOptions(mnist).epochs, 100);
        QCOMPARE(runOptions(mnist).batchSize, std::int64_t{128});
        QVERIFY(searchOptions(mnist, 7).network.sites.pruning);
        QVERIFY(
            (searchOptions(mnist, 7).network.levelLogits == std::array<double, 4>{6, 6, -6, -6}));
        const TrainerOptions trainer = searchOptions(mnist, 7).trainer;
        QCOMPARE(trainer.lambda, 0.1);
        QCOMPARE(trainer.seed, std::uint64_t{7});
        QVERIFY(!trainer.weights.useSgd);
        QVERIFY(trainer.schedule.kind == LearningRateSchedule::Kind::LinearTail);

        const TrainerOptions imagenet =
            searchOptions(optionSchema().preset("imagenet-resnet18"), 0).trainer;
        QVERIFY(imagenet.weights.useSgd);
        QVERIFY(!imagenet.gates->useSgd);
        QCOMPARE(imagenet.weights.learningRate, 3e-3);
        QCOMPARE(imagenet.schedule.milestones, (std::vector<int>{10, 20}));
    }

    void groupsWithoutAnOptimizerAreMerged()
    {
        const std::string none = "none";
        const TrainerOptions all =
            searchOptions(said({{"optimizer-q", none}, {"optimizer-s", none}}), 0).trainer;
        QVERIFY(!all.gates && !all.ranges);
        const TrainerOptions ranges = searchOptions(said({{"optimizer-s", none}}), 0).trainer;
        QVERIFY(ranges.gates && !ranges.ranges);
        BITLOOM_EXPECT_ERROR(said({{"optimizer-q", none}}), ErrorCode::InvalidArgument,
                             "optimizer-s needs to be none too");
        BITLOOM_EXPECT_ERROR(said({{"optimizer-s", none}, {"learning-rate-s", 1e-2}}),
                             ErrorCode::InvalidArgument, "no optimizer for the ranges alone");
        BITLOOM_EXPECT_ERROR(
            said({{"optimizer-q", none}, {"optimizer-s", none}, {"learning-rate-q", 1e-2}}),
            ErrorCode::InvalidArgument, "no optimizer for the gates alone");
        BITLOOM_EXPECT_ERROR(said({{"optimizer", none}}), ErrorCode::InvalidArgument, "adam");
    }

    void originalName()
    {
        QCOMPARE(searchOptions(said({{"gating-lambda", 0.5}}), 0).trainer.lambda, 0.5);
    }

    void prices()
    {
        const auto typeOf = [](const char* name) {
            return searchOptions(said({{"reg-type", std::string(name)}}), 0).network.regulariser;
        };
        QVERIFY(searchOptions(said({}), 0).network.regulariser == RegulariserType::BitOperations);
        QVERIFY(typeOf("const") == RegulariserType::Constant);
        QVERIFY(typeOf("expected-bop") == RegulariserType::ExpectedBitOperations);
        BITLOOM_EXPECT_ERROR(typeOf("bops"), ErrorCode::InvalidArgument, "expected-bop");
    }

    void baseline()
    {
        QVERIFY(baselineBits(said({})).empty());
        QCOMPARE(baselineBits(said({{"naive-25-baseline", std::string("4,8")}})),
                 (std::vector<int>{8, 4}));
        for (const char* wrong : {"16", "4,4", "8;4", "x"}) {
            BITLOOM_EXPECT_ERROR(said({{"naive-25-baseline", std::string(wrong)}}),
                                 ErrorCode::InvalidArgument, "its widths are 8, 4 and 2 bits");
        }
        BITLOOM_EXPECT_ERROR(said({{"naive-25-baseline", std::string("8")},
                                   {"fixed-gate-finetune-epochs", std::int64_t{2}}}),
                             ErrorCode::InvalidArgument, "not one that was fine-tuned");
    }

    void learnedGroups_data()
    {
        QTest::addColumn<QString>("learn");
        QTest::addColumn<QString>("trains"); // weights, biases, gates, ranges
        QTest::newRow("wgs") << "wgs"
                             << "1011";
        QTest::newRow("bgs") << "bgs"
                             << "0111";
        QTest::newRow("gs") << "gs"
                            << "0011";
        QTest::newRow("g") << "g"
                           << "0010";
        QTest::newRow("wg") << "wg"
                            << "1010";
        QTest::newRow("bs") << "bs"
                            << "0101";
        QTest::newRow("w") << "w"
                           << "1000";
    }
    void learnedGroups()
    {
        QFETCH(QString, learn);
        QFETCH(QString, trains);
        const LearnedGroups learned =
            searchOptions(said({{"learn", learn.toStdString()}}), 0).trainer.learned;
        const QString found = QString("%1%2%3%4")
                                  .arg(learned.weights)
                                  .arg(learned.biases)
                                  .arg(learned.gates)
                                  .arg(learned.ranges);
        QCOMPARE(found, trains);
    }

    void modes()
    {
        QVERIFY(searchOptions(said({}), 0).network.mode == QuantizerMode::Gated);
        QVERIFY(searchOptions(said({{"include-pruning", true}, {"prune-only", true}}), 0)
                    .network.mode == QuantizerMode::PruneOnly);
        const NetworkOptions fixed =
            searchOptions(
                said({{"include-pruning", true}, {"prune-only", true}, {"fixed-48bit", true}}), 0)
                .network;
        QVERIFY(fixed.mode == QuantizerMode::FixedWidths);
        QCOMPARE(fixed.fixedWeightBits, 4);
        QCOMPARE(fixed.fixedActivationBits, 8);
        const NetworkOptions weights = searchOptions(said({{"no-act-quant", true}}), 0).network;
        QVERIFY(weights.quantizeWeights && !weights.quantizeActivations);
        const NetworkOptions activations =
            searchOptions(said({{"no-weight-quant", true}}), 0).network;
        QVERIFY(!activations.quantizeWeights && activations.quantizeActivations);
    }

    void fineTuning()
    {
        QCOMPARE(fineTuningOptions(said({})).epochs, 0);
        const FineTuningOptions published =
            fineTuningOptions(optionSchema().preset("imagenet-resnet18"));
        QCOMPARE(published.epochs, 10);
        QCOMPARE(published.learningRate, 1e-4);
        QCOMPARE(published.feedBatches, std::int64_t{0});
        QCOMPARE(fineTuningOptions(said({{"n-feed", std::int64_t{7}},
                                         {"fixed-gate-finetune-epochs", std::int64_t{1}}}))
                     .feedBatches,
                 std::int64_t{7});
        BITLOOM_EXPECT_ERROR(said({{"n-feed", std::int64_t{7}}}), ErrorCode::InvalidArgument,
                             "there is no fine-tuning");
    }

    void locks()
    {
        const SearchOptions options =
            searchOptions(said({{"lock", std::string("conv1=8/8,fc=keep")}}), 0);
        QCOMPARE(options.locks.size(), std::size_t{2});
        BITLOOM_EXPECT_ERROR(said({{"lock", std::string("conv1=8")}}), ErrorCode::InvalidArgument,
                             "the lock 'conv1=8' is not of the form");
    }

    void conflictsAreRefusedBeforeAnythingStarts()
    {
        BITLOOM_EXPECT_ERROR(said({{"prune-only", true}}), ErrorCode::InvalidArgument,
                             "without include-pruning");
        // Its forward pass would ignore the pruning gates (defect D16 of the published program).
        BITLOOM_EXPECT_ERROR(said({{"fixed-8bit", true}}), ErrorCode::InvalidArgument,
                             "option 'fixed-8bit' cannot be true because fixed widths are for "
                             "prune-only");
        BITLOOM_EXPECT_ERROR(said({{"no-act-quant", true}, {"no-weight-quant", true}}),
                             ErrorCode::InvalidArgument, "no bits are left to choose");
        BITLOOM_EXPECT_ERROR(said({{"include-pruning", true},
                                   {"prune-only", true},
                                   {"fixed-8bit", true},
                                   {"fixed-48bit", true}}),
                             ErrorCode::InvalidArgument, "exclude each other");
    }

    void unknownSchedulesAreRefused()
    {
        // The published default: it matched no branch there, so the rate stayed constant (D11).
        BITLOOM_EXPECT_ERROR(said({{"lr-schedule", std::string("MultiStepLR:10:20:40")}}),
                             ErrorCode::InvalidArgument, "MultiStepLR:10:20:40");
        QVERIFY(searchOptions(said({{"lr-schedule", std::string("multistep:10:20:40")}}), 0)
                    .trainer.schedule.kind == LearningRateSchedule::Kind::MultiStep);
    }
};

QTEST_GUILESS_MAIN(TestBayesianBitsOptions)
#include "tst_bayesian_bits_options.moc"
