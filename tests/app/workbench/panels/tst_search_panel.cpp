// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/search/search_panel.h"

#include "app/workbench/jobs/command_lines.h"
#include "app/workbench/panels/common/data_choice.h"
#include "app/workbench/panels/common/failure_line.h"
#include "app/workbench/panels/search/search_run.h"
#include "app/workbench/project/project_store.h"
#include "core/engine/method_catalog.h"
#include "tests/app/workbench/panels/opened_model.h"
#include "tests/support/test_support.h"
#include "widgets/views/option_form.h"

#include <QComboBox>
#include <QFileInfo>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <algorithm>

using namespace bitloom;
using namespace bitloom::workbench;

namespace {

/// A search that ends within seconds.
OptionValues shortSearch(std::int64_t epochs)
{
    OptionValues values = engine::methodNamed("bayesian-bits").options->preset("quick");
    values.set("epochs", epochs);
    values.set("train-batch-size", std::int64_t{32});
    values.set("calibration-batches", std::int64_t{1});
    return values;
}

struct Parts {
    test::OpenedModel opened;
    DataChoice choice;
    ProjectStore store;
    SearchRun run{opened.document, opened.center, choice, store,
                  [this](const engine::JobSpec& spec) {
                      lastSpec = spec;
                      return commandLineFor(spec, {}, QStringLiteral("cpu"), 0);
                  }};
    SearchPanel panel{opened.document, opened.center, choice, run, engine::methodCatalog()};
    std::optional<engine::JobSpec> lastSpec;
    QTemporaryDir folder;

    Parts()
    {
        DataSettings settings;
        settings.digits = 64;
        choice.setSettings(settings);
    }
    bool open()
    {
        store.create(folder.filePath(QStringLiteral("p.bitloom")));
        return opened.wait() && QTest::qWaitFor([this] { return store.isOpen(); }, test::kPatience);
    }
    QPushButton* start() const { return test::buttonSaying(panel, QStringLiteral("Start search")); }
    bool hasStepped(JobId job) const
    {
        const JobRow* row = opened.center.row(job);
        return row->state == JobState::Running && row->progress && row->progress->done > 0;
    }
    const FailureLine* failure() const { return panel.findChild<FailureLine*>(); }
};

} // namespace

