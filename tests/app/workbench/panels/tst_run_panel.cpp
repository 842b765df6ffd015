// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A real search in the run panel: as it goes on, read from its file later, and followed while
// another writer makes its events file grow; all three show the same. And what an update of a large
// run costs.
#include "app/workbench/panels/search/run_panel.h"

#include "app/workbench/document/run_view.h"
#include "app/workbench/document/selection.h"
#include "app/workbench/panels/search/run_header.h"
#include "app/workbench/panels/search/run_warning_model.h"
#include "app/workbench/project/project_store.h"
#include "app/workbench/project/run_feed.h"
#include "core/engine/method_catalog.h"
#include "core/io/events/run_events_writer.h"
#include "core/types/search_result.h"
#include "tests/app/workbench/panels/model_lines.h"
#include "tests/app/workbench/panels/opened_model.h"
#include "tests/widgets/models/run_samples.h"
#include "widgets/models/run_layer_model.h"
#include "widgets/plots/gate_map.h"
#include "widgets/plots/plot.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QSignalSpy>
#include <QSlider>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeView>
#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace bitloom;
using namespace bitloom::workbench;
using test::kPatience;

namespace {

/// A project folder, the feed of its runs, and the panel that shows them.
class Cockpit {
public:
    Cockpit(test::OpenedModel& model, const QString& folder)
        : feed(model.center, store, view), panel({view, model.document, selection}, feed, nullptr)
    {
        QObject::connect(&feed, &RunFeed::failed,
                         [](const QString& what, const QString& code, const QString& message) {
                             qWarning("%s: %s %s", qPrintable(what), qPrintable(code),
                                      qPrintable(message));
                         });
        store.create(folder);
    }
    bool waitForProject()
    {
        return QTest::qWaitFor([this] { return store.isOpen(); }, kPatience);
    }

    ProjectStore store;
    RunView view;
    Selection selection;
    RunFeed feed;
    RunPanel panel;
};

engine::SearchJob searchIn(const QString& folder)
{
    engine::SearchJob job;
    job.method = "bayesian-bits";
    job.model.spec = "arch:lenet5";
    job.data.spec = "digits:128";
    job.data.batchSize = 32;
    const OptionSchema& schema = *engine::methodNamed(job.method).options;
    OptionValues values;
    values.set("epochs", std::int64_t{3});
    values.set("train-batch-size", std::int64_t{32});
    values.set("log-every", std::int64_t{1});
    values.set("include-pruning", true);
    job.options = schema.completed(schema.preset("quick"), values);
    job.runFile = (folder + QStringLiteral("/runs/first.run.h5")).toStdString();
    job.output = (folder + QStringLiteral("/exports/first.h5")).toStdString();
    return job;
}

/// Series by name: a file keeps them in another order. What is not known (NaN) is the same, too.
bool isSame(const RunHistory& a, const RunHistory& b)
{
    const auto isSameNumber = [](float x, float y) {
        return x == y || (std::isnan(x) && std::isnan(y));
    };
    return a.series.size() == b.series.size() &&
           std::all_of(a.series.begin(), a.series.end(), [&](const HistorySeries& series) {
               const HistorySeries* other = b.find(series.name);
               return other != nullptr && other->columns == series.columns &&
                      other->steps == series.steps &&
                      std::equal(series.values.begin(), series.values.end(), other->values.begin(),
                                 other->values.end(), isSameNumber);
           });
}

/// All that a user reads in the panel, as text.
QString readingOf(RunPanel& panel, const RunView& view, const PlanDocument& document)
{
    panel.flushRefresh();
    const RunHeaderText header = runHeaderText(view, document);
    QStringList lines{header.top1, header.bops, header.expectedBops};
    for (const ui::Picture& picture : panel.pictures()) {
        lines << picture.name << picture.csv();
    }
    return lines.join(u'\n');
}
} // namespace

