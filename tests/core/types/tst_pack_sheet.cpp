// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/pack_sheet.h"
#include "tests/support/test_support.h"

#include <nlohmann/json.hpp>

#include <limits>

using namespace bitloom;

class TestPackSheet : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFieldIsWritten();
    void oddValuesStillGiveJson();
};

void TestPackSheet::everyFieldIsWritten()
{
    PackSheet sheet;
    sheet.fileName = "packed.h5";
    sheet.fileBytes = 150;
    sheet.payloadBytes = 100;
    sheet.metadataBytes = 50;
    sheet.bytesFp32 = 600;
    sheet.ratio = 4;
    sheet.sha256 = std::string(64, 'a');
    sheet.verified = true;
    sheet.images = 1000;
    sheet.top1FloatPercent = 91.5;
    sheet.tensors = {{"conv1.weight", "packed", 4, {16, 3, 3, 3}, 80, 8, 20, 0xffffffffU, true}};
    const auto json = nlohmann::json::parse(toJson(sheet));
    const nlohmann::json expected = {{"version", 1},
                                     {"file", "packed.h5"},
                                     {"file_bytes", 150},
                                     {"payload_bytes", 100},
                                     {"metadata_bytes", 50},
                                     {"bytes_fp32", 600},
                                     {"ratio", 4.0},
                                     {"format", "hdf5"},
                                     {"sha256", sheet.sha256},
                                     {"verified", true},
                                     {"images", 1000},
                                     {"top1_float_percent", 91.5},
                                     {"top1_plan_percent", nullptr},
                                     {"top1_packed_percent", nullptr},
                                     {"tensors",
                                      {{{"name", "conv1.weight"},
                                        {"kind", "packed"},
                                        {"bits", 4},
                                        {"shape", {16, 3, 3, 3}},
                                        {"packed_bytes", 80},
                                        {"padding_bits", 8},
                                        {"scale_bytes", 20},
                                        {"crc32", 4294967295U},
                                        {"verified", true}}}}};
    QCOMPARE(QString::fromStdString(json.dump(1)), QString::fromStdString(expected.dump(1)));
}

void TestPackSheet::oddValuesStillGiveJson()
{
    PackSheet sheet;
    sheet.fileName = "\xff\xfe";
    sheet.ratio = std::numeric_limits<double>::infinity();
    const auto json = nlohmann::json::parse(toJson(sheet));
    QVERIFY(json["ratio"].is_null());
    QVERIFY(json["tensors"].is_array() && json["tensors"].empty());
}

QTEST_GUILESS_MAIN(TestPackSheet)
#include "tst_pack_sheet.moc"
