// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/pack/packed_panel.h"

#include "app/workbench/document/selection.h"
#include "app/workbench/panels/common/failure_line.h"
#include "app/workbench/panels/pack/difference_model.h"
#include "app/workbench/panels/pack/verification_view.h"
#include "tests/app/workbench/panels/model_lines.h"
#include "tests/app/workbench/panels/opened_model.h"
#include "tests/support/test_support.h"
#include "widgets/plots/byte_map.h"
#include "widgets/plots/codes_plot.h"
#include "widgets/plots/histogram_plot.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTreeView>

#include <numeric>

using namespace bitloom;
using namespace bitloom::workbench;

namespace {

struct Parts {
    test::OpenedModel opened;
    Selection selection;
    QTemporaryDir folder;

    QString file(const QString& name) const { return folder.filePath(name); }

    /// The open model with weights of 4 bits, written by the real job.
    QString pack()
    {
        engine::PackJob job;
        job.model = opened.document.modelReference();
        UniformPlanOptions options;
        options.weightBits = 4;
        options.activationBits = kFloatBits;
        job.plan = makeUniformPlan(*opened.document.model(), options);
        job.plan.name = "w4";
        const QString path = file(QStringLiteral("packed.h5"));
        job.output = path.toStdString();
        JobOrder order;
        order.spec = job;
        order.commandLine = QStringLiteral("pack");
        opened.center.start(std::move(order), &opened.context);
        return opened.waitForJobs() ? path : QString();
    }
    void open(const QString& path)
    {
        engine::InspectJob job;
        job.model.spec = path.toStdString();
        JobOrder order;
        order.spec = job;
        order.onFinished = [this, job](const JobResult& result) {
            opened.document.open(std::get<std::shared_ptr<const ModelReport>>(result), job.model);
            return QString();
        };
        opened.center.start(std::move(order), &opened.context);
    }
};

bool wait(const std::function<bool()>& condition)
{
    return QTest::qWaitFor(condition, test::kPatience);
}

std::int64_t sumOf(const PackedDetail& detail)
{
    return std::accumulate(detail.counts.begin(), detail.counts.end(), std::int64_t{0});
}

} // namespace

