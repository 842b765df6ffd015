// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/training.h"
#include "tests/core/methods/small_network.h"

#include "tests/support/test_support.h"

using namespace bitloom;

namespace {

TrainingResult trainSmall(const LoadedModel& model, const TrainingOptions& options,
                          RunControl& control)
{
    BatchLoader images = test::digits(1000, 50, DatasetSplit::Train, true);
    BatchLoader test = test::digits(200, 100);
    return train(*model.graph, images, &test, at::kCPU, options, control,
                 [](const TrainingResult&) {});
}

const at::Tensor& tensorOf(const TrainingResult& result, const std::string& name)
{
    for (const auto& [each, tensor] : result.state) {
        if (each == name) {
            return tensor;
        }
    }
    qFatal("no tensor %s", name.c_str());
}

} // namespace

class TestTraining : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void learns_data()
    {
        QTest::addColumn<bool>("useSgd");
        QTest::newRow("Adam") << false;
        QTest::newRow("SGD") << true;
    }
    void learns()
    {
        QFETCH(bool, useSgd);
        const LoadedModel model = test::smallResidualNetwork(1);
        const at::Tensor before =
            model.graph->findParameter("stem_bn.running_mean")->tensor.clone();
        TrainingOptions options;
        options.epochs = 4;
        options.useSgd = useSgd;
        options.learningRate = useSgd ? 0.05 : 3e-3;
        RunControl control;
        const TrainingResult result = trainSmall(model, options, control);
        QVERIFY(result.finished);
        QCOMPARE(result.epochs.size(), std::size_t{4});
        QVERIFY(result.epochs.back().loss < 0.5 * result.epochs.front().loss);
        QVERIFY2(result.epochs.back().testTop1Percent.value() > 70,
                 qPrintable(QString::number(*result.epochs.back().testTop1Percent)));
        // The trained state has moved, the model it started from has not.
        QVERIFY(!tensorOf(result, "stem_bn.running_mean").equal(before));
        QVERIFY(model.graph->findParameter("stem_bn.running_mean")->tensor.equal(before));
        QVERIFY(!model.graph->findParameter("fc.weight")->tensor.requires_grad());
        // The trained state gives the accuracy that was reported.
        const LoadedModel trained = describeModel(model.graph->withParameters(result.state), {});
        QVERIFY(trained.info.fingerprint != model.info.fingerprint);
    }

    void sameSeedSameWeights()
    {
        const LoadedModel model = test::smallResidualNetwork(2);
        TrainingOptions options;
        options.epochs = 1;
        RunControl control;
        const TrainingResult first = trainSmall(model, options, control);
        const TrainingResult second = trainSmall(model, options, control);
        for (std::size_t i = 0; i < first.state.size(); ++i) {
            QVERIFY2(first.state[i].second.equal(second.state[i].second),
                     first.state[i].first.c_str());
        }
    }

    void cancelKeepsTheLastEpoch()
    {
        const LoadedModel model = test::smallResidualNetwork(3);
        TrainingOptions options;
        options.epochs = 100;
        RunControl control;
        BatchLoader images = test::digits(500, 50, DatasetSplit::Train, true);
        const TrainingResult result =
            train(*model.graph, images, nullptr, at::kCPU, options, control,
                  [&](const TrainingResult&) { control.requestStop(); });
        QVERIFY(!result.finished);
        QCOMPARE(result.epochs.size(), std::size_t{1});
        QVERIFY(!result.epochs.front().testTop1Percent.has_value());
    }

    void divergenceIsAnError()
    {
        const LoadedModel model = test::smallResidualNetwork(4);
        TrainingOptions options;
        options.useSgd = true;
        options.learningRate = 1e20;
        RunControl control;
        BITLOOM_EXPECT_ERROR(trainSmall(model, options, control), ErrorCode::NonFinite,
                             "smaller --learning-rate");
    }
};

QTEST_GUILESS_MAIN(TestTraining)
#include "tst_training.moc"
