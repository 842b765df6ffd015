// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/rng.h"
#include "tests/widgets/models/layer_samples.h"
#include "widgets/models/layer_filter.h"

#include <QtTest>

using namespace bitloom;

namespace {
/// The sample network with sensitivities 0, 0.25, 0.5, ... on all layers but the last, and conv1
/// locked.
ui::LayerRows rows()
{
    ui::LayerRows rows = test::residualRows();
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
        rows[i].sensitivity = 0.25 * static_cast<double>(i);
    }
    rows[0].locked = true;
    rows[1].weight.scheme = QScheme::Symmetric;
    return rows;
}

/// The matching layers, one letter each: a = first.
QString matching(const ui::RowFilter& filter, const ui::LayerRows& rows)
{
    QString letters;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (filter.matches(ui::LayerFilterRow(rows[i]))) {
            letters += QChar(static_cast<char16_t>(u'a' + i));
        }
    }
    return letters;
}
} // namespace

class TestRowFilter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // a conv1 8/32 1M  b layer1.0.conv1 4/8 2M  c layer1.0.conv2 2/8 2M  d layer1.0.downsample.0
    // 4/4 0.5M  e layer1.1.conv1 4/4 2M  f layer1.1.conv2 4/4 2M  g fc 8/8 640
    void matches_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* text, const char* expected) {
            QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(expected);
        };
        row("", "abcdefg");
        row("   ", "abcdefg");
        row("conv1", "abe");
        row("CONV1", "abe");
        row("layer1 conv1", "be");
        row("layer1.1|fc", "efg");
        row("layer1.1 | fc", "efg");
        row("conv1 layer1.1|layer1.0", "be"); // "|" binds closer than a blank
        row("-layer1", "ag");
        row("-layer1|conv1", "abeg");
        row("layer1.*.conv?", "bcef");
        row("\"layer1.0\"", "bcd");
        row("\"locked\"", "");
        row("name:layer1", "bcdef");
        row("name=fc", "g");
        row("name=layer1.0", "");
        row("name=layer1.0*", "bcd");
        row("name!=fc", "abcdef");
        row("scope=layer1.0", "bc");
        row("op:conv", "abcdef");
        row("op:aten::linear", "g");
        row("kind:linear", "g");
        row("kind=conv", "abcdef");
        row("scheme:symmetric", "b");
        row("wbits<=2", "c");
        row("w=4", "bdef");
        row("wbits:3..8", "abdefg");
        row("wbits!=4", "acg");
        row("wbits!=3..8", "c");
        row("abits=fp32", "a");
        row("bits<=4", "bcdef");
        row("-bits<=4", "ag");
        row("bits>=8 bits<16", "abcg");
        row("macs>1M", "bcef");
        row("macs>=1M", "abcef");
        row("macs>1e6", "bcef");
        row("macs<1k", "g");
        row("macs:0.5M..1M", "ad");
        row("params>2304", "");
        row("bytes>2kB", "ag");
        row("bytes<=576", "c");
        row("bytes<=576B", "c");
        row("share>50%", "a");
        row("share>50", "a");
        row("sens>0.75", "ef");
        row("-sens>0.75", "abcdg"); // not known is not above
        row("sens>=0", "abcdef");
        row("sens>p50", "def");
        row("sens<=p0", "a");
        row("sens>=p100", "f");
        row("locked", "a");
        row("-locked", "bcdefg");
        row("locked:no", "bcdefg");
        row("locked!=no", "a");
        row("bits<=4 op:conv name:layer1 share>5%", "bcef");
        row("BITS<=4 Name:LAYER1.1", "ef");
    }
    void matches()
    {
        QFETCH(QString, text);
        const ui::LayerRows layers = rows();
        auto parsed = ui::RowFilter::parse(text, ui::layerFilterFields());
        const auto* error = std::get_if<ui::FilterError>(&parsed);
        QVERIFY2(error == nullptr, error != nullptr ? qPrintable(error->message) : "");
        auto& filter = std::get<ui::RowFilter>(parsed);
        ui::resolveFor(filter, layers);
        QTEST(matching(filter, layers), "expected");
    }

    void errors_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("position");
        QTest::addColumn<int>("length");
        QTest::addColumn<QString>("why");
        const auto row = [](const char* text, int position, int length, const char* why) {
            QTest::newRow(text) << QString::fromLatin1(text) << position << length
                                << QString::fromUtf8(why);
        };
        row("bist<=4", 0, 4, "At 1, “bist”: unknown field, nearest: bits");
        row("conv1 bist<=4", 6, 4, "At 7, “bist”: unknown field, nearest: bits");
        row("bits<=", 0, 6, "a value is missing after the operator");
        row("name:\"\"", 0, 7, "a value is missing after the operator");
        row("<=4", 0, 3, "a field is missing before the operator");
        row("bits<=four", 6, 4, "expected a number such as 4, fp32");
        row("bits<=4k", 7, 1, "bits have no unit");
        row("share>5x", 7, 1, "unknown unit, use % or none");
        row("macs>10%", 7, 1, "unknown unit, use k, M, G, T");
        row("bytes>10MiB", 8, 3, "unknown unit, use B, kB, MB, GB");
        row("sens>0,5", 8, 0, "");
        row("sens>nan", 5, 3, "expected a number");
        row("sens>p101", 5, 4, "expected a percentile from p0 to p100");
        row("sens>p9x", 5, 3, "expected a percentile from p0 to p100");
        row("bits:8..4", 5, 4, "the range ends before it begins");
        row("bits:4..", 8, 0, "expected a number");
        row("bits<4..8", 5, 4, "a range goes with : = or !=");
        row("name<4", 0, 4, "is no number; use : = or !=");
        row("locked>1", 0, 6, "is no number; use : = or !=");
        row("locked:maybe", 7, 5, "expected yes or no");
        row("|conv1", 0, 1, "a term is missing before it");
        row("conv1||fc", 6, 1, "a term is missing before it");
        row("conv1|", 5, 1, "a term is missing after it");
        row("-", 0, 1, "a term is missing after it");
        row("\"conv1", 0, 6, "the closing quote is missing");
        row("\"\"", 0, 2, "the word is empty");
        row("macs>1e999", 5, 5, "expected a number");
    }
    void errors()
    {
        QFETCH(QString, text);
        QFETCH(int, position);
        QFETCH(int, length);
        QFETCH(QString, why);
        const auto parsed = ui::RowFilter::parse(text, ui::layerFilterFields());
        const auto* error = std::get_if<ui::FilterError>(&parsed);
        QVERIFY2(error != nullptr, "the text was accepted");
        QVERIFY2(error->message.contains(why), qPrintable(error->message));
        if (!why.isEmpty()) {
            QCOMPARE(error->position, position);
            QCOMPARE(error->length, length);
        }
    }

    void randomTextsNeverFailOtherwise()
    {
        static constexpr std::string_view pieces[] = {"bits", "name",     "locked", "sens", "share",
                                                      "foo",  ":",        "=",      "!=",   "<",
                                                      "<=",   ">",        ">=",     "\"",   "|",
                                                      "-",    " ",        "4",      "..",   "p90",
                                                      "p",    "%",        "k",      "MB",   "*",
                                                      "?",    "(",        "[",      "\\",   "1e",
                                                      ".",    "\xC3\xA9", "!",      "fp32"};
        const ui::LayerRows layers = rows();
        Rng rng(11);
        int accepted = 0;
        for (int i = 0; i < 20'000; ++i) {
            std::string text;
            for (std::uint64_t n = rng.below(9); n > 0; --n) {
                text += pieces[rng.below(std::size(pieces))];
            }
            const QString query = QString::fromStdString(text);
            auto parsed = ui::RowFilter::parse(query, ui::layerFilterFields());
            if (auto* filter = std::get_if<ui::RowFilter>(&parsed)) {
                ++accepted;
                ui::resolveFor(*filter, layers);
                matching(*filter, layers);
            } else {
                const auto& error = std::get<ui::FilterError>(parsed);
                QVERIFY2(!error.message.isEmpty() && error.position >= 0 &&
                             error.position + error.length <= query.size(),
                         qPrintable(query));
            }
        }
        QVERIFY2(accepted > 1000 && accepted < 19'000, qPrintable(QString::number(accepted)));
    }

    void percentileOfNothingMatchesNothing()
    {
        const ui::LayerRows layers = test::residualRows(); // no sensitivity
        auto parsed = ui::RowFilter::parse(QStringLiteral("sens>=p0"), ui::layerFilterFields());
        auto& filter = std::get<ui::RowFilter>(parsed);
        QVERIFY(filter.needsColumns());
        QCOMPARE(matching(filter, layers), QString()); // before it is resolved, too
        ui::resolveFor(filter, layers);
        QCOMPARE(matching(filter, layers), QString());
    }

    void everyWordOfTheCompleterBeginsATerm()
    {
        const QStringList words = ui::filterWords(ui::layerFilterFields());
        QVERIFY(words.contains(QStringLiteral("bits<=")));
        QVERIFY(words.contains(QStringLiteral("op:conv")));
        QVERIFY(words.contains(QStringLiteral("locked")));
        for (const QString& word : words) {
            const bool complete =
                !word.endsWith(u':') && !word.endsWith(u'=') && !word.endsWith(u'>');
            const auto parsed =
                ui::RowFilter::parse(complete ? word : word + u'1', ui::layerFilterFields());
            QVERIFY2(std::holds_alternative<ui::RowFilter>(parsed), qPrintable(word));
        }
    }
};

QTEST_APPLESS_MAIN(TestRowFilter)
#include "tst_row_filter.moc"
