// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/conversion.h"

#include "tests/support/test_support.h"

#include <algorithm>

using namespace bitloom;

namespace {

ConversionReport sample()
{
    ConversionReport report;
    report.input = "in.safetensors";
    report.inputFormat = "GPTQ v1";
    report.output = "out.h5";
    report.outputFormat = "hdf5";
    report.tensors = {
        {"a", {2, 3}, "float32", "float32", ConversionFate::Kept, "", 24},
        {"b", {}, "4 bits unsigned", "float16", ConversionFate::Changed, "rounded", 2},
        {"c", {1}, "int64", "", ConversionFate::Lost, "its kind is newer", 0}};
    report.losses = {"the bit plan"};
    report.notes = {"chosen"};
    report.inputBytes = 100;
    report.foreseenBytes = 200;
    report.outputBytes = 199;
    report.verified = true;
    return report;
}

} // namespace

/// What is said about a conversion, as JSON and back.
class TestConversionReport : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyFieldComesBack()
    {
        ConversionReport report = sample();
        const ConversionReport back = conversionReportFromJson(toJson(report));
        QCOMPARE(toJson(back), toJson(report));
        QCOMPARE(back.tensors.size(), std::size_t{3});
        QCOMPARE(back.tensors[1].what, std::string("rounded"));
        QCOMPARE(back.tensors[1].bytes, std::int64_t{2});
        QCOMPARE(back.foreseenBytes, std::int64_t{200});
        QVERIFY(back.verified && back.refusal.empty());
        report.refusal = "it cannot";
        const auto all = conversionReportsFromJson(toJson(std::vector{sample(), report}));
        QCOMPARE(all.size(), std::size_t{2});
        QCOMPARE(all[0].refusal, std::string());
        QCOMPARE(all[1].refusal, std::string("it cannot"));
    }

    void fatesAreCounted()
    {
        const ConversionReport report = sample();
        for (const auto fate :
             {ConversionFate::Kept, ConversionFate::Changed, ConversionFate::Lost}) {
            QCOMPARE(countOf(report, fate), std::int64_t{1});
        }
    }

    void whatIsNoReportIsRefused()
    {
        BITLOOM_EXPECT_ERROR(conversionReportFromJson("{}"), ErrorCode::CorruptFile, "input");
        std::string text = toJson(sample());
        text.replace(text.find("\"kept\""), 6, "\"gone\"");
        BITLOOM_EXPECT_ERROR(conversionReportFromJson(text), ErrorCode::CorruptFile,
                             "tensors[0].fate");
        BITLOOM_EXPECT_ERROR(conversionReportsFromJson("{}"), ErrorCode::CorruptFile, "formats");
    }

    void everyFormatHasANameAndAnEnding()
    {
        QCOMPARE(weightFormats().size(), weightFormatNames().size());
        for (const WeightFormat format : weightFormats()) {
            QVERIFY(weightFormatFrom(toString(format)) == format);
            QVERIFY(fileEnding(format).starts_with('.'));
        }
        QVERIFY(!weightFormatFrom("zip"));
        QVERIFY(exportFormat("a/b.safetensors") == WeightFormat::CompressedTensors);
        QVERIFY(exportFormat("b.h5") == WeightFormat::Packed);
        QVERIFY(exportFormat("b") == WeightFormat::Packed);
    }
};

QTEST_GUILESS_MAIN(TestConversionReport)
#include "tst_conversion_report.moc"
