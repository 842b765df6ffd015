// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/evaluate/evaluate_panel.h"

#include "app/workbench/document/selection.h"
#include "app/workbench/panels/common/data_choice.h"
#include "app/workbench/panels/common/data_choice_form.h"
#include "app/workbench/panels/common/failure_line.h"
#include "app/workbench/panels/evaluate/class_change_model.h"
#include "app/workbench/panels/evaluate/evaluation_model.h"
#include "app/workbench/panels/evaluate/flip_pane.h"
#include "core/base/error.h"
#include "tests/app/workbench/panels/model_lines.h"
#include "tests/app/workbench/panels/opened_model.h"
#include "widgets/util/formatting.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTreeView>

using namespace bitloom;
using namespace bitloom::workbench;

namespace {
constexpr auto kTester = QAbstractItemModelTester::FailureReportingMode::QtTest;

EvaluationRow row(const QString& plan, std::int64_t correct)
{
    EvaluationRow row;
    row.plan = plan;
    row.bytes = 12000;
    row.bopsPercent = 6.25;
    if (correct >= 0) {
        EvalResult result;
        result.images = 200;
        result.correct = correct;
        result.correctTop5 = 200;
        result.seconds = 1.5;
        row.result = std::make_shared<const EvalResult>(result);
    }
    return row;
}

/// Four images of two classes; the other model spoils one, mends one, and errs anew on one.
std::shared_ptr<const PredictionChanges> someChanges()
{
    Predictions parent;
    parent.images = {3, 5, 8, 9};
    parent.labels = {0, 0, 1, 1};
    parent.predicted = {0, 1, 1, 2};
    Predictions other = parent;
    other.predicted = {2, 0, 1, 0};
    return std::make_shared<const PredictionChanges>(comparePredictions(parent, other));
}

struct Parts {
    test::OpenedModel opened;
    Selection selection;
    DataChoice choice;
    Measurements measurements;
};
} // namespace

