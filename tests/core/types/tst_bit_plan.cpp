// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/rng.h"
#include "core/types/bit_plan.h"
#include "small_model.h"
#include "tests/support/test_support.h"

using namespace bitloom;

namespace {

BitPlan randomPlan(Rng& rng)
{
    const auto spec = [&] {
        QuantSpec result;
        const auto pick = rng.below(18);
        result.bits = pick == 17 ? kFloatBits : static_cast<int>(pick);
        result.scheme =
            rng.below(2) == 0 || result.bits == 1 ? QScheme::Affine : QScheme::Symmetric;
        result.narrow = result.scheme == QScheme::Symmetric && rng.below(3) == 0;
        result.granularity = rng.below(2) == 0 ? Granularity::PerTensor : Granularity::PerChannel;
        result.observer = static_cast<Observer>(rng.below(3));
        if (rng.below(2) == 0) {
            result.percentile = rng.uniform(50.001, 100.0);
        }
        if (rng.below(3) == 0) {
            result.granularity = Granularity::PerTensor;
            result.range =
                ValueRange{static_cast<float>(-rng.uniform()), static_cast<float>(rng.uniform())};
        }
        if (rng.below(4) == 0) {
            result.extra = R"({"codebook":{"entries":256}})";
        }
        return result;
    };
    BitPlan plan;
    plan.name = "näme \"quoted\"\n";
    plan.modelName = "net";
    plan.modelFingerprint = "sha256:0";
    for (std::uint64_t i = 0; i < rng.below(6); ++i) {
        LayerPlan layer;
        layer.name = "layer" + std::to_string(i);
        layer.hasWeight = rng.below(4) != 0;
        if (layer.hasWeight) {
            layer.weight = spec();
            for (std::int64_t c = 0; c < 20 && rng.below(2) == 0;
                 c += 1 + static_cast<int>(rng.below(3))) {
                layer.prunedChannels.push_back(c);
            }
        }
        plan.layers.push_back(layer);
        plan.tensors.push_back(
            {"tensor" + std::to_string(i), spec(), {layer.name}, R"({"note":[1,2.5,null]})"});
        if (rng.below(2) == 0) {
            plan.tensors.back().quantizedAt = "value" + std::to_string(i);
        }
    }
    plan.extra = rng.below(2) == 0 ? "" : R"({"search":{"seed":7},"tags":["a","b"]})";
    return plan;
}

/// A valid plan text in which one piece is replaced.
std::string planText(const std::string& from = {}, const std::string& to = {})
{
    std::string text = R"({
  "format": "bitloom.plan",
  "version": 1,
  "name": "",
  "model_name": "small",
  "model_fingerprint": "f",
  "layers": [
    {"name":"conv1","weight":{"bits":8,"scheme":"affine","granularity":"per_tensor","observer":"minmax","range":[-1,1]}},
    {"name":"conv2","weight":{"bits":4}}
  ],
  "tensors": [
    {"name":"input","activation":{"bits":32},"readers":["conv1"]}
  ]
}
)";
    const std::size_t at = text.find(from);
    if (at == std::string::npos) {
        qFatal("the test's text does not occur");
    }
    return text.replace(at, from.size(), to);
}

} // namespace

