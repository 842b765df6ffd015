// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/sensitivity_table.h"
#include "tests/support/test_support.h"

#include <cmath>

using namespace bitloom;

namespace {

SensitivityTable sampleTable()
{
    SensitivityTable table;
    table.modelName = "net";
    table.modelFingerprint = "sha256:1";
    table.data = "cifar10:DIR";
    table.images = 256;
    table.seed = 18446744073709551615U;
    table.floatAccuracyPercent = 91.5;
    table.bits = {2, 4, 8};
    table.settings = R"({"weight":{"observer":"mse"}})";
    table.entries = {{SensitivityTarget::Weight, "conv1", 2, 0.125, 1e-300, 90.25},
                     {SensitivityTarget::Activation, "conv1", 2, 3.0, 0.1, 92.0}};
    table.complete = true;
    return table;
}

} // namespace

class TestSensitivityTable : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void roundTrip()
    {
        const SensitivityTable table = sampleTable();
        const std::string text = toJson(table);
        const SensitivityTable back = sensitivityTableFromJson(text);
        QCOMPARE(toJson(back), text);
        QCOMPARE(back.seed, table.seed);
        QCOMPARE(back.settings, table.settings);
        QCOMPARE(back.entries.size(), std::size_t{2});
        QVERIFY(back.entries[0].kl == 1e-300);
        QVERIFY(back.entries[1].target == SensitivityTarget::Activation);
        QVERIFY(back.complete);
    }

    void findAndLoss()
    {
        const SensitivityTable table = sampleTable();
        const SensitivityEntry* weight = table.find(SensitivityTarget::Weight, "conv1", 2);
        const SensitivityEntry* activation = table.find(SensitivityTarget::Activation, "conv1", 2);
        QVERIFY(weight == &table.entries[0] && activation == &table.entries[1]);
        QVERIFY(table.find(SensitivityTarget::Weight, "conv1", 4) == nullptr);
        QCOMPARE(lossOf(table, *weight, SensitivityMetric::OutputError), 0.125);
        QCOMPARE(lossOf(table, *weight, SensitivityMetric::Kl), 1e-300);
        QCOMPARE(lossOf(table, *weight, SensitivityMetric::Accuracy), 1.25);
        // Better than the float model by chance is no gain.
        QCOMPARE(lossOf(table, *activation, SensitivityMetric::Accuracy), 0.0);
        QVERIFY(sensitivityMetricFrom("kl") == SensitivityMetric::Kl);
        QVERIFY(!sensitivityMetricFrom("KL"));
    }

    void notFiniteIsNotWritten()
    {
        SensitivityTable table = sampleTable();
        table.entries[1].kl = std::nan("");
        BITLOOM_EXPECT_ERROR(toJson(table), ErrorCode::NonFinite, "conv1 at 2 bits: kl is nan");
    }

    void malformed_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const char* from, const char* to, ErrorCode code,
                            const char* message) {
            QTest::newRow(name) << QString(from) << QString(to) << static_cast<int>(code)
                                << QString(message);
        };
        row("newer", "\"version\": 1", "\"version\": 9", ErrorCode::Unsupported, "found 9");
        row("target", "\"activation\"", "\"bias\"", ErrorCode::InvalidArgument,
            "entries[1].target: found \"bias\"");
        row("bits", "\"bits\":2", "\"bits\":20", ErrorCode::InvalidArgument,
            "entries[0].bits: found 20");
        row("descending", "[2,4,8]", "[2,8,4]", ErrorCode::CorruptFile, "bits[2]: found 4 after 8");
        row("duplicate", "\"activation\"", "\"weight\"", ErrorCode::CorruptFile,
            "entries[1]: the weight of conv1 at 2 bits appears twice");
        row("images", "\"images\": 256", "\"images\": -1", ErrorCode::InvalidArgument,
            "images: found -1");
        row("seed", "18446744073709551615", "-3", ErrorCode::InvalidArgument,
            "must not be negative");
        row("settings", "{\"weight\":{\"observer\":\"mse\"}}", "3", ErrorCode::CorruptFile,
            "settings: expected an object");
        row("complete", "true", "1", ErrorCode::CorruptFile, "complete: expected true or false");
        row("nan", "0.125", "NaN", ErrorCode::CorruptFile, "not JSON (line");
    }
    void malformed()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(int, code);
        QFETCH(QString, message);
        QString text = QString::fromStdString(toJson(sampleTable()));
        const auto at = text.indexOf(from);
        QVERIFY(at >= 0);
        text.replace(at, from.size(), to);
        BITLOOM_EXPECT_ERROR(sensitivityTableFromJson(text.toStdString()),
                             static_cast<ErrorCode>(code), message.toStdString());
    }
};

QTEST_GUILESS_MAIN(TestSensitivityTable)
#include "tst_sensitivity_table.moc"