class TestRunPanel : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    test::OpenedModel m_model;
    RunHistory m_history; ///< of the search of the first test
    QString m_reading;    ///< of the panel after it

    QString project() const { return m_folder.filePath(QStringLiteral("p.bitloom")); }

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_model.wait()); }

    void emptyPanelSaysWhatWillBeHere()
    {
        Cockpit cockpit(m_model, m_folder.filePath(QStringLiteral("empty.bitloom")));
        cockpit.panel.flushRefresh();
        QVERIFY(cockpit.panel.emptySentence().endsWith(u'.'));
        QVERIFY(cockpit.panel.pictures().isEmpty());
    }

    void aSearchIsWatchedWhileItRuns()
    {
        Cockpit cockpit(m_model, project());
        QVERIFY(cockpit.waitForProject());
        cockpit.panel.resize(700, 600);
        cockpit.panel.show();
        const QSignalSpy started(&cockpit.feed, &RunFeed::searchStarted);
        const QSignalSpy updates(&cockpit.view, &RunView::updated);
        JobOrder order;
        order.spec = searchIn(project());
        order.title = QStringLiteral("Search");
        order.commandLine = test::commandOf(order.spec);
        const JobId job = m_model.center.start(order, this);
        QCOMPARE(started.size(), 1);
        QCOMPARE(cockpit.view.source(), RunView::Source::Here);
        QCOMPARE(cockpit.view.facts().epochs, std::optional(3));
        QTRY_VERIFY_WITH_TIMEOUT(cockpit.view.history().find("losses") != nullptr &&
                                     cockpit.view.history().find("losses")->rows() > 0,
                                 kPatience);
        if (m_model.center.row(job)->state == JobState::Running) { // it may be over already
            m_model.center.pause(job);
            QVERIFY(cockpit.view.isPaused());
            m_model.center.resume(job);
            QVERIFY(!cockpit.view.isPaused());
        }
        QTRY_VERIFY_WITH_TIMEOUT(cockpit.view.run().state == WatchedRun::State::Finished,
                                 3 * kPatience);
        QTRY_VERIFY(updates.size() > 0);
        QVERIFY(m_model.waitForJobs());

        // The table ends where the result does.
        const SearchResult result = searchResultFromJson(cockpit.view.run().result);
        const auto rows =
            ui::runLayerRows(cockpit.view.history(), m_model.document.model().get(), std::nullopt);
        QCOMPARE(rows.size(), result.layers.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            QCOMPARE(rows[i].name, result.layers[i].name);
            QCOMPARE(rows[i].weightBits, result.layers[i].weightBits);
            QCOMPARE(rows[i].activationBits, result.layers[i].activationBits);
            QVERIFY(std::abs(rows[i].keptPercent - result.layers[i].keptPercent) < 1e-4);
        }
        m_history = cockpit.view.history();
        m_reading = readingOf(cockpit.panel, cockpit.view, m_model.document);
        QVERIFY(m_reading.contains(QStringLiteral("features.3")));
        QVERIFY(m_reading.size() > 5000);
        QTRY_COMPARE(cockpit.feed.entries().size(), std::size_t{1});
        QTRY_VERIFY_WITH_TIMEOUT(cockpit.feed.entries().front().where == RunEntry::Where::Kept,
                                 kPatience);
    }

    void aFinishedRunLooksTheSame()
    {
        Cockpit cockpit(m_model, project());
        QVERIFY(cockpit.waitForProject());
        cockpit.panel.resize(700, 600);
        cockpit.panel.show();
        // The project shows by itself what it did last.
        QTRY_VERIFY_WITH_TIMEOUT(!cockpit.view.isEmpty(), kPatience);
        QCOMPARE(cockpit.view.source(), RunView::Source::Kept);
        QVERIFY(isSame(cockpit.view.history(), m_history));
        QVERIFY(cockpit.view.run().state == WatchedRun::State::Finished);
        QCOMPARE(cockpit.view.facts().data, QStringLiteral("digits:128"));
        QCOMPARE(readingOf(cockpit.panel, cockpit.view, m_model.document), m_reading);
        // Nothing of it happens now, yet the header says how far it came and how long it took.
        const auto detail = [&] { return runHeaderText(cockpit.view, m_model.document).detail; };
        const std::int64_t last = m_history.find("losses")->steps.back();
        QVERIFY2(
            detail().startsWith(QStringLiteral("epoch 3 of 3 \u00B7 step %1 \u00B7 ").arg(last)) &&
                !detail().endsWith(QStringLiteral("\u00B7 ")),
            qPrintable(detail()));
        cockpit.view.setTime(1);
        QVERIFY2(detail().startsWith(QStringLiteral("epoch 1 of 3")), qPrintable(detail()));
    }

    void aResultSaysHowTheRunWent()
    {
        const auto outcome = runOutcomeFrom(R"({"epochs": 4, "steps": 40, "seconds": 12.5})");
        QVERIFY(outcome.has_value());
        QCOMPARE(outcome->seconds, 12.5);
        const auto epochAt = [&](std::int64_t step) { return outcome->epochAt(step).value(); };
        QCOMPARE(epochAt(0), 1);
        QCOMPARE(epochAt(10), 1);
        QCOMPARE(epochAt(11), 2);
        QCOMPARE(epochAt(40), 4);
        // Batches were halved on the way: only the end is certain.
        const auto halved = runOutcomeFrom(R"({"epochs": 4, "steps": 60, "train_batch_size": 16})");
        QVERIFY(!halved->epochAt(11));
        QCOMPARE(halved->epochAt(60).value(), 4);
        QVERIFY(!runOutcomeFrom("{}"));
        QVERIFY(!runOutcomeFrom("nonsense"));
    }

    void aRunOfAnotherProcessIsFollowed()
    {
        const QString folder = m_folder.filePath(QStringLiteral("other.bitloom"));
        Cockpit cockpit(m_model, folder);
        QVERIFY(cockpit.waitForProject());
        QVERIFY(QDir(folder).mkpath(QStringLiteral("runs")));
        const auto file = (folder + QStringLiteral("/runs/theirs.events.jsonl")).toStdString();
        auto writer = std::make_unique<io::RunEventsWriter>(file, false);
        double time = 1000;
        const auto say = [&](auto body) { QVERIFY(writer->append(Event{7, time += 1, body})); };
        say(JobStarted{"search", "search", "cpu"});
        for (const HistorySeries& series : m_history.series) {
            say(SeriesDeclared{series.name, series.columns});
        }
        const auto sayRows = [&](std::size_t from, std::size_t to) {
            for (const HistorySeries& series : m_history.series) {
                for (std::size_t row = from; row < std::min(to, series.rows()); ++row) {
                    const auto values = series.row(row);
                    say(SeriesRow{series.name, series.steps[row], {values.begin(), values.end()}});
                }
            }
        };
        sayRows(0, 2);

        cockpit.panel.resize(700, 600);
        cockpit.panel.show();
        QTRY_COMPARE_WITH_TIMEOUT(cockpit.feed.runElsewhere(), QStringLiteral("theirs"), kPatience);
        // As the only run of the project it is shown at once.
        QTRY_COMPARE_WITH_TIMEOUT(cockpit.view.source(), RunView::Source::Elsewhere, kPatience);
        const auto rowsSeen = [&] {
            const HistorySeries* losses = cockpit.view.history().find("losses");
            return losses == nullptr ? std::size_t{0} : losses->rows();
        };
        QTRY_COMPARE_WITH_TIMEOUT(rowsSeen(), std::size_t{2}, kPatience);
        QVERIFY(cockpit.view.isRunning());
        sayRows(2, 100);
        QTRY_COMPARE_WITH_TIMEOUT(rowsSeen(), m_history.find("losses")->rows(), kPatience);
        QVERIFY(isSame(cockpit.view.history(), m_history));
        QCOMPARE(readingOf(cockpit.panel, cockpit.view, m_model.document), m_reading);

        // Its process goes without a word.
        writer.reset();
        QTRY_VERIFY_WITH_TIMEOUT(!cockpit.view.isRunning(), kPatience);
        QVERIFY(cockpit.view.run().state == WatchedRun::State::Stopped);
        QTRY_VERIFY_WITH_TIMEOUT(cockpit.feed.runElsewhere().isEmpty(), kPatience);
    }

    void oneMomentAndOneSelectionEverywhere()
    {
        Cockpit cockpit(m_model, project());
        QVERIFY(cockpit.waitForProject());
        cockpit.panel.resize(900, 700);
        cockpit.panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&cockpit.panel));
        QTRY_VERIFY_WITH_TIMEOUT(!cockpit.view.isEmpty(), kPatience);
        auto* tabs = cockpit.panel.findChild<QTabWidget*>();
        for (int i = 0; i < tabs->count(); ++i) {
            tabs->setCurrentIndex(i);
            cockpit.panel.pictures();
        }
        auto* slider = cockpit.panel.findChild<QSlider*>();
        cockpit.panel.flushRefresh();
        QCOMPARE(slider->value(), slider->maximum());
        slider->setValue(0);
        QCOMPARE(cockpit.view.time(), std::optional<std::int64_t>(0));
        slider->setValue(slider->maximum());
        QVERIFY(!cockpit.view.time());
        auto* map = cockpit.panel.findChild<ui::GateMap*>();
        cockpit.selection.setLayers({QStringLiteral("features.3")});
        cockpit.panel.pictures(); // up to date, also what is hidden
        QCOMPARE(map->selectedRow(), 1);
        auto* table = cockpit.panel.findChild<QTreeView*>();
        QCOMPARE(table->currentIndex().data().toString(), QStringLiteral("features.3"));
        table->selectionModel()->setCurrentIndex(table->model()->index(0, 0),
                                                 QItemSelectionModel::ClearAndSelect |
                                                     QItemSelectionModel::Rows);
        QCOMPARE(cockpit.selection.currentLayer(), QStringLiteral("features.0"));
        cockpit.panel.pictures();
        QCOMPARE(map->selectedRow(), 0);
    }

    void warningsAreListed()
    {
        RunWarningModel model;
        const QAbstractItemModelTester tester(&model);
        const auto rows =
            runWarningRows(QStringLiteral("bayesian-bits"), test::runSample(3, 3000).history);
        QVERIFY(!rows.empty());
        model.setRows({rows.begin(), rows.begin() + 1});
        const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.setRows(rows);
        QCOMPARE(resets.size(), 0); // the list only grew
        QCOMPARE(model.rowCount(), static_cast<int>(rows.size()));
        QVERIFY(model.index(0).data().toString().contains(rows[0].sentence));
        model.setRows({});
        QCOMPARE(resets.size(), 1);
    }

    void updatesAreBounded()
    {
        RunView view;
        auto run = std::make_shared<WatchedRun>();
        view.show(QStringLiteral("r"), RunView::Source::Here, run, {});
        QSignalSpy updates(&view, &RunView::updated);
        QElapsedTimer clock;
        clock.start();
        while (clock.elapsed() < 500) {
            view.noteGrowth(run.get());
            QCoreApplication::processEvents();
        }
        QVERIFY2(updates.size() >= 1 && updates.size() <= 11,
                 qPrintable(QString::number(updates.size())));
        const WatchedRun other;
        updates.clear();
        view.noteGrowth(&other); // not shown
        QTest::qWait(2 * RunView::kUpdateMs);
        QVERIFY(updates.size() <= 1);
    }

    /// bench_run_panel says what an update costs.
    void aLargeRunGrowsInEveryTabAndHiddenPanelsDoNotDraw()
    {
        // As large as a ResNet-18: 49 quantizers of 5 gates, 10,000 rows, 4,800 channels.
        test::RunSample made = test::runSample(25, 10000, 192);
        auto run = std::make_shared<WatchedRun>();
        run->state = WatchedRun::State::Running;
        run->history = std::move(made.history);
        Cockpit cockpit(m_model, m_folder.filePath(QStringLiteral("large.bitloom")));
        QVERIFY(cockpit.waitForProject());
        cockpit.panel.resize(1000, 700);
        cockpit.panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&cockpit.panel));
        cockpit.view.show(QStringLiteral("large"), RunView::Source::Here, run, {});
        auto* tabs = cockpit.panel.findChild<QTabWidget*>();
        for (int tab = 0; tab < tabs->count(); ++tab) {
            tabs->setCurrentIndex(tab);
            QTest::qWait(RunView::kUpdateMs);
            const std::int64_t step = run->history.find("losses")->steps.back() + 1;
            test::appendRunRow(run->history, 25, 192, step);
            const QSignalSpy updated(&cockpit.view, &RunView::updated);
            cockpit.view.noteGrowth(run.get());
            QTRY_COMPARE(updated.size(), 1);
        }
        // What is not seen does nothing.
        tabs->setCurrentIndex(0);
        QTest::qWait(3 * RunView::kUpdateMs);
        cockpit.panel.hide();
        int drawings = 0;
        const auto plots = cockpit.panel.findChildren<ui::Plot*>();
        for (const ui::Plot* plot : plots) {
            drawings -= plot->drawings();
        }
        cockpit.view.noteGrowth(run.get());
        QTest::qWait(3 * RunView::kUpdateMs);
        for (const ui::Plot* plot : plots) {
            drawings += plot->drawings();
        }
        QCOMPARE(drawings, 0);
    }
};

QTEST_MAIN(TestRunPanel)
#include "tst_run_panel.moc"