class TestBitPlan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void digestFollowsTheEntriesOnly()
    {
        BitPlan plan = makeUniformPlan(test::smallModel(), {});
        const std::string digest = planDigest(plan);
        QCOMPARE(digest.size(), std::size_t{64});
        plan.name = "another name";
        QCOMPARE(planDigest(plan), digest);
        BitPlan weights = plan;
        weights.layers.front().weight.bits = 3;
        QVERIFY(planDigest(weights) != digest);
        BitPlan activations = plan;
        activations.tensors.back().activation.observer = Observer::Percentile;
        QVERIFY(planDigest(activations) != digest);
        BitPlan pruned = plan;
        pruned.layers.front().prunedChannels = {1};
        QVERIFY(planDigest(pruned) != digest);
        BitPlan elsewhere = plan;
        elsewhere.tensors.back().quantizedAt = "relu";
        QVERIFY(planDigest(elsewhere) != digest);
        BitPlan model = plan;
        model.modelFingerprint += "0";
        QVERIFY(planDigest(model) != digest);
    }

    void roundTripOfRandomPlans()
    {
        Rng rng(1);
        for (int i = 0; i < 300; ++i) {
            const BitPlan plan = randomPlan(rng);
            const std::string text = toJson(plan);
            const BitPlan back = bitPlanFromJson(text);
            QVERIFY(back == plan);
            QCOMPARE(toJson(back), text);
        }
    }

    void oneLayerPerLine()
    {
        BitPlan plan = bitPlanFromJson(planText());
        const std::string before = toJson(plan);
        plan.layers[1].weight.bits = 3;
        const QStringList left = QString::fromStdString(before).split('\n');
        const QStringList right = QString::fromStdString(toJson(plan)).split('\n');
        QCOMPARE(left.size(), right.size());
        int changed = 0;
        for (int i = 0; i < left.size(); ++i) {
            changed += left[i] == right[i] ? 0 : 1;
        }
        QCOMPARE(changed, 1);
    }

    void unknownKeysSurvive()
    {
        const std::string text =
            R"({"format":"bitloom.plan","version":1,"future":{"x":[1,{"y":2}]},"name":"",
            "model_name":"m","model_fingerprint":"f",
            "layers":[{"name":"a","weight":{"bits":4,"group_size":128},"colour":"red"}],
            "tensors":[{"name":"t","activation":{"bits":8,"learned":true},"readers":[],"why":null}]})";
        const std::string again = toJson(bitPlanFromJson(text));
        for (const char* piece : {R"("future": {"x":[1,{"y":2}]})", R"("group_size":128)",
                                  R"("colour":"red")", R"("learned":true)", R"("why":null)"}) {
            QVERIFY2(again.find(piece) != std::string::npos, again.c_str());
        }
    }

    void defaultsOfASpec()
    {
        const BitPlan plan = bitPlanFromJson(planText());
        QuantSpec expected;
        expected.bits = 4;
        QVERIFY(plan.layers[1].weight == expected);
        QVERIFY(plan.layers[0].weight.range.has_value());
        QCOMPARE(plan.layers[0].weight.range->low, -1.0f);
    }

    void malformed_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const std::string& text, ErrorCode code,
                            const char* message) {
            QTest::newRow(name) << QString::fromStdString(text) << static_cast<int>(code)
                                << QString(message);
        };
        row("empty", "", ErrorCode::CorruptFile, "not JSON (line 1, column 1)");
        row("not JSON", "{\n  \"format\": nope\n}", ErrorCode::CorruptFile,
            "not JSON (line 2, column 14)");
        row("cut off", planText().substr(0, 200), ErrorCode::CorruptFile, "not JSON (line");
        row("trailing text", planText() + "x", ErrorCode::CorruptFile, "not JSON");
        row("a list", "[1]", ErrorCode::CorruptFile, "top level: expected an object, found a list");
        row("no format", "{}", ErrorCode::UnknownFormat, "found no such key");
        row("other format", planText("bitloom.plan", "bitloom.sensitivity"),
            ErrorCode::UnknownFormat, "\"bitloom.sensitivity\"");
        row("newer version", planText("\"version\": 1", "\"version\": 2"), ErrorCode::Unsupported,
            "version: found 2, this program reads up to 1");
        row("version 0", planText("\"version\": 1", "\"version\": 0"), ErrorCode::CorruptFile,
            "versions start at 1");
        row("no layers", planText("\"layers\"", "\"layer\""), ErrorCode::CorruptFile,
            "top level: the key 'layers' is missing");
        row("layers no list", planText("\"tensors\": [", "\"tensors\": 3, \"t\": ["),
            ErrorCode::CorruptFile, "tensors: expected a list, found an integer");
        row("layer no object", planText("{\"name\":\"conv2\",\"weight\":{\"bits\":4}}", "7"),
            ErrorCode::CorruptFile, "layers[1]: expected an object, found an integer");
        row("narrow affine", planText("\"bits\":4", "\"bits\":4,\"narrow_range\":true"),
            ErrorCode::InvalidArgument, "layers[1].weight.narrow_range: found true");
        row("channels out of order",
            planText("\"name\":\"conv2\"", "\"name\":\"conv2\",\"pruned_channels\":[3,3]"),
            ErrorCode::InvalidArgument, "layers[1].pruned_channels[1]: found 3, expected channel");
        row("a negative channel",
            planText("\"name\":\"conv2\"", "\"name\":\"conv2\",\"pruned_channels\":[-1]"),
            ErrorCode::InvalidArgument, "found -1, expected channel");
        row("bits 17", planText("\"bits\":4", "\"bits\":17"), ErrorCode::InvalidArgument,
            "layers[1].weight.bits: found 17, allowed are 0..16 and 32");
        row("bits -1", planText("\"bits\":4", "\"bits\":-1"), ErrorCode::InvalidArgument,
            "found -1, allowed");
        row("bits 31", planText("\"bits\":4", "\"bits\":31"), ErrorCode::InvalidArgument,
            "found 31, allowed");
        row("bits 2^32+4", planText("\"bits\":4", "\"bits\":4294967300"),
            ErrorCode::InvalidArgument, "4294967300");
        row("bits 2^63", planText("\"bits\":4", "\"bits\":9223372036854775808"),
            ErrorCode::InvalidArgument, "9223372036854775808");
        row("bits a fraction", planText("\"bits\":4", "\"bits\":4.5"), ErrorCode::CorruptFile,
            "layers[1].weight.bits: expected an integer, found a number with a fraction");
        row("bits a string", planText("\"bits\":4", "\"bits\":\"4\""), ErrorCode::CorruptFile,
            "found a string");
        row("bits null", planText("\"bits\":4", "\"bits\":null"), ErrorCode::CorruptFile,
            "found null");
        row("bits missing", planText("\"bits\":4", ""), ErrorCode::CorruptFile,
            "layers[1].weight: the key 'bits' is missing");
        row("NaN", planText("[-1,1]", "[NaN,1]"), ErrorCode::CorruptFile, "not JSON (line 8");
        row("number too large", planText("[-1,1]", "[-1,1e999]"), ErrorCode::CorruptFile,
            "1e999 is too large");
        row("float overflow", planText("[-1,1]", "[-1,1e300]"), ErrorCode::InvalidArgument,
            "layers[0].weight.range");
        row("range reversed", planText("[-1,1]", "[2,1]"), ErrorCode::InvalidArgument,
            "the low end must come first");
        row("range of three", planText("[-1,1]", "[1,2,3]"), ErrorCode::CorruptFile,
            "expected [low, high], found 3");
        row("range per channel", planText("per_tensor", "per_channel"), ErrorCode::InvalidArgument,
            "per_tensor");
        row("percentile", planText("\"bits\":4", "\"bits\":4,\"percentile\":50"),
            ErrorCode::InvalidArgument, "layers[1].weight.percentile: found 50");
        row("scheme", planText("affine", "log"), ErrorCode::InvalidArgument,
            "allowed are affine and symmetric");
        row("observer", planText("minmax", "best"), ErrorCode::InvalidArgument,
            "minmax, percentile and mse");
        row("symmetric 1 bit", planText("\"bits\":4", "\"bits\":1,\"scheme\":\"symmetric\""),
            ErrorCode::InvalidArgument, "needs at least 2");
        row("duplicate layer", planText("\"conv2\"", "\"conv1\""), ErrorCode::InvalidArgument,
            "layers[1].name: the name 'conv1' appears twice");
        row("empty name", planText("\"conv2\"", "\"\""), ErrorCode::InvalidArgument,
            "the name is empty");
        row("reader no string", planText("[\"conv1\"]", "[1]"), ErrorCode::CorruptFile,
            "tensors[0].readers[0]: expected a string");
        row("duplicate key", planText("\"bits\":4", "\"bits\":4,\"bits\":5"),
            ErrorCode::CorruptFile, "'bits' appears twice");
        row("not UTF-8", planText("conv2", "conv\xff"), ErrorCode::CorruptFile, "not JSON");
        row("too deep", planText("\"bits\":4", "\"bits\":4,\"x\":" + std::string(100000, '[')),
            ErrorCode::UnsafeFile, "nested deeper than 64 levels");
        std::string keys = "\"bits\":4";
        for (int i = 0; i < 300; ++i) {
            keys += ",\"k" + std::to_string(i) + "\":0";
        }
        row("too many keys", planText("\"bits\":4", keys), ErrorCode::UnsafeFile,
            "more than 256 keys");
    }
    void malformed()
    {
        QFETCH(QString, text);
        QFETCH(int, code);
        QFETCH(QString, message);
        // The one row that is not UTF-8 cannot travel through QString.
        std::string bytes = text.toStdString();
        if (QString(QTest::currentDataTag()) == "not UTF-8") {
            bytes = planText("conv2", "conv\xff");
        }
        BITLOOM_EXPECT_ERROR(bitPlanFromJson(bytes), static_cast<ErrorCode>(code),
                             message.toStdString());
        const auto error = bitloom::test::errorOf([&] { bitPlanFromJson(bytes); });
        QVERIFY2(std::string(error->what()).rfind("bit plan: ", 0) == 0, error->what());
    }

    void textTooLong()
    {
        BITLOOM_EXPECT_ERROR(bitPlanFromJson(std::string((std::size_t{64} << 20) + 1, ' ')),
                             ErrorCode::UnsafeFile, "at most 67108864");
    }

    void extraThatIsNoObjectIsRefused()
    {
        BitPlan plan;
        plan.extra = "[1]";
        BITLOOM_EXPECT_ERROR(toJson(plan), ErrorCode::CorruptFile, "expected an object");
        plan.extra = R"({"layers":[]})";
        BITLOOM_EXPECT_ERROR(toJson(plan), ErrorCode::CorruptFile, "'layers' repeats a known key");
    }

    void differences()
    {
        const BitPlan left = bitPlanFromJson(planText());
        QVERIFY(diffPlans(left, left).empty());
        BitPlan right = left;
        right.layers[0].weight.bits = 2;
        right.layers[0].weight.range.reset();
        right.layers[0].prunedChannels = {1, 2};
        right.layers[1].name = "conv9";
        right.tensors[0].quantizedAt = "relu";
        right.tensors[0].activation.observer = Observer::Mse;
        right.modelFingerprint = "g";
        QStringList lines;
        for (const PlanDifference& d : diffPlans(left, right)) {
            lines << QString::fromStdString(d.subject + "|" + d.field + "|" + d.left + "|" +
                                            d.right);
        }
        const QStringList expected{"model|fingerprint|f|g",
                                   "layer conv1|weight.bits|8|2",
                                   "layer conv1|weight.range|-1..1|from data",
                                   "layer conv1|pruned_channels||1 2",
                                   "layer conv2|missing|present|absent",
                                   "layer conv9|missing|absent|present",
                                   "tensor input|activation.observer|minmax|mse",
                                   "tensor input|quantized_at||relu"};
        QCOMPARE(lines, expected);
    }

    void planAgainstModel()
    {
        const ModelInfo model = test::smallModel();
        const BitPlan plan = makeUniformPlan(model, {});
        QVERIFY(checkPlanAgainst(plan, model).empty());

        ModelInfo retrained = model;
        retrained.fingerprint = "sha256:other";
        const auto differences = checkPlanAgainst(plan, retrained);
        QCOMPARE(differences.size(), std::size_t{1});
        QCOMPARE(differences[0].field, std::string("fingerprint"));

        BitPlan unknown = plan;
        unknown.layers[1].name = "conv22";
        BITLOOM_EXPECT_ERROR(checkPlanAgainst(unknown, model), ErrorCode::ModelMismatch,
                             "no layer conv22 (nearest: conv2");
        BitPlan missing = plan;
        missing.layers.erase(missing.layers.begin() + 2);
        BITLOOM_EXPECT_ERROR(checkPlanAgainst(missing, model), ErrorCode::ModelMismatch,
                             "no entry for the layer shortcut");
        BitPlan foreign = missing;
        foreign.modelName = "lenet5";
        BITLOOM_EXPECT_ERROR(checkPlanAgainst(foreign, model), ErrorCode::ModelMismatch,
                             "was made for the model lenet5 and does not fit the model " +
                                 model.name);
        BitPlan noTensor = plan;
        noTensor.tensors.pop_back();
        BITLOOM_EXPECT_ERROR(checkPlanAgainst(noTensor, model), ErrorCode::ModelMismatch,
                             "no entry for the tensor key");
        BitPlan pruned = plan;
        pruned.layers[1].prunedChannels = {0, 3};
        QVERIFY(checkPlanAgainst(pruned, model).empty());
        pruned.layers[1].prunedChannels = {0, 4};
        BITLOOM_EXPECT_ERROR(checkPlanAgainst(pruned, model), ErrorCode::ModelMismatch,
                             "it prunes channel 4 of the layer conv2, which has 4");
        BitPlan weight = plan;
        weight.layers[3].hasWeight = true;
        BITLOOM_EXPECT_ERROR(checkPlanAgainst(weight, model), ErrorCode::ModelMismatch,
                             "scores has no weight");

        ModelInfo tied = model;
        tied.layers[2].weight = tied.layers[1].weight;
        QVERIFY(checkPlanAgainst(plan, tied).empty());
        BitPlan split = plan;
        split.layers[2].weight.bits = 3;
        BITLOOM_EXPECT_ERROR(checkPlanAgainst(split, tied), ErrorCode::ModelMismatch,
                             "share the weight conv2.weight");
    }
};

QTEST_GUILESS_MAIN(TestBitPlan)
#include "tst_bit_plan.moc"
