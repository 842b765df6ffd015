// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/report/layer_rows.h"
#include "core/report/svg_bits.h"
#include "core/report/svg_bytes.h"
#include "core/report/svg_frontier.h"
#include "core/report/svg_histogram.h"
#include "core/report/svg_sensitivity.h"
#include "core/report/svg_training.h"
#include "report_samples.h"
#include "tests/support/test_support.h"

#include <QRegularExpression>
#include <QSet>
#include <QXmlStreamReader>

#include <limits>

using namespace bitloom;
using namespace bitloom::report;

namespace {
/// The picture must be XML; returns how many elements carry the class.
int countOfClass(const std::string& svg, const QString& wanted)
{
    QXmlStreamReader reader(QString::fromStdString(svg));
    int count = 0;
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::StartElement) {
            const QString classes = reader.attributes().value("class").toString();
            count += classes.split(' ').contains(wanted) ? 1 : 0;
        }
    }
    if (reader.hasError()) {
        qWarning().noquote() << reader.errorString();
        return -1;
    }
    return count;
}

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

FrontierPoint predictedAt(std::int64_t bytes, double loss)
{
    FrontierPoint point;
    point.bytes = bytes;
    point.bopsPercentOfFp32 = 1;
    point.predictedLoss = loss;
    return point;
}
} // namespace

class TestSvgPictures : public QObject {
    Q_OBJECT

private:
    const ReportData m_sample = test::sampleReport("resnet20", test::resnet20Names());

private Q_SLOTS:
    void frontierShowsEachPointInItsPanel();
    void frontierStepSkipsDominatedPoints();
    void frontierCountsWhatItCannotPlace();
    void frontierOfDegeneratePoints();
    void sensitivityHasACellPerEntry();
    void sensitivityOutlinesThePlan();
    void sensitivityOfEqualOrMissingValues();
    void bitsHasTwoBarsPerLayer();
    void bytesHasARowPerLayerAndOneForTheRest();
    void histogramDrawsItsGrid();
    void histogramOfNothing();
    void trainingLeavesGaps();
    void longNamesStayDistinct();
    void standaloneFileCarriesItsStyle();
};

void TestSvgPictures::frontierShowsEachPointInItsPanel()
{
    // 50 predicted, 4 measured (also predicted), 5 anchors (both): see report_samples.cpp.
    const std::string svg = frontierSvg(m_sample.frontier, {});
    QCOMPARE(countOfClass(svg, "mark"), (4 + 5) + (50 + 4 + 5));
    QCOMPARE(countOfClass(svg, "shade"), 2);
    for (const FrontierPoint& point : m_sample.frontier) {
        if (point.kind == PointKind::UniformAnchor) {
            QVERIFY2(contains(svg, ">" + point.label + "</text>"), point.label.c_str());
        }
    }
    // Only predictions: one panel, and no axis of accuracy.
    const std::vector<FrontierPoint> predicted = {predictedAt(1000, 1), predictedAt(2000, 0.5)};
    const std::string one = frontierSvg(predicted, {});
    QCOMPARE(countOfClass(one, "mark"), 2);
    QVERIFY(!contains(one, "accuracy"));
}

void TestSvgPictures::frontierStepSkipsDominatedPoints()
{
    const std::vector<FrontierPoint> points = {predictedAt(4000, 0.1), predictedAt(1000, 1),
                                               predictedAt(2000, 3), predictedAt(3000, 0.5)};
    const QString svg = QString::fromStdString(frontierSvg(points, {}));
    const QRegularExpressionMatch line =
        QRegularExpression("<path d=\"([^\"]*)\" class=\"line wgtl\"").match(svg);
    QVERIFY(line.hasMatch());
    // Three steps: the dearer and worse point at 2000 bytes is none.
    QCOMPARE(line.captured(1).count('V'), 2);
    QCOMPARE(svg.count("class=\"mark hollow\""), 4);
}

void TestSvgPictures::frontierCountsWhatItCannotPlace()
{
    std::vector<FrontierPoint> points = {
        predictedAt(1000, 1), predictedAt(0, 1),
        predictedAt(3000, std::numeric_limits<double>::infinity())};
    const std::string svg = frontierSvg(points, {});
    QCOMPARE(countOfClass(svg, "mark"), 1);
    QVERIFY(contains(svg, "2 without cost or value: not drawn"));
}

void TestSvgPictures::frontierOfDegeneratePoints()
{
    QVERIFY(contains(frontierSvg({}, {}), "No plan was predicted or measured yet."));
    const std::vector<FrontierPoint> equal(5, predictedAt(1000, 0));
    QCOMPARE(countOfClass(frontierSvg(equal, {}), "mark"), 5);
    QVERIFY(!frontierVaries(equal, FrontierCost::Bytes));
    QVERIFY(!frontierVaries({}, FrontierCost::Bytes));
    QVERIFY(frontierVaries(m_sample.frontier, FrontierCost::BopsPercent));
    const std::vector<FrontierPoint> extreme = {predictedAt(1, 1e-300),
                                                predictedAt(INT64_MAX, 1e300)};
    QCOMPARE(countOfClass(frontierSvg(extreme, {}), "mark"), 2);
}

void TestSvgPictures::sensitivityHasACellPerEntry()
{
    const std::string svg = sensitivitySvg(*m_sample.sensitivity, m_sample.model);
    const int cells = countOfClass(svg, "onl") + countOfClass(svg, "ond");
    QCOMPARE(cells, 20 * 2 * 6);
    QCOMPARE(countOfClass(svg, "chosen"), 0);
}