class TestPackedPanel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void differencesPrint()
    {
        DifferenceModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        auto report = std::make_shared<VerifyReport>();
        report->differences = {{"", "", -1, "", "the network in the file differs"},
                               {"fc.weight", "zero_point", 1200, "3", "-2"}};
        report->differenceCount = 2;
        model.setReport(report);
        const QStringList expected{
            QStringLiteral("Tensor | Part | Index | Expected | Found"),
            QStringLiteral("the whole file |  |  |  | the network in the file differs"),
            QStringLiteral("fc.weight | zero point | 1,200 | 3 | -2")};
        QCOMPARE(test::modelLines(model), expected);
        QVERIFY(!model.data(model.index(5, 0)).isValid());
        QVERIFY(!model.headerData(DifferenceModel::kColumns, Qt::Horizontal).isValid());
        VerificationView view;
        view.setReport(report, QStringLiteral("arch:lenet5"));
        QCOMPARE(view.text(), QStringLiteral("tensor\tpart\tindex\texpected\tfound\n"
                                             "\t\t\t\tthe network in the file differs\n"
                                             "fc.weight\tzero_point\t1200\t3\t-2\n"));
        QVERIFY(view.verdict().startsWith(QStringLiteral("Not verified")));
    }

    void anExportedFileIsShownBesideItsFloats()
    {
        Parts parts;
        PackedPanel panel(parts.opened.document, parts.selection, parts.opened.center,
                          test::commandOf);
        panel.show();
        panel.flushRefresh();
        QVERIFY(!panel.emptySentence().isEmpty());
        QVERIFY(parts.opened.wait());
        const QString path = parts.pack();
        QVERIFY(!path.isEmpty());
        QSignalSpy shown(&panel, &PackedPanel::fileShown);
        panel.showFile(path);
        QVERIFY(wait([&] { return panel.detail() != nullptr; }));
        QCOMPARE(shown.count(), 1);
        QCOMPARE(shown[0][0].toBool(), false); // nobody opened it
        QCOMPARE(panel.map()->fileBytes, QFileInfo(path).size());
        QVERIFY(panel.emptySentence().isEmpty());
        QCOMPARE(panel.floatModel(), QStringLiteral("arch:lenet5"));
        const auto& layers = parts.opened.document.model()->layers;
        // A layer that is selected anywhere is shown here.
        const auto largest = std::max_element(
            layers.begin(), layers.end(),
            [](const LayerInfo& a, const LayerInfo& b) { return a.parameters < b.parameters; });
        parts.selection.setLayers({QString::fromStdString(largest->name)});
        QVERIFY(wait([&] { return panel.detail() && panel.detail()->tensor == largest->weight; }));
        std::int64_t weights = 1;
        for (const std::int64_t size : largest->weightShape) {
            weights *= size;
        }
        QCOMPARE(sumOf(*panel.detail()), weights);
        QCOMPARE(panel.detail()->bits, 4);
        QVERIFY(panel.detail()->against.has_value());
        QVERIFY(*panel.detail()->against->sqnrDb > 10); // 4 bits keep that much
        panel.flushRefresh();
        QVERIFY(panel.findChild<ui::HistogramPlot*>()->barsDrawn() > 10);
        // What is clicked in the map is selected everywhere.
        auto* bytes = panel.findChild<ui::ByteMap*>();
        QVERIFY(bytes->ringedRegions() > 0);
        int region = 0;
        const std::string wanted = layers.front().weight;
        const auto& regions = panel.map()->regions;
        for (std::size_t i = 0; i < regions.size(); ++i) {
            if (regions[i].tensor == wanted && regions[i].kind == RegionKind::Codes) {
                region = static_cast<int>(i);
            }
        }
        Q_EMIT bytes->partActivated(region);
        QCOMPARE(parts.selection.currentLayer(), QString::fromStdString(layers.front().name));
        QVERIFY(wait([&] { return panel.detail() && panel.detail()->tensor == wanted; }));
        QCOMPARE(panel.pictures().size(), 3);
    }

    void floatsThatCannotBeHadLeaveTheCodes()
    {
        Parts parts;
        PackedPanel panel(parts.opened.document, parts.selection, parts.opened.center,
                          test::commandOf);
        panel.show();
        QVERIFY(parts.opened.wait());
        panel.showFile(parts.pack());
        QVERIFY(wait([&] { return panel.detail() && panel.detail()->against; }));
        panel.setFloatModel(parts.file(QStringLiteral("gone.pt")));
        QVERIFY(wait([&] { return panel.detail() && !panel.detail()->against; }));
        panel.flushRefresh();
        auto* caption = test::named<QLabel>(panel, QStringLiteral("The tensor that is shown"));
        QVERIFY2(caption->text().contains(QStringLiteral("gone.pt")), qPrintable(caption->text()));
        QVERIFY(!panel.findChild<ui::HistogramPlot*>()->isVisible());
        // Whose tensor has no codes says so.
        const auto& regions = panel.map()->regions;
        const auto raw = std::find_if(regions.begin(), regions.end(), [](const FileRegion& found) {
            return found.kind == RegionKind::Values;
        });
        Q_EMIT panel.findChild<ui::ByteMap*>()->partActivated(
            static_cast<int>(raw - regions.begin()));
        panel.flushRefresh();
        QVERIFY2(caption->text().contains(QStringLiteral("has no codes")),
                 qPrintable(caption->text()));
    }

    void aPackedFileOpensLikeAModel()
    {
        Parts parts;
        PackedPanel panel(parts.opened.document, parts.selection, parts.opened.center,
                          test::commandOf);
        panel.show();
        QVERIFY(parts.opened.wait());
        const QString path = parts.pack();
        QSignalSpy shown(&panel, &PackedPanel::fileShown);
        QSignalSpy gone(&panel, &PackedPanel::fileGone);
        parts.open(path);
        QVERIFY(wait([&] { return shown.count() == 1 && panel.detail() != nullptr; }));
        QVERIFY(shown[0][0].toBool());
        QCOMPARE(gone.count(), 1);                                   // what was open before
        QCOMPARE(panel.floatModel(), QStringLiteral("arch:lenet5")); // as the file says
        QVERIFY(panel.detail()->against.has_value());
        parts.opened.document.close();
        panel.flushRefresh();
        QCOMPARE(gone.count(), 2);
        QVERIFY(panel.map() == nullptr);
        QVERIFY(!panel.emptySentence().isEmpty());
    }

    void verifyingListsEachDifference()
    {
        Parts parts;
        PackedPanel panel(parts.opened.document, parts.selection, parts.opened.center,
                          test::commandOf);
        panel.show();
        QVERIFY(parts.opened.wait());
        panel.showFile(parts.pack());
        QVERIFY(wait([&] { return panel.map() != nullptr; }));
        QSignalSpy commands(&parts.opened.center, &JobCenter::commandStarted);
        panel.verify();
        QVERIFY(parts.opened.waitForJobs());
        QVERIFY(panel.report() != nullptr);
        QVERIFY(panel.report()->sheet.verified);
        QCOMPARE(commands.count(), 1);
        panel.flushRefresh();
        auto* view = panel.findChild<VerificationView*>();
        QVERIFY2(view->verdict().startsWith(QStringLiteral("Verified")),
                 qPrintable(view->verdict()));

        // Other random weights: nearly every code is another one.
        parts.opened.center.setSeed(1);
        panel.verify();
        QVERIFY(parts.opened.waitForJobs());
        const auto report = panel.report();
        QVERIFY(!report->sheet.verified);
        panel.flushRefresh();
        QCOMPARE(view->table().model()->rowCount(), static_cast<int>(report->differences.size()));
        QVERIFY(report->differenceCount > static_cast<std::int64_t>(report->differences.size()));
        const auto code = std::find_if(
            report->differences.begin(), report->differences.end(),
            [](const PackDifference& difference) { return difference.part == "code"; });
        QVERIFY(code != report->differences.end());
        QVERIFY(code->index >= 0 && code->expected != code->found);
        test::buttonSaying(*view, QStringLiteral("Copy all"))->click();
        QCOMPARE(QGuiApplication::clipboard()->text().count(u'\n'),
                 static_cast<qsizetype>(report->differences.size()) + 1);
        QCOMPARE(panel.pictures().size(), 4);

        // A file that is gone is said so, and what was found before stays.
        QFile::remove(parts.file(QStringLiteral("packed.h5")));
        panel.verify();
        QVERIFY(parts.opened.waitForJobs());
        QVERIFY(panel.report() == report);
        QVERIFY(panel.findChild<FailureLine*>()->text().contains(QStringLiteral("packed.h5")));
    }
};

QTEST_MAIN(TestPackedPanel)
#include "tst_packed_panel.moc"
