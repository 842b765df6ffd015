// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/json_output.h"
#include "small_model.h"
#include "tests/support/test_support.h"

#include <nlohmann/json.hpp>

#include <limits>

using namespace bitloom;
using nlohmann::json;

class TestJsonOutput : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void modelKeys()
    {
        const json out = json::parse(toJson(test::smallModel()));
        QCOMPARE(out["model"]["name"].get<std::string>(), std::string("small"));
        QCOMPARE(out["model"]["macs"].get<int>(), 6912 + 9216 + 1024 + 512);
        QCOMPARE(out["model"]["parameters"].get<int>(), 108 + 144 + 16 + 4);
        QVERIFY(out["model"]["fingerprint"] == "sha256:small");
        QCOMPARE(out["layers"].size(), std::size_t{4});
        QVERIFY(out["layers"][1]["weight_shape"] == json::parse("[4,4,3,3]"));
        QVERIFY(out["layers"][1]["op"] == "aten::conv2d");
        QVERIFY(out["layers"][3]["kind"] == "matmul");
        QVERIFY(out["layers"][3]["inputs"] == json::parse(R"(["query","key"])"));
        QVERIFY(out["tensors"][1]["readers"] == json::parse(R"(["conv2","shortcut"])"));
    }

    void costKeys()
    {
        PlanCost cost;
        cost.macs = 100;
        cost.bops = 6400;
        cost.bopsFp32 = 102400;
        cost.bytes = 70;
        cost.bytesFp32 = 400;
        cost.layers.push_back({"conv1", 8, 8, 100, 6400, 50, 20});
        const json out = json::parse(toJson(cost));
        QVERIFY(out["bops_percent_of_fp32"] == 6.25);
        QVERIFY(out["bytes"] == 70 && out["bytes_fp32"] == 400);
        QVERIFY(out["layers"][0]["bytes"] == 70 && out["layers"][0]["scale_bytes"] == 20);
    }

    void resultKeys()
    {
        EvalResult result;
        result.images = 1000;
        result.correct = 915;
        result.correctTop5 = 990;
        const json out = json::parse(toJson(result));
        QVERIFY(out["images"] == 1000 && out["correct"] == 915);
        QVERIFY(out["top1_percent"] == 91.5 && out["top5_percent"] == 99.0);

        FrontierPoint point;
        point.kind = PointKind::UniformAnchor;
        QVERIFY(json::parse(toJson(point))["top1_percent"].is_null());
        QVERIFY(json::parse(toJson(point))["kind"] == "uniform_anchor");
        point.top1Percent = 88.5;
        QVERIFY(json::parse(toJson(point))["top1_percent"] == 88.5);
        QVERIFY(json::parse(toJson(point))["predicted_loss"].is_null());
        point.predictedLoss = 0;
        QVERIFY(json::parse(toJson(point))["predicted_loss"] == 0);
        point.predictedLoss = std::numeric_limits<double>::infinity();
        BITLOOM_EXPECT_ERROR(toJson(point), ErrorCode::NonFinite, "predicted_loss is inf");

        EpochResult epoch;
        epoch.epoch = 3;
        epoch.loss = 0.5;
        QVERIFY(json::parse(toJson(epoch))["epoch"] == 3);

        const std::vector<PlanDifference> differences{{"layer a", "weight.bits", "4", "8"}};
        QVERIFY(json::parse(toJson(differences))["differences"][0]["right"] == "8");
    }

    void namesThatAreNotUtf8()
    {
        ModelInfo model = test::smallModel();
        model.name = "bad\xff";
        BITLOOM_EXPECT_ERROR(toJson(model), ErrorCode::InvalidArgument, "not UTF-8");
    }
};

QTEST_GUILESS_MAIN(TestJsonOutput)
#include "tst_json_output.moc"
