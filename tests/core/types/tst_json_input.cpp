// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/file_report.h"
#include "core/types/json_input.h"
#include "core/types/json_output.h"
#include "core/types/layer_detail.h"
#include "core/types/thumbnail.h"
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
                                  true,
                                  "0123abcd"};
        QCOMPARE(toJson(frontierPointFromJson(toJson(point))), toJson(point));
        const EpochResult epoch{3, 0.1, 97.5, 96.0, 1.25};
        QCOMPARE(toJson(epochResultFromJson(toJson(epoch))), toJson(epoch));
        const WeightHistogram histogram{{4, -1, 1, {1, 2, 3}, -0.9, 0.8, {-0.9F, 0.8F}, 2, 0.5},
                                        "conv1"};
        QCOMPARE(toJson(weightHistogramFromJson(toJson(histogram))), toJson(histogram));
        EvalResult result{10, 9, 10, 1.5, 1, false, std::nullopt};
        QCOMPARE(toJson(evalResultFromJson(toJson(result))), toJson(result));
        result.predictions = Predictions{};
        result.predictions->images = {4};
        result.predictions->labels = {2};
        result.predictions->predicted = {3};
        QCOMPARE(evalResultFromJson(toJson(result)).predictions->predicted.front(),
                 std::int64_t{3});
        PackSheet sheet;
        sheet.fileName = "a.h5";
        sheet.fileBytes = 100;
        sheet.ratio = 3.5;
        sheet.top1PlanPercent = 90;
        sheet.tensors.push_back(
            {"conv1.weight", "packed", 4, {8, 3, 3, 3}, 112, 32, 64, 0xFFFFFFFFU, true});
        QCOMPARE(toJson(packSheetFromJson(toJson(sheet))), toJson(sheet));
        QVERIFY(holdsModel(packSheetFromJson(toJson(sheet))));
        for (const std::string format : {"compressed-tensors", "gptq", "later-tensors"}) {
            sheet.format = format;
            const PackSheet back = packSheetFromJson(toJson(sheet));
            QCOMPARE(back.format, format);
            QCOMPARE(holdsModel(back), format == "compressed-tensors");
        }
    }

    void layerDetail()
    {
        LayerDetail detail;
        detail.layer = "conv1";
        detail.kind = LayerKind::ConvTranspose;
        detail.weight = "conv1.weight";
        detail.weightHistograms = {{{4, -1, 1, {1, 2}, -0.5, 0.5, {-0.5F, 0.5F}, 2, 0.5}, "conv1"},
                                   {{8, -1, 1, {1, 2}, 0, 0, {}, -1, 0}, "conv1"}};
        detail.channels = {{-1, 0.5, -0.5, 0.25}, {0, 1, 0, 0}};
        detail.errors = {{Observer::Mse, 4, 0.25, 12.5}, {Observer::MinMax, 32, 0, std::nullopt}};
        detail.activations = {{{8, 0, 6, {9}, 0, 5, {}, -1, 2.5}, "relu"}};
        detail.activationChannels = {{{0, 6, 0, 5}, {0, 0.5, 0, 5}}};
        detail.calibrationImages = 16;
        const LayerDetail again = layerDetailFromJson(toJson(detail));
        QCOMPARE(toJson(again), toJson(detail));
        QCOMPARE(again.channels[0].clipHigh, 0.25);
        QVERIFY(again.errors[0].sqnrDb == 12.5 && !again.errors[1].sqnrDb);
        QCOMPARE(again.activations[0].tensor, std::string("relu"));
        QCOMPARE(again.activationChannels.size(), std::size_t{1});
        QCOMPARE(again.activationChannels[0].size(), std::size_t{2});
        QCOMPARE(again.activationChannels[0][1].high, 0.5);
        QCOMPARE(again.activationChannels[0][1].clipHigh, 5.0);
        std::string text = toJson(detail);
        text.replace(text.find("\"mse\":0.25"), 10, "\"mse\":true");
        BITLOOM_EXPECT_ERROR(layerDetailFromJson(text), ErrorCode::CorruptFile, "errors[0].mse");
    }

    void thumbnails()
    {
        const std::vector<Thumbnail> pictures{{7, 3, "cat", 1, 2, {0, 127, 255, 1, 2, 3}},
                                              {9, 0, "", 1, 1, {9, 8, 7}}};
        const std::string text = toJson(pictures);
        QCOMPARE(toJson(thumbnailsFromJson(text)), text);
        QCOMPARE(thumbnailsFromJson(text)[0].rgb, pictures[0].rgb);
        const auto damaged = [&](const std::string& from, const std::string& to) {
            std::string copy = text;
            return copy.replace(copy.find(from), from.size(), to);
        };
        BITLOOM_EXPECT_ERROR(thumbnailsFromJson(damaged("\"height\":2", "\"height\":3")),
                             ErrorCode::CorruptFile, "thumbnails[0].rgb: found 6 bytes");
        BITLOOM_EXPECT_ERROR(thumbnailsFromJson(damaged("AH//", "A!//")), ErrorCode::CorruptFile,
                             "thumbnails[0].rgb: the text is not base64");
        BITLOOM_EXPECT_ERROR(thumbnailsFromJson(damaged("\"width\":1", "\"width\":0")),
                             ErrorCode::InvalidArgument, "thumbnails[0].width");
    }

    void fileReport()
    {
        FileReport report{"a.pth",
                          DocumentKind::StateDict,
                          "a PyTorch checkpoint",
                          1234,
                          "",
                          {{"conv1.weight", {8, 3, 3, 3}, "float32", 864}},
                          {{"resnet18", "arch:resnet18@a.pth", false, 61, 62, 0, 1, 2, "why"}},
                          {"a note"}};
        QCOMPARE(toJson(fileReportFromJson(toJson(report))), toJson(report));
        QCOMPARE(fileReportFromJson(toJson(report)).guesses[0].misshapen, std::int64_t{1});
        for (const DocumentKind kind :
             {DocumentKind::TorchScript, DocumentKind::Packed, DocumentKind::Plan,
              DocumentKind::Sensitivity, DocumentKind::Predictions, DocumentKind::Project,
              DocumentKind::Unknown}) {
            report.kind = kind;
            QVERIFY(fileReportFromJson(toJson(report)).kind == kind);
        }
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