class TestSearchPanel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anEmptyPanelSaysWhatWillBeHere()
    {
        const Parts parts;
        QVERIFY(!parts.panel.emptySentence().isEmpty());
    }

    void theFormLeadsToAPackedFileAndAPoint()
    {
        Parts parts;
        QVERIFY(parts.open());
        parts.panel.show();
        parts.panel.setOptions(shortSearch(1));
        auto* name = test::named<QLineEdit>(parts.panel, QStringLiteral("Name of the run"));
        QTRY_COMPARE(name->text(), QStringLiteral("bayesian-bits-lambda-0.1"));
        QTRY_VERIFY(parts.start()->isEnabled());
        const QSignalSpy found(&parts.run, &SearchRun::found);
        const auto points = parts.opened.document.points().size();
        parts.start()->click();
        QVERIFY(parts.run.job() != 0);
        QTRY_VERIFY(!parts.start()->isEnabled()); // one at a time
        QTRY_COMPARE_WITH_TIMEOUT(found.size(), 1, test::kPatience);
        QCOMPARE(parts.run.job(), JobId{0});
        const auto result = found.front().front().value<SearchResult>();
        QVERIFY(QFileInfo::exists(QString::fromStdString(result.packed)));
        QVERIFY(QFileInfo::exists(QString::fromStdString(result.checkpoint)));
        QCOMPARE(result.layers.size(), parts.opened.document.model()->layers.size());
        QCOMPARE(parts.opened.document.points().size(), points + 1);
        const FrontierPoint& point = parts.opened.document.points().back();
        QCOMPARE(point.label, std::string("bayesian-bits-lambda-0.1"));
        QCOMPARE(point.top1Percent.value(), result.top1Percent);
        const BitPlan* plan = parts.opened.document.findPlan(QString::fromStdString(point.label));
        QVERIFY(plan != nullptr);
        QCOMPARE(planDigest(*plan), point.planDigest);
        QVERIFY(parts.opened.document.planName() != QString::fromStdString(point.label));
        QTRY_VERIFY(parts.start()->isEnabled());
    }

    void aStoppedSearchGoesOn()
    {
        Parts parts;
        QVERIFY(parts.open());
        parts.panel.show();
        parts.panel.setOptions(shortSearch(2000));
        QTRY_VERIFY(parts.start()->isEnabled());
        parts.start()->click();
        const JobId job = parts.run.job();
        QVERIFY(job != 0);
        // Not before the first step: there would be nothing to go on from.
        QTRY_VERIFY_WITH_TIMEOUT(parts.hasStepped(job), test::kPatience);
        test::named<QPushButton>(parts.panel, QStringLiteral("Stop the search"))->click();
        QTRY_COMPARE_WITH_TIMEOUT(parts.opened.center.row(job)->state, JobState::Cancelled,
                                  test::kPatience);
        QTRY_VERIFY(parts.start()->isEnabled());
        parts.start()->click();
        const JobId next = parts.run.job();
        QVERIFY(next != 0 && next != job);
        const auto saysThatItGoesOn = [&] {
            return parts.opened.center.row(next)->log.filter(QStringLiteral("continuing")).size() ==
                   1;
        };
        QTRY_VERIFY_WITH_TIMEOUT(saysThatItGoesOn(), test::kPatience);
        parts.opened.center.cancel(next);
        QVERIFY(parts.opened.waitForJobs());
    }

    void otherOptionsUnderAUsedNameAreRefused()
    {
        Parts parts;
        QVERIFY(parts.open());
        parts.panel.show();
        const QSignalSpy found(&parts.run, &SearchRun::found);
        parts.panel.setOptions(shortSearch(1));
        QTRY_VERIFY(parts.start()->isEnabled());
        parts.panel.start();
        QTRY_COMPARE_WITH_TIMEOUT(found.size(), 1, test::kPatience);
        parts.panel.setOptions(shortSearch(2));
        QTRY_VERIFY(parts.start()->isEnabled());
        parts.panel.start();
        QTRY_VERIFY_WITH_TIMEOUT(!parts.failure()->isHidden(), test::kPatience);
        QVERIFY2(parts.failure()->text().contains(QLatin1String("another")),
                 qPrintable(parts.failure()->text()));
        QCOMPARE(found.size(), 1);
    }

    void locksOfThePlanGoIntoTheOptions()
    {
        Parts parts;
        QVERIFY(parts.open());
        parts.panel.show();
        const QString layer = QString::fromStdString(parts.opened.document.model()->layers[1].name);
        auto* button = test::buttonSaying(parts.panel, QStringLiteral("Lock as in the plan"));
        QTRY_VERIFY(!button->isEnabled());
        parts.opened.document.setLocked({layer}, true);
        QTRY_VERIFY(button->isEnabled());
        button->click();
        const LayerCost& cost = parts.opened.document.cost().layers[1];
        QCOMPARE(
            QString::fromStdString(parts.panel.options().values().text("lock")),
            QStringLiteral("%1=%2/%3").arg(layer).arg(cost.weightBits).arg(cost.activationBits));
        QCOMPARE(parts.panel.options().problem(), QString());
    }

    void aRunningSearchIsSteered()
    {
        Parts parts;
        QVERIFY(parts.open());
        parts.panel.show();
        parts.panel.setOptions(shortSearch(2000));
        QTRY_VERIFY(parts.start()->isEnabled());
        const QSignalSpy found(&parts.run, &SearchRun::found);
        parts.start()->click();
        const JobId job = parts.run.job();
        QTRY_VERIFY_WITH_TIMEOUT(parts.hasStepped(job), test::kPatience);
        auto* locks =
            test::named<QLineEdit>(parts.panel, QStringLiteral("Locks for the running search"));
        QTRY_VERIFY(locks->isVisible());
        auto* lock = test::buttonSaying(parts.panel, QStringLiteral("Lock"));
        locks->setText(QStringLiteral("nonsense"));
        lock->click();
        QVERIFY(!parts.failure()->isHidden());
        QCOMPARE(locks->text(), QStringLiteral("nonsense")); // to be mended
        const std::string layer = parts.opened.document.model()->layers[1].name;
        locks->setText(QString::fromStdString(layer) + QStringLiteral("=8/-"));
        lock->click();
        QVERIFY(parts.failure()->isHidden());
        QCOMPARE(locks->text(), QString());
        // Long before 2,000 epochs are over.
        test::buttonSaying(parts.panel, QStringLiteral("Freeze gates"))->click();
        QTRY_COMPARE_WITH_TIMEOUT(found.size(), 1, test::kPatience);
        QCOMPARE(parts.opened.center.row(job)->state, JobState::Finished);
        const auto result = found.front().front().value<SearchResult>();
        QCOMPARE(result.layers[1].name, layer);
        QCOMPARE(result.layers[1].weightBits, 8);
    }

    void aSweepIsOneRunPerValue()
    {
        Parts parts;
        QVERIFY(parts.open());
        parts.panel.show();
        parts.panel.setOptions(shortSearch(1));
        auto* more = test::named<QLineEdit>(parts.panel, QStringLiteral("Values to sweep over"));
        more->setText(QStringLiteral("much"));
        QTRY_VERIFY(!parts.start()->isEnabled());
        QVERIFY(parts.start()->toolTip().contains(QLatin1String("much")));
        more->setText(QStringLiteral("1, 0.1"));
        QTRY_VERIFY(parts.start()->isEnabled());
        const QSignalSpy found(&parts.run, &SearchRun::found);
        parts.start()->click();
        QCOMPARE(parts.run.waiting(), 1); // 0.1 is the form's own value
        QTRY_COMPARE_WITH_TIMEOUT(found.size(), 2, test::kPatience);
        QCOMPARE(parts.run.job(), JobId{0});
        QCOMPARE(found[0][1].toString(), QStringLiteral("bayesian-bits-lambda-0.1"));
        QCOMPARE(found[1][1].toString(), QStringLiteral("bayesian-bits-lambda-1"));
        QCOMPARE(parts.opened.document.points().size(), std::size_t{2});
    }

    void presetsSayWhatTheyAre()
    {
        Parts parts;
        QVERIFY(parts.open());
        auto* preset = test::named<QComboBox>(parts.panel, QStringLiteral("Preset"));
        preset->setCurrentText(QStringLiteral("quick"));
        const OptionSchema& schema = *engine::methodNamed("bayesian-bits").options;
        QVERIFY(parts.panel.options().values() == schema.preset("quick"));
        preset->setCurrentIndex(0);
        QVERIFY(parts.panel.options().values() == schema.defaults());
    }

    void aSingleMethodIsNoChoice()
    {
        Parts parts;
        QVERIFY(parts.open());
        parts.panel.show();
        auto* method = test::named<QComboBox>(parts.panel, QStringLiteral("Method"));
        QCOMPARE(method->count(), static_cast<int>(engine::methodCatalog().size()));
        QCOMPARE(method->isVisibleTo(&parts.panel), method->count() > 1);
    }

    void eachMethodHasItsOwnFormPresetsAndName()
    {
        Parts parts;
        QVERIFY(parts.open());
        OptionSpec budget;
        budget.name = "budget";
        budget.type = OptionType::Integer;
        budget.fallback = std::int64_t{8};
        budget.help = "What it may cost";
        OptionValues half;
        half.set("budget", std::int64_t{4});
        const OptionSchema schema({budget}, {{"half", "Half of it", half}});
        const std::vector<MethodDescription> methods{
            engine::methodNamed("bayesian-bits"),
            {"other", "Another method", "Choose otherwise", "nowhere", &schema}};
        SearchPanel panel(parts.opened.document, parts.opened.center, parts.choice, parts.run,
                          methods);
        panel.show();
        auto* method = test::named<QComboBox>(panel, QStringLiteral("Method"));
        auto* preset = test::named<QComboBox>(panel, QStringLiteral("Preset"));
        auto* name = test::named<QLineEdit>(panel, QStringLiteral("Name of the run"));
        auto* lock = test::buttonSaying(panel, QStringLiteral("Lock as in the plan"));
        QVERIFY(method->isVisibleTo(&panel));
        QVERIFY(lock->isVisibleTo(&panel));
        method->setCurrentIndex(1);
        QVERIFY(panel.options().values() == schema.defaults());
        QCOMPARE(preset->count(), 2);
        QVERIFY(!lock->isVisibleTo(&panel)); // it has no such option
        preset->setCurrentText(QStringLiteral("half"));
        QVERIFY(panel.options().values() == half);
        QTRY_COMPARE(name->text(), QStringLiteral("other-budget-4"));
        method->setCurrentIndex(0);
        QVERIFY(panel.options().values() ==
                engine::methodNamed("bayesian-bits").options->defaults());
        QTRY_COMPARE(name->text(), QStringLiteral("bayesian-bits-lambda-0.1"));
    }

    void theCommandLineIsTheSameSearch()
    {
        Parts parts;
        QVERIFY(parts.open());
        parts.panel.show();
        OptionValues values = shortSearch(1);
        values.set("lambda", 0.25);
        parts.panel.setOptions(values);
        QTRY_VERIFY(parts.start()->isEnabled());
        parts.panel.start();
        QVERIFY(parts.lastSpec.has_value());
        const QString line = commandLineFor(*parts.lastSpec, {}, QStringLiteral("cpu"), 3);
        QVERIFY2(line.startsWith(QLatin1String("bitloom search bayesian-bits arch:lenet5 --data "
                                               "digits:64 ")),
                 qPrintable(line));
        for (const char* part :
             {" --lambda 0.25 ", " --include-pruning ", " --epochs 1 ", " --gamma-16-init -6 ",
              " --name bayesian-bits-lambda-0.25 ", " -o ", " --seed 3"}) {
            QVERIFY2(line.contains(QLatin1String(part)), qPrintable(line));
        }
        QVERIFY(!line.contains(QLatin1String("--optimizer")));
        parts.opened.center.cancelAll();
        QVERIFY(parts.opened.waitForJobs());
    }
};

QTEST_MAIN(TestSearchPanel)
#include "tst_search_panel.moc"