class TestEvaluatePanel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void choiceDescribesItself()
    {
        DataChoice choice;
        QSignalSpy changed(&choice, &DataChoice::changed);
        DataSettings settings;
        settings.kind = DataKind::Mnist;
        choice.setSettings(settings);
        QCOMPARE(changed.count(), 1);
        QVERIFY(!choice.problem().isEmpty());
        QVERIFY(!choice.data().has_value());
        settings.folder = QStringLiteral("/data/mnist");
        settings.limit = 100;
        choice.setSettings(settings);
        QCOMPARE(choice.data()->spec, std::string("mnist:/data/mnist"));
        QCOMPARE(choice.describe(),
                 QStringLiteral("mnist:/data/mnist, test split, first 100 images"));
        choice.remember();
        choice.remember();
        QCOMPARE(choice.recent(), QStringList{QStringLiteral("mnist:/data/mnist")});
        engine::DataRef data;
        data.spec = "digits:50";
        data.split = "train";
        choice.setData(data);
        QCOMPARE(choice.settings().kind, DataKind::Digits);
        QCOMPARE(choice.settings().digits, 50);
        QVERIFY(choice.settings().training);
        data.spec = "unheard:of";
        choice.setData(data);
        QCOMPARE(choice.settings().digits, 50);
    }

    void formsOfOneChoiceAgree()
    {
        DataChoice choice;
        DataChoiceForm first(choice, DataUse::Measuring);
        DataChoiceForm second(choice, DataUse::Calibration);
        auto* kind = test::named<QComboBox>(first, QStringLiteral("Kind of images"));
        kind->setCurrentIndex(1);
        QCOMPARE(choice.settings().kind, DataKind::Mnist);
        QCOMPARE(test::named<QComboBox>(second, QStringLiteral("Kind of images"))->currentIndex(),
                 1);
        test::named<QSpinBox>(second, QStringLiteral("Calibration images"))->setValue(64);
        QCOMPARE(choice.calibration().images, 64);
    }

    void modelPrintsAndTellsChangedRows()
    {
        EvaluationModel model;
        const QAbstractItemModelTester tester(&model, kTester);
        model.setRows({row({}, 190), row(QStringLiteral("w4a4"), -1)});
        const QString dash = ui::notKnown();
        const QStringList expected{
            QStringLiteral("Plan | Top-1 % | Change pt | Same answer % | Top-5 % | Size | BOPs % "
                           "| Time"),
            QStringLiteral("Without a plan (float) | 95.00 | %1 | %1 | 100.00 | 12.0\u00A0kB | "
                           "6.25 | 1.5 s")
                .arg(dash),
            QStringLiteral("w4a4 | %1 | %1 | %1 | %1 | 12.0\u00A0kB | 6.25 | %1").arg(dash)};
        QCOMPARE(test::modelLines(model), expected);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        auto rows = model.rows();
        rows[1].changePoints = -1.5;
        model.setRows(rows);
        QCOMPARE(resets.count(), 0);
        QCOMPARE(changes.count(), 1);
        QCOMPARE(changes[0][0].toModelIndex().row(), 1);
        QCOMPARE(model.index(1, int(EvaluationColumn::Change)).data().toString(),
                 QStringLiteral("\u22121.50"));
        QSignalSpy checks(&model, &EvaluationModel::checkRequested);
        QVERIFY(model.setData(model.index(1, 0), Qt::Checked, Qt::CheckStateRole));
        QCOMPARE(checks[0], (QList<QVariant>{QStringLiteral("w4a4"), true}));
        QVERIFY(!model.data(model.index(7, 0)).isValid());
        QVERIFY(!model.headerData(EvaluationModel::kColumns, Qt::Horizontal).isValid());
    }

    void classesOfSeveralPlansStandSideBySide()
    {
        ClassChangeModel model;
        const QAbstractItemModelTester tester(&model, kTester);
        QVERIFY(model.isEmpty());
        const auto changes = someChanges();
        model.setPlans({{QStringLiteral("a"), changes}, {QStringLiteral("b"), changes}});
        const QStringList expected{QStringLiteral("Class | Images | Float % | a pt | b pt"),
                                   QStringLiteral("0 | 2 | 50.00 | 0.00 | 0.00"),
                                   QStringLiteral("1 | 2 | 50.00 | 0.00 | 0.00")};
        QCOMPARE(test::modelLines(model), expected);
        QVERIFY(!model.headerData(5, Qt::Horizontal).isValid());
        model.setPlans({});
        QCOMPARE(model.rowCount(), 0);
    }

    void flipsByKind()
    {
        FlipModel model;
        const QAbstractItemModelTester tester(&model, kTester);
        model.setChanges(someChanges(), {"cat", "dog"}, QStringLiteral("here"));
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(0).data().toString(), QStringLiteral("cat \u2192 2"));
        QCOMPARE(model.index(0).data(FlipModel::LabelRole).toString(), QStringLiteral("cat"));
        QCOMPARE(model.takeMissing(-5, 99), (std::vector<std::int64_t>{3, 5, 9}));
        QVERIFY(model.takeMissing(0, 2).empty()); // asked for already
        Thumbnail picture;
        picture.image = 5;
        picture.width = 2;
        picture.height = 1;
        picture.rgb = {255, 0, 0, 0, 255, 0};
        model.addThumbnails({picture});
        const auto image = model.index(1).data(Qt::DecorationRole).value<QImage>();
        QCOMPARE(image.pixelColor(0, 0), QColor(255, 0, 0));
        model.setKind(FlipKind::ToRight);
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.index(0).data(FlipModel::ImageRole).toLongLong(), 5);
        QCOMPARE(model.count(std::nullopt), 3);
        model.setChanges(nullptr, {}, QStringLiteral("here"));
        QCOMPARE(model.rowCount(), 0);
    }

    void measuresPlansSideBySide()
    {
        Parts parts;
        EvaluatePanel panel(parts.opened.document, parts.selection, parts.opened.center,
                            parts.choice, parts.measurements, test::commandOf);
        QVERIFY(!panel.emptySentence().isEmpty());
        DataSettings settings;
        settings.digits = 200;
        settings.calibrationImages = 32;
        parts.choice.setSettings(settings);
        panel.resize(900, 700);
        panel.show();
        QVERIFY(parts.opened.wait());
        panel.setChecked(QStringLiteral("w2a2"), true);
        panel.flushRefresh();
        QVERIFY(panel.emptySentence().isEmpty());
        auto* button =
            test::named<QPushButton>(panel, QStringLiteral("Measure the checked models"));
        QTRY_COMPARE(button->text(), QStringLiteral("Measure 3 models"));
        QSignalSpy measured(&panel, &EvaluatePanel::measured);
        button->click();
        QVERIFY(parts.opened.waitForJobs());
        QCOMPARE(measured.count(), 2);
        QCOMPARE(parts.opened.document.points().size(), std::size_t(2));
        for (const FrontierPoint& point : parts.opened.document.points()) {
            QCOMPARE(point.kind, PointKind::Measured);
            const BitPlan* plan =
                parts.opened.document.findPlan(QString::fromStdString(point.plan));
            QCOMPARE(point.planDigest, planDigest(*plan));
            QVERIFY(point.top1Percent.has_value());
        }
        auto* table = panel.findChild<QTreeView*>();
        auto* model = qobject_cast<EvaluationModel*>(table->model());
        QVERIFY(model != nullptr);
        QTRY_VERIFY(model->rows()[2].agreementPercent.has_value());
        QVERIFY(model->rows()[0].result != nullptr);
        QVERIFY(model->rows()[1].result->predictions.has_value());
        // The outcome in the list of jobs is a sentence with the figure.
        QVERIFY(parts.opened.center.rows().back().outcome.startsWith(QStringLiteral("Top-1 ")));

        // An untrained network under two bits answers otherwise: its pictures arrive.
        table->setCurrentIndex(model->index(2, 0));
        auto* flips = panel.findChild<FlipPane*>();
        QTRY_VERIFY(flips->model().rowCount() > 0);
        QTRY_VERIFY_WITH_TIMEOUT(
            !flips->model().index(0).data(Qt::DecorationRole).value<QImage>().isNull(),
            test::kPatience);
        QCOMPARE(panel.pictures().size(), 3);
        QVERIFY(panel.pictures()[2].csv().startsWith(QStringLiteral("image,label,change\n")));

        // Plans that were not brushed step back, in the table and nowhere else.
        parts.selection.setPlans(QStringList{QStringLiteral("w2a2")});
        panel.flushRefresh();
        QCOMPARE(QList<bool>({model->rows()[0].stepsBack, model->rows()[1].stepsBack,
                              model->rows()[2].stepsBack}),
                 QList<bool>({false, true, false}));
        QVERIFY(model->index(1, 1).data(Qt::ForegroundRole).isValid());
        QVERIFY(!model->index(2, 1).data(Qt::ForegroundRole).isValid());
        parts.selection.setPlans(std::nullopt);
        panel.flushRefresh();
        QVERIFY(!model->rows()[1].stepsBack);

        // Other images: nothing is known on them; back: everything is there again.
        settings.limit = 50;
        parts.choice.setSettings(settings);
        panel.flushRefresh();
        QVERIFY(model->rows()[0].result == nullptr);
        QVERIFY(model->rows()[2].earlierTop1.has_value());
        settings.limit = 0;
        parts.choice.setSettings(settings);
        panel.flushRefresh();
        QVERIFY(model->rows()[0].result != nullptr);

        // An edit makes the figures those of another plan; undo brings them back.
        parts.opened.document.showPlan(QStringLiteral("w2a2"));
        const QString layer =
            QString::fromStdString(parts.opened.document.plan().layers.front().name);
        PlanEdit edit;
        edit.weightBits = 8;
        parts.opened.document.edit({layer}, edit, QStringLiteral("edit"));
        panel.flushRefresh();
        QVERIFY(model->rows()[2].result == nullptr);
        parts.opened.document.undoStack().undo();
        panel.flushRefresh();
        QVERIFY(model->rows()[2].result != nullptr);

        // A plan that takes the name of another is measured by what it is.
        const BitPlan w2a2 = *parts.opened.document.findPlan(QStringLiteral("w2a2"));
        BitPlan other = w2a2;
        other.layers.front().weight.bits = 7;
        parts.opened.document.restorePlans(
            {*parts.opened.document.findPlan(QStringLiteral("w8a8")), other},
            QStringLiteral("w8a8"), {}, PlanDocument::Origin::Unsaved);
        panel.flushRefresh();
        QVERIFY(model->rows()[2].result == nullptr);
        parts.opened.document.showPlan(QStringLiteral("w2a2"));
        parts.opened.document.removePlan();
        panel.flushRefresh();
        QCOMPARE(model->rows().size(), std::size_t{2});
        parts.opened.document.addPlan(w2a2);
        parts.opened.document.showPlan(QStringLiteral("w8a8"));
        panel.flushRefresh();
        QVERIFY(model->rows()[2].result != nullptr);
    }

    void failureLeavesWhatWasThere()
    {
        Parts parts;
        EvaluatePanel panel(parts.opened.document, parts.selection, parts.opened.center,
                            parts.choice, parts.measurements, test::commandOf);
        QVERIFY(parts.opened.wait());
        DataSettings settings;
        settings.kind = DataKind::Mnist;
        settings.folder = QStringLiteral("/nowhere/at/all");
        parts.choice.setSettings(settings);
        QSignalSpy failed(&parts.opened.center, &JobCenter::failed);
        panel.measureShownPlan();
        QVERIFY(parts.opened.waitForJobs());
        auto* failure = panel.findChild<FailureLine*>();
        QVERIFY2(failure->text().contains(QStringLiteral("/nowhere/at/all")),
                 qPrintable(failure->text()));
        QVERIFY(failure->details().contains(
            QString::fromStdString(std::string(toString(ErrorCode::NotFound)))));
        QCOMPARE(failed.count(), 0); // the panel took it
        QVERIFY(parts.opened.document.points().empty());
    }

    void resultsOfAClosedModelAreDropped()
    {
        Parts parts;
        EvaluatePanel panel(parts.opened.document, parts.selection, parts.opened.center,
                            parts.choice, parts.measurements, test::commandOf);
        QVERIFY(parts.opened.wait());
        DataSettings settings;
        settings.digits = 2000;
        parts.choice.setSettings(settings);
        QSignalSpy measured(&panel, &EvaluatePanel::measured);
        panel.measureShownPlan();
        parts.opened.document.close();
        QVERIFY(parts.opened.waitForJobs());
        QCoreApplication::processEvents();
        QCOMPARE(measured.count(), 0);
        QVERIFY(parts.opened.document.points().empty());
        panel.flushRefresh();
        QVERIFY(!panel.emptySentence().isEmpty());
    }

    void cancelledJobsLeaveNoFigure()
    {
        Parts parts;
        EvaluatePanel panel(parts.opened.document, parts.selection, parts.opened.center,
                            parts.choice, parts.measurements, test::commandOf);
        QVERIFY(parts.opened.wait());
        DataSettings settings;
        settings.digits = 50000;
        parts.choice.setSettings(settings);
        panel.measureShownPlan();
        QTRY_VERIFY_WITH_TIMEOUT(parts.opened.center.rows().front().state == JobState::Running,
                                 test::kPatience);
        parts.opened.center.cancelAll();
        QVERIFY(parts.opened.waitForJobs());
        QVERIFY(parts.opened.document.points().empty());
        panel.flushRefresh();
        auto* model = qobject_cast<EvaluationModel*>(panel.findChild<QTreeView*>()->model());
        QCOMPARE(model->rows()[0].state, EvaluationRow::State::Idle);
    }
};

QTEST_MAIN(TestEvaluatePanel)
#include "tst_evaluate_panel.moc"
