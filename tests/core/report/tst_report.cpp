// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/report/report.h"
#include "report_samples.h"
#include "tests/support/test_support.h"

#include <QRegularExpression>
#include <QXmlStreamReader>

#include <cmath>
#include <limits>

using namespace bitloom;

namespace {
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The error of the first inline picture that is no well-formed XML; empty when all are.
QString brokenPicture(const std::string& html)
{
    const QString page = QString::fromStdString(html);
    qsizetype start = 0;
    while ((start = page.indexOf("<svg", start)) >= 0) {
        const qsizetype end = page.indexOf("</svg>", start) + 6;
        QXmlStreamReader reader(page.mid(start, end - start));
        while (!reader.atEnd()) {
            reader.readNext();
        }
        if (reader.hasError()) {
            return reader.errorString() + " in " + page.mid(start, 200);
        }
        start = end;
    }
    return {};
}

bool printsNonFinite(const std::string& html)
{
    static const QRegularExpression kPattern("\\b(nan|inf|infinity)\\b",
                                             QRegularExpression::CaseInsensitiveOption);
    return kPattern.match(QString::fromStdString(html)).hasMatch();
}
} // namespace

class TestReport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pageIsSelfContained_data();
    void pageIsSelfContained();
    void sameDataGiveTheSameBytes();
    void hostileNamesAreEscapedEverywhere();
    void emptyReportSaysSo();
    void valuesThatAreNotFiniteAreNeverPrinted();
    void unverifiedFileIsCalledSo();
    void planIsComparedWithTheAnchors();
};

void TestReport::pageIsSelfContained_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("maxBytes");
    QTest::newRow("20 layers") << "resnet20" << 300'000;
    QTest::newRow("54 layers") << "resnet50" << 1'000'000;
    QTest::newRow("200 long names") << "wide" << 2'500'000;
}

void TestReport::pageIsSelfContained()
{
    QFETCH(QString, name);
    QFETCH(int, maxBytes);
    const std::vector<std::string> names = name == "resnet20"   ? test::resnet20Names()
                                           : name == "resnet50" ? test::resnet50Names()
                                                                : test::longNames(200);
    const std::string html = report::renderHtml(test::sampleReport(name.toStdString(), names));
    // For a person's eyes: BITLOOM_SAMPLE_REPORTS=DIR keeps the pages.
    if (const QByteArray folder = qgetenv("BITLOOM_SAMPLE_REPORTS"); !folder.isEmpty()) {
        test::writeFile((folder + "/" + name.toUtf8() + ".html").toStdString(), html);
    }
    QCOMPARE(brokenPicture(html), QString());
    QVERIFY(html.size() < static_cast<std::size_t>(maxBytes));
    QVERIFY(!printsNonFinite(html));
    // Nothing is loaded: the only address is the SVG namespace, the only links stay on the page.
    QString page = QString::fromStdString(html);
    page.remove("xmlns=\"http://www.w3.org/2000/svg\"");
    for (const char* forbidden : {"http", "<script", "<link", "<img", "url(", "src=", "@import"}) {
        QVERIFY2(!page.contains(forbidden), forbidden);
    }
    static const QRegularExpression kLink("href=\"(.)([^\"]*)\"");
    int links = 0;
    for (auto it = kLink.globalMatch(page); it.hasNext(); ++links) {
        const QRegularExpressionMatch link = it.next();
        QCOMPARE(link.captured(1), "#");
        QVERIFY2(page.contains("id=\"" + link.captured(2) + "\""), qPrintable(link.captured(2)));
    }
    QCOMPARE(links, 12);
}

void TestReport::sameDataGiveTheSameBytes()
{
    const std::string first = report::renderHtml(test::sampleReport("m", test::resnet20Names()));
    const std::string second = report::renderHtml(test::sampleReport("m", test::resnet20Names()));
    QVERIFY(first == second);
}

