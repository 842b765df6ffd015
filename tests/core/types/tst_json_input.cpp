// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/json_input.h"
#include "core/types/json_output.h"
#include "tests/core/types/small_model.h"
#include "tests/support/test_support.h"

using namespace bitloom;

class TestJsonInput : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatWasWrittenIsReadAgain()
    {
        ModelInfo model = test::smallModel();
        model.rawTensors.push_back({"bn1.weight", 64});
        QCOMPARE(toJson(modelInfoFromJson(toJson(model))), toJson(model));

        const FrontierPoint point{PointKind::UniformAnchor,
                                  "w4a4",
                                  "plans/w4a4.json",
                                  10,
                                  20,
                                  1.5,
                                  0.25,
                                  std::nullopt,
                                  true};
        QCOMPARE(toJson(frontierPointFromJson(toJson(point))), toJson(point));
        const EpochResult epoch{3, 0.1, 97.5, 96.0, 1.25};
        QCOMPARE(toJson(epochResultFromJson(toJson(epoch))), toJson(epoch));
        const WeightHistogram histogram{"conv1",       4, -1, 1, {1, 2, 3}, -0.9, 0.8,
                                        {-0.9F, 0.8F}, 2, 0.5};
        QCOMPARE(toJson(weightHistogramFromJson(toJson(histogram))), toJson(histogram));
        PackSheet sheet;
        sheet.fileName = "a.h5";
        sheet.fileBytes = 100;
        sheet.ratio = 3.5;
        sheet.top1PlanPercent = 90;
        sheet.tensors.push_back(
            {"conv1.weight", "packed", 4, {8, 3, 3, 3}, 112, 32, 64, 0xFFFFFFFFU, true});
        QCOMPARE(toJson(packSheetFromJson(toJson(sheet))), toJson(sheet));
    }

    void damageIsNamedByItsPath_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("expected");
        QTest::newRow("unknown kind") << "\"kind\":\"conv\""
                                      << "\"kind\":\"fold\""
                                      << "layers[0].kind";
        QTest::newRow("negative count") << "\"groups\":1"
                                        << "\"groups\":-1"
                                        << "layers[0].groups";
        QTest::newRow("missing key") << "\"fingerprint\""
                                     << "\"fingerprints\""
                                     << "fingerprint";
        QTest::newRow("wrong type") << "\"layers\":["
                                    << "\"layers\":7,\"other\":["
                                    << "layers";
    }
    void damageIsNamedByItsPath()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, expected);
        QString text = QString::fromStdString(toJson(test::smallModel()));
        const auto at = text.indexOf(from);
        QVERIFY2(at >= 0, qPrintable(text));
        text.replace(at, from.size(), to);
        const auto error = test::errorOf([&] { modelInfoFromJson(text.toStdString()); });
        QVERIFY(error.has_value());
        QVERIFY2(QString(error->what()).contains(expected), error->what());
    }
};

QTEST_GUILESS_MAIN(TestJsonInput)
#include "tst_json_input.moc"