void TestSvgPictures::sensitivityOutlinesThePlan()
{
    const std::string svg = sensitivitySvg(*m_sample.sensitivity, m_sample.model, &m_sample.plan);
    // One weight is pruned, one in floating point, and so is the first activation: no cell. The key
    // has one more.
    QCOMPARE(countOfClass(svg, "chosen"), 18 + 19 + 1);
}

void TestSvgPictures::sensitivityOfEqualOrMissingValues()
{
    SensitivityTable table = *m_sample.sensitivity;
    for (SensitivityEntry& entry : table.entries) {
        entry.kl = 0;
    }
    table.entries.pop_back();
    const std::string svg = sensitivitySvg(table, m_sample.model);
    QCOMPARE(countOfClass(svg, "onl") + countOfClass(svg, "ond"), 20 * 2 * 6 - 1);
    QVERIFY(contains(svg, "\u2013</text>"));
    QVERIFY(contains(sensitivitySvg({}, m_sample.model), "No sensitivity was measured yet."));
}

void TestSvgPictures::bitsHasTwoBarsPerLayer()
{
    const std::string svg = bitsSvg(m_sample.model, m_sample.plan, SvgUse::Page);
    QCOMPARE(countOfClass(svg, "mark"), 2 * 20 - 1);
    QCOMPARE(countOfClass(svg, "hatchline"), 2); // the pruned weight, and the key
    QCOMPARE(countOfClass(svg, "num"), 2 * 20);  // each bar has its number
    // A plan for nothing leaves everything in floating point.
    QCOMPARE(countOfClass(bitsSvg(m_sample.model, {}, SvgUse::Page), "b32"), 2 * 20 + 1);
}

void TestSvgPictures::bytesHasARowPerLayerAndOneForTheRest()
{
    const std::string svg = bytesSvg(m_sample.cost, SvgUse::Page);
    QCOMPARE(countOfClass(svg, "mark"), 20 + 1);
    QCOMPARE(countOfClass(svg, "act"),
             18 + 1); // pruned and float layers have no scales; the key has
    PlanCost pruned;
    pruned.layers.resize(3);
    QCOMPARE(countOfClass(bytesSvg(pruned, SvgUse::Page), "mark"), 4);
}

void TestSvgPictures::histogramDrawsItsGrid()
{
    WeightHistogram histogram = m_sample.histograms[1];
    histogram.gridLevels = {-0.5F, 0, 0.5F};
    histogram.bits = 1;
    const QString svg = QString::fromStdString(histogramSvg(histogram, SvgUse::Page));
    const auto commands = [&svg](const QString& classes, QChar command) {
        const QRegularExpression path("<path d=\"([^\"]*)\" class=\"" + classes + "\"");
        return path.match(svg).captured(1).count(command);
    };
    QCOMPARE(commands("wgt bars", 'H'), 64);        // one bar per bin
    QCOMPARE(commands("axis actl levels", 'M'), 3); // one tick per level
    QCOMPARE(commands("axis actl faint", 'M'), 3);
    QVERIFY(svg.contains("1 bit, "));
    // 40 levels and more: ticks only.
    histogram.gridLevels.assign(40, 0.25F);
    const std::string dense = histogramSvg(histogram, SvgUse::Page);
    QCOMPARE(countOfClass(dense, "faint"), 0);
    QCOMPARE(countOfClass(dense, "levels"), 1);
}

void TestSvgPictures::histogramOfNothing()
{
    QVERIFY(contains(histogramSvg({}), "No weights to count."));
    WeightHistogram constant;
    constant.counts = {5, 5};
    constant.low = constant.high = 0.1;
    QVERIFY(contains(histogramSvg(constant), "No weights to count."));
}

void TestSvgPictures::trainingLeavesGaps()
{
    std::vector<EpochResult> epochs = m_sample.training;
    QCOMPARE(countOfClass(trainingSvg(epochs), "mark"), 3 * 12);
    epochs[5].loss = std::numeric_limits<double>::quiet_NaN();
    epochs[5].testTop1Percent.reset();
    QCOMPARE(countOfClass(trainingSvg(epochs), "mark"), 3 * 12 - 2);
    const std::vector<EpochResult> single(1);
    QCOMPARE(countOfClass(trainingSvg(single), "mark"), 2);
    QVERIFY(contains(trainingSvg({}), "The model was not trained here."));
}

void TestSvgPictures::longNamesStayDistinct()
{
    const std::vector<std::string> names = test::longNames(200);
    QSet<QString> labels;
    for (const std::string& label : rowLabels(names)) {
        labels.insert(QString::fromStdString(label));
        QVERIFY(QString::fromStdString(label).size() <= 36);
    }
    QCOMPARE(labels.size(), 200);
    // Short names stay as they are.
    QVERIFY(rowLabels(test::resnet20Names()) == test::resnet20Names());
    QCOMPARE(scopeGroups(names).back(), std::string("7"));
    QCOMPARE(scopeGroups({"a.x", "a.x"}).front(), std::string("x"));
    QVERIFY(rowLabels({}).empty() && scopeGroups({}).empty());
}

void TestSvgPictures::standaloneFileCarriesItsStyle()
{
    const std::string file = bitsSvg(m_sample.model, m_sample.plan, SvgUse::File);
    QVERIFY(contains(file, "<style>"));
    QVERIFY(contains(file, "prefers-color-scheme:dark"));
    QVERIFY(!contains(bitsSvg(m_sample.model, m_sample.plan, SvgUse::Page), "<style>"));
}

QTEST_GUILESS_MAIN(TestSvgPictures)
#include "tst_svg_pictures.moc"