void TestReport::hostileNamesAreEscapedEverywhere()
{
    const std::string hostile = "a\"'><script>alert(1)</script>&\x01\xff";
    report::ReportData data = test::sampleReport(hostile, {hostile, "b" + hostile});
    data.title = hostile;
    data.plan.name = hostile;
    data.sensitivity->data = hostile;
    data.sheet->sha256 = hostile;
    data.sheet->tensors[0].kind = hostile;
    data.model.layers[0].op = hostile;
    data.frontier.back().label = hostile;
    data.provenance = {{hostile, hostile}};
    data.searches.push_back({hostile, hostile, hostile, 1, 2, {}, {}, {}});
    data.commands = {hostile};
    const std::string html = report::renderHtml(data);
    QCOMPARE(brokenPicture(html), QString());
    QVERIFY(html.find("<script") == std::string::npos);
    QVERIFY(html.find("\"'>") == std::string::npos);
    QVERIFY(html.find("a&quot;&#39;&gt;&lt;script&gt;") != std::string::npos);
    QVERIFY(html.find('\x01') == std::string::npos);
    QVERIFY(QString::fromStdString(html).toStdString() == html); // valid UTF-8
}

void TestReport::emptyReportSaysSo()
{
    const std::string html = report::renderHtml({});
    QCOMPARE(brokenPicture(html), QString());
    QVERIFY(html.find("The model has no quantizable layers.") != std::string::npos);
    QVERIFY(html.find("The plan has no layers.") != std::string::npos);
    QVERIFY(!printsNonFinite(html));
    // What does not exist has no section.
    for (const char* section :
         {"frontier", "sensitivity", "weights", "training", "searches", "proof"}) {
        QVERIFY2(html.find(std::string("id=\"") + section) == std::string::npos, section);
    }
}

void TestReport::valuesThatAreNotFiniteAreNeverPrinted()
{
    report::ReportData data = test::sampleReport("m", test::resnet20Names());
    data.sensitivity->entries[0].kl = kNan;
    data.sensitivity->entries[1].kl = kInfinity;
    data.sensitivity->entries[2].outputError = kNan;
    data.sensitivity->floatAccuracyPercent = kNan;
    data.frontier[0].predictedLoss = kInfinity;
    data.searches[0].top1Percent = kNan;
    data.frontier[1].bopsPercentOfFp32 = kNan;
    data.frontier.back().top1Percent = -kInfinity;
    data.histograms[0].low = kNan;
    data.histograms[1].clipHigh = kInfinity;
    data.histograms[2].clippedPercent = kNan;
    data.histograms[3].gridLevels[0] = std::numeric_limits<float>::infinity();
    data.training[0].loss = kNan;
    data.training[1].testTop1Percent = kInfinity;
    data.sheet->ratio = kInfinity;
    data.sheet->top1PackedPercent = kNan;
    data.sheet->top1FloatPercent = kNan;
    const std::string html = report::renderHtml(data);
    QCOMPARE(brokenPicture(html), QString());
    QVERIFY(!printsNonFinite(html));
}

void TestReport::unverifiedFileIsCalledSo()
{
    report::ReportData data = test::sampleReport("m", test::resnet20Names());
    QVERIFY(report::renderHtml(data).find("not verified") == std::string::npos);
    data.sheet->verified = false;
    QVERIFY(report::renderHtml(data).find("not verified") != std::string::npos);
}

void TestReport::planIsComparedWithTheAnchors()
{
    report::ReportData data = test::sampleReport("m", test::resnet20Names());
    FrontierPoint own;
    own.kind = PointKind::Measured;
    own.bytes = data.cost.bytes;
    own.bops = data.cost.bops;
    own.predictedLoss = 0.1875;
    own.top1Percent = 77.25;
    data.frontier.push_back(own);
    data.sheet.reset();
    const QString page = QString::fromStdString(report::renderHtml(data));
    const QString summary = page.section("id=\"summary\"", 1).section("</table>", 0, 0);
    QCOMPARE(summary.count("<tr>") + summary.count("<tr "), 1 + 1 + 5 + 1);
    const QString last = summary.section("<tr", -1);
    QVERIFY(last.contains("kl-at-w4-bytes"));
    QVERIFY(last.contains("<i>0.188</i>")); // found by its exact cost
    QVERIFY(last.contains(QStringLiteral("77.25\u00a0%")));

    const auto lossCell = [&data](std::optional<double> loss) {
        data.frontier.back().predictedLoss = loss;
        const QString html = QString::fromStdString(report::renderHtml(data));
        const QString table = html.section("id=\"summary\"", 1).section("</table>", 0, 0);
        return table.section("<tr", -1).section("</td>", -3, -3);
    };
    QVERIFY(lossCell(0.0).contains("<i>0</i>")); // a prediction like any other
    QVERIFY(!lossCell(std::nullopt).contains("<i>"));
}

QTEST_GUILESS_MAIN(TestReport)
#include "tst_report.moc"
