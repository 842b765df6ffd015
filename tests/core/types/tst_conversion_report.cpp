// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/conversion.h"

#include "core/base/text.h"
#include "tests/support/test_support.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <string_view>

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
        {"b",
         {},
         {PhraseId::List, {{PhraseId::CodesOfBits, {"4", "unsigned"}}, PhraseId::ZeroPoints}},
         {PhraseId::WithNote, {"float16", PhraseId::IsEmpty}},
         ConversionFate::Changed,
         {PhraseId::RoundedTo, {"float16"}},
         2},
        {"c", {1}, "int64", "", ConversionFate::Lost, "its kind is newer", 0}};
    report.losses = {PhraseId::PlanLost, "more"};
    report.notes = {"chosen", {PhraseId::PrefixRemoved, {"module."}}};
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
        QVERIFY(back.tensors[1].before == report.tensors[1].before);
        QVERIFY(back.tensors[1].after == report.tensors[1].after);
        QVERIFY(back.tensors[1].what == Phrase(PhraseId::RoundedTo, {"float16"}));
        QVERIFY(back.losses == report.losses);
        QCOMPARE(back.tensors[1].bytes, std::int64_t{2});
        QCOMPARE(back.foreseenBytes, std::int64_t{200});
        QVERIFY(back.verified && back.refusal.empty());
        QVERIFY(!back.question);
        report.refusal = {PhraseId::BitPackStops, {"b", PhraseId::IsEmpty}};
        report.question = OpenQuestion{InputQuestion::CtLayout, {PhraseId::LayoutUnsaid, {"b"}}};
        const auto all = conversionReportsFromJson(toJson(std::vector{sample(), report}));
        QCOMPARE(all.size(), std::size_t{2});
        QVERIFY(all[0].refusal.empty());
        QVERIFY(all[1].refusal == report.refusal);
        QVERIFY(all[1].question->asked == InputQuestion::CtLayout);
        QVERIFY(all[1].question->why == report.question->why);
    }

    /// Programs that know no phrases read sentences.
    void theTextsAreEnglish()
    {
        ConversionReport report = sample();
        report.refusal = {PhraseId::BitPackStops, {"b", PhraseId::IsEmpty}};
        const auto json = nlohmann::json::parse(toJson(report));
        const auto& tensor = json["tensors"][1];
        QCOMPARE(tensor["before"].get<std::string>(), std::string("4 bits unsigned, zero points"));
        QCOMPARE(tensor["after"].get<std::string>(), std::string("float16 (it is empty)"));
        QCOMPARE(tensor["what"].get<std::string>(), std::string("rounded to float16"));
        QCOMPARE(json["losses"][0].get<std::string>(),
                 std::string("the bit plan and how it was found"));
        QCOMPARE(json["refusal"].get<std::string>(),
                 std::string("tensor b cannot be packed as BitPack does (exact): it is empty; use "
                             "the mode safe (--mode safe, of a model --to bitpack)"));
    }

    /// What a newer version says is still read, in English.
    void unknownPhrasesAreTheirTexts()
    {
        std::string text = toJson(sample());
        text.replace(text.find("\"rounded_to\""), 12, "\"told\"");
        text.replace(text.find("\"prefix_removed\""), 16, "\"stripped\"");
        const ConversionReport back = conversionReportFromJson(text);
        QVERIFY(back.tensors[1].what == Phrase("rounded to float16"));
        QVERIFY(back.notes ==
                std::vector<Phrase>({"chosen", "prefix module. removed from every name"}));
        QVERIFY(back.losses == sample().losses);
    }

    void listsReadAsOfText()
    {
        const std::vector<std::string> names{"a", "b", "c", "d", "e", "f"};
        for (std::size_t count = 0; count <= names.size(); ++count) {
            const auto some = std::span(names).first(count);
            QCOMPARE(textOf(enumerated(some)), joinForPeople(some));
            QCOMPARE(textOf(enumeratedFirst(some)), joinFirstForPeople(some));
        }
    }

    void everyPhraseHasWordsAndAName()
    {
        std::set<std::string_view> names;
        for (const PhraseId id : phraseIds()) {
            QVERIFY(names.insert(toString(id)).second);
            QCOMPARE(englishOf(id).empty(), id == PhraseId::Verbatim || id == PhraseId::List);
        }
    }

    /// What looks like a place for an argument in a name is none.
    void argumentsStandInTheirPlaces()
    {
        const Phrase phrase(PhraseId::ExactSpan, {"%2", "7", "%"});
        QCOMPARE(textOf(phrase), std::string("its values are %2 to 7, a span of % where 8 bits "
                                             "hold 255"));
        const auto turned = [](std::string_view) { return std::string("%3 after %1, 100 %, %9."); };
        QCOMPARE(textOf(phrase, turned), std::string("% after %2, 100 %, ."));
        QVERIFY(Phrase().empty() && !Phrase("x").empty() && !Phrase(PhraseId::IsEmpty).empty());
    }

    void whatIsMissingIsSaidWithItsOption()
    {
        const UnansweredError error(
            {InputQuestion::BitPackOffset, {PhraseId::OffsetUnsaid, {"w"}}});
        QCOMPARE(std::string(error.what()),
                 std::string("tensor w has no offset entry; --assume-offset gives one"));
        QVERIFY(error.code() == ErrorCode::InvalidArgument);
        QCOMPARE(textOf(error.phrase()), std::string("tensor w has no offset entry"));
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
