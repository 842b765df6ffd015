// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/file_map.h"
#include "core/types/packed_detail.h"
#include "core/types/verify_report.h"
#include "tests/support/test_support.h"

using namespace bitloom;

namespace {

std::string linesOf(const FileMap& map)
{
    std::string text;
    for (const FileRegion& region : map.regions) {
        text += std::to_string(region.offset) + " " + std::to_string(region.bytes) + " " +
                std::string(toString(region.kind)) + " " + region.tensor + "\n";
    }
    return text;
}

} // namespace

class TestFileMap : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatNobodyClaimsIsMetadataOrPadding()
    {
        std::vector<std::byte> content(200, std::byte{7});
        std::fill(content.begin() + 20, content.begin() + 64, std::byte{0});
        std::fill(content.begin() + 150, content.end(), std::byte{0});
        FileMap map;
        map.regions = {{"b", RegionKind::Values, 100, 30, 32},
                       {"a", RegionKind::Codes, 64, 16, 4},
                       {"a", RegionKind::Codes, 80, 16, 4},
                       {"empty", RegionKind::Codes, 64, 0, 4},
                       {"a", RegionKind::Scales, 96, 4, 32}};
        completeRegions(map, content, 64);
        QCOMPARE(linesOf(map), std::string("0 20 metadata \n"
                                           "20 44 padding \n"
                                           "64 32 codes a\n" // two neighbours are one
                                           "96 4 scales a\n"
                                           "100 30 values b\n"
                                           "130 70 metadata \n")); // nothing aligned follows
        QCOMPARE(map.fileBytes, std::int64_t(200));
        QCOMPARE(map.bytesOf(RegionKind::Metadata), std::int64_t(90));
    }

    void sharedBytesAreRefused()
    {
        const std::vector<std::byte> content(100);
        FileMap map;
        map.regions = {{"a", RegionKind::Codes, 10, 20, 4}, {"b", RegionKind::Values, 29, 10, 32}};
        BITLOOM_EXPECT_ERROR(completeRegions(map, content, 8), ErrorCode::CorruptFile,
                             "values of b and codes of a lie on the same bytes, from 29 to 30");
        map.regions = {{"a", RegionKind::Codes, 90, 20, 4}};
        BITLOOM_EXPECT_ERROR(completeRegions(map, content, 8), ErrorCode::CorruptFile,
                             "codes of a ends behind the file, at byte 110 of 100");
    }

    void mapsSurviveTheirText()
    {
        FileMap map;
        map.file = "a \"b\".h5";
        map.format = "packed HDF5 1.0";
        map.source = "arch:lenet5@x.pth";
        map.fileBytes = 30;
        map.regions = {{"", RegionKind::Metadata, 0, 10, 0},
                       {"t", RegionKind::Codes, 10, 15, FileRegion::kBitsPerRow},
                       {"", RegionKind::Padding, 25, 5, 0}};
        const FileMap back = fileMapFromJson(toJson(map));
        QCOMPARE(linesOf(back), linesOf(map));
        QCOMPARE(back.file, map.file);
        QCOMPARE(back.format, map.format);
        QCOMPARE(back.source, map.source);
        QCOMPARE(back.fileBytes, map.fileBytes);
        QCOMPARE(back.regions[1].bits, FileRegion::kBitsPerRow);
        BITLOOM_EXPECT_ERROR(
            fileMapFromJson(R"({"file":"","format":"","source":"","file_bytes":1,)"
                            R"("regions":[{"tensor":"","kind":"soup","offset":0,"bytes":1,)"
                            R"("bits":0}]})"),
            ErrorCode::CorruptFile, "regions[0].kind");
    }

    void detailsSurviveTheirText()
    {
        PackedDetail detail;
        detail.tensor = "conv1.weight";
        detail.shape = {2, 3};
        detail.bits = 2;
        detail.first = -2;
        detail.counts = {1, 0, 4, 1};
        detail.entropyBits = 1.25;
        QVERIFY(!packedDetailFromJson(toJson(detail)).against.has_value());
        FloatComparison against;
        against.model = "arch:lenet5";
        against.weights.counts = {3, 3};
        against.weights.high = 0.5;
        against.maxAbsError = 0.125;
        against.maxAt = 5;
        against.meanSquaredError = 0.25;
        detail.against = against;
        const PackedDetail back = packedDetailFromJson(toJson(detail));
        QCOMPARE(back.tensor, detail.tensor);
        QVERIFY(back.shape == detail.shape && back.counts == detail.counts);
        QCOMPARE(back.first, detail.first);
        QCOMPARE(back.entropyBits, detail.entropyBits);
        QCOMPARE(back.against->model, against.model);
        QVERIFY(back.against->weights.counts == against.weights.counts);
        QCOMPARE(back.against->maxAbsError, against.maxAbsError);
        QCOMPARE(back.against->maxAt, against.maxAt);
        QVERIFY(!back.against->sqnrDb.has_value());
    }

    void reportsSurviveTheirText()
    {
        VerifyReport report;
        report.mismatches = {{"", "the network differs"}, {"t", "code 3 is 1, the model gives 2"}};
        report.differences = {{"", "", -1, "", "the network differs"}, {"t", "code", 3, "2", "1"}};
        report.differenceCount = 7;
        report.sheet.tensors.resize(2);
        const VerifyReport back = verifyReportFromJson(toJson(report));
        QVERIFY(!back.sheet.verified);
        QVERIFY(back.differences == report.differences);
        QCOMPARE(back.differenceCount, report.differenceCount);
        QCOMPARE(back.mismatches[1].what, report.mismatches[1].what);
        QCOMPARE(back.sheet.tensors.size(), std::size_t(2));
    }
};

QTEST_GUILESS_MAIN(TestFileMap)
#include "tst_file_map.moc"
