// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/predictions.h"
#include "tests/support/test_support.h"

#include <nlohmann/json.hpp>

using namespace bitloom;

namespace {

Predictions sample()
{
    Predictions predictions;
    predictions.modelName = "tiny";
    predictions.modelFingerprint = "sha256:0";
    predictions.data = "digits:9";
    predictions.split = "test";
    predictions.classNames = {"zero", "one"};
    predictions.images = {0, 2, 3, 7, 8, 9};
    predictions.labels = {0, 0, 1, 1, 2, 2};
    predictions.predicted = {0, 0, 1, 0, 1, 2};
    predictions.confidencesPercent = {99.5, 50.25, 33, 40, 41, 42.125};
    return predictions;
}

/// One image of each fate: stays right, becomes wrong, stays right, becomes right, wrong in another
/// way, becomes wrong.
Predictions changed()
{
    Predictions predictions = sample();
    predictions.plan = "w4a4";
    predictions.predicted = {0, 1, 1, 1, 0, 0};
    predictions.confidencesPercent.clear();
    return predictions;
}

} // namespace

class TestPredictions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatWasWrittenIsReadAgain()
    {
        for (const Predictions& predictions : {sample(), changed(), Predictions{}}) {
            const Predictions again = predictionsFromJson(toJson(predictions));
            QCOMPARE(toJson(again), toJson(predictions));
            QCOMPARE(again.images, predictions.images);
            QCOMPARE(again.confidencesPercent, predictions.confidencesPercent);
        }
    }

    void classesAreCounted()
    {
        const auto counts = classCounts(sample());
        QCOMPARE(counts.size(), std::size_t{3});
        QCOMPARE(counts[0].images, std::int64_t{2});
        QCOMPARE(counts[0].correct, std::int64_t{2});
        QCOMPARE(counts[1].correct, std::int64_t{1});
        QCOMPARE(counts[2].label, std::int64_t{2});
        QCOMPARE(counts[2].correct, std::int64_t{1});
        QVERIFY(classCounts(Predictions{}).empty());
    }

    void eachImageHasOneFate()
    {
        const PredictionChanges changes = comparePredictions(sample(), changed());
        QCOMPARE(changes.images, std::int64_t{6});
        QCOMPARE(changes.parentCorrect, std::int64_t{4});
        QCOMPARE(changes.otherCorrect, std::int64_t{3});
        QCOMPARE(changes.agreeing, std::int64_t{2});
        QCOMPARE(changes.toWrong.size(), std::size_t{2});
        QCOMPARE(changes.toWrong[0].image, std::int64_t{2});
        QCOMPARE(changes.toWrong[1].image, std::int64_t{9});
        QCOMPARE(changes.toWrong[1].parent, std::int64_t{2});
        QCOMPARE(changes.toWrong[1].other, std::int64_t{0});
        QCOMPARE(changes.toRight.size(), std::size_t{1});
        QCOMPARE(changes.toRight[0].image, std::int64_t{7});
        QCOMPARE(changes.toOtherWrong.size(), std::size_t{1});
        QCOMPARE(changes.toOtherWrong[0].image, std::int64_t{8});
        QCOMPARE(changes.classes.size(), std::size_t{3});
        QCOMPARE(changes.classes[1].name, std::string("one"));
        QCOMPARE(changes.classes[1].parentCorrect, std::int64_t{1});
        QCOMPARE(changes.classes[1].otherCorrect, std::int64_t{2});
        QCOMPARE(changes.classes[2].name, std::string()); // a class without a name
        const auto json = nlohmann::json::parse(toJson(changes));
        QCOMPARE(json["to_wrong"].size(), std::size_t{2});
        QCOMPARE(json["classes"][2]["other_correct"].get<int>(), 0);
        QCOMPARE(json["agreement_percent"].get<double>(), 100.0 * 2 / 6);
    }

    void aModelAgreesWithItself()
    {
        const PredictionChanges changes = comparePredictions(sample(), sample());
        QCOMPARE(changes.agreementPercent(), 100.0);
        QVERIFY(changes.toWrong.empty() && changes.toRight.empty() && changes.toOtherWrong.empty());
        QCOMPARE(comparePredictions({}, {}).agreementPercent(), 0.0);
    }

    void otherImagesAreRefused()
    {
        Predictions other = changed();
        other.images[3] = 6;
        BITLOOM_EXPECT_ERROR(comparePredictions(sample(), other), ErrorCode::InvalidArgument,
                             "image 6 is in one of them only");
        other = changed();
        other.labels[4] = 1;
        BITLOOM_EXPECT_ERROR(comparePredictions(sample(), other), ErrorCode::InvalidArgument,
                             "image 8 is of class 2 in the first and of class 1");
        other = changed();
        other.images.pop_back();
        other.labels.pop_back();
        other.predicted.pop_back();
        BITLOOM_EXPECT_ERROR(comparePredictions(sample(), other), ErrorCode::InvalidArgument,
                             "6 in the first, 5 in the second");
    }

    void damageIsNamedByItsPath_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("expected");
        QTest::newRow("lists of different lengths") << "\"labels\": [0,0,"
                                                    << "\"labels\": [0,"
                                                    << "labels: found 5 entries for 6 images";
        QTest::newRow("an image twice") << "[0,2,3,"
                                        << "[0,2,2,"
                                        << "images[2]: found 2 after 2";
        QTest::newRow("negative class") << "\"predicted\": [0"
                                        << "\"predicted\": [-1"
                                        << "predicted[0]";
        QTest::newRow("too few confidences") << "[99.5,"
                                             << "["
                                             << "confidences_percent: found 5";
        QTest::newRow("another format") << "bitloom.predictions"
                                        << "bitloom.plan"
                                        << "bitloom.plan";
        QTest::newRow("newer version") << "\"version\": 1"
                                       << "\"version\": 2"
                                       << "newer Bitloom";
    }

    void damageIsNamedByItsPath()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, expected);
        QString text = QString::fromStdString(toJson(sample()));
        const auto at = text.indexOf(from);
        QVERIFY2(at >= 0, qPrintable(text));
        text.replace(at, from.size(), to);
        const auto error = test::errorOf([&] { predictionsFromJson(text.toStdString()); });
        QVERIFY(error.has_value());
        QVERIFY2(QString(error->what()).contains(expected), error->what());
    }
};

QTEST_GUILESS_MAIN(TestPredictions)
#include "tst_predictions.moc"
