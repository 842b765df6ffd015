// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/plan/compare_panel.h"

#include "app/workbench/document/selection.h"
#include "tests/app/workbench/panels/model_lines.h"
#include "tests/app/workbench/panels/opened_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTreeView>

using namespace bitloom;
using namespace bitloom::workbench;

class TestComparePanel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void plansStandSideBySide()
    {
        test::OpenedModel opened;
        Selection selection;
        ComparePanel panel(opened.document, selection);
        QVERIFY(!panel.emptySentence().isEmpty());
        QVERIFY(panel.pictures().isEmpty());
        QVERIFY(opened.wait());
        panel.flushRefresh();
        QVERIFY(panel.emptySentence().isEmpty());
        auto* view = panel.findChild<QTreeView*>();
        const QAbstractItemModelTester tester(
            view->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto layers = static_cast<int>(opened.document.model()->layers.size());
        QCOMPARE(view->model()->rowCount(), layers + int(ui::PlanDiffModel::TotalCount));
        QCOMPARE(view->model()->columnCount(), 1 + 2 * 2);
        const QString first = test::modelLines(*view->model())[1];
        QVERIFY2(first.contains(QStringLiteral(" | 8 | ")) &&
                     first.contains(QStringLiteral(" | 2 | ")),
                 qPrintable(first));
        QCOMPARE(panel.pictures().size(), 1);

        panel.setCompared(QStringLiteral("w2a2"), false);
        panel.flushRefresh();
        QVERIFY(!panel.emptySentence().isEmpty());
        panel.setCompared(QStringLiteral("w2a2"), true);
        panel.flushRefresh();
        QVERIFY(panel.emptySentence().isEmpty());
    }

    void brushedPlansAreCompared()
    {
        test::OpenedModel opened;
        Selection selection;
        ComparePanel panel(opened.document, selection);
        QVERIFY(opened.wait());
        opened.document.duplicatePlan();
        const QStringList all = opened.document.planNames();
        QCOMPARE(all.size(), 3);
        selection.setPlans(QStringList{all[2], QStringLiteral("of another project"), all[0]});
        QCOMPARE(panel.comparedPlans(), (QStringList{all[0], all[2]}));
        panel.flushRefresh();
        QCOMPARE(panel.findChild<QTreeView*>()->model()->columnCount(), 1 + 2 * 2);
        selection.setPlans(QStringList{all[2]}); // one plan cannot be compared
        QCOMPARE(panel.comparedPlans(), all);
        selection.setPlans(std::nullopt);
        QCOMPARE(panel.comparedPlans(), all);
    }

    void anEditIsSeenAtOnce()
    {
        test::OpenedModel opened;
        Selection selection;
        ComparePanel panel(opened.document, selection);
        QVERIFY(opened.wait());
        panel.flushRefresh();
        const QString layer = QString::fromStdString(opened.document.plan().layers.front().name);
        PlanEdit edit;
        edit.weightBits = 5;
        opened.document.edit({layer}, edit, QStringLiteral("edit"));
        panel.flushRefresh();
        auto* view = panel.findChild<QTreeView*>();
        QCOMPARE(view->model()
                     ->index(0, ui::PlanDiffModel::columnOf(1, ui::BitTarget::Weights))
                     .data()
                     .toString(),
                 QStringLiteral("5"));
    }

    void selectionIsShared()
    {
        test::OpenedModel opened;
        Selection selection;
        ComparePanel panel(opened.document, selection);
        QVERIFY(opened.wait());
        panel.flushRefresh();
        auto* view = panel.findChild<QTreeView*>();
        const QString second = QString::fromStdString(opened.document.model()->layers.at(1).name);
        selection.setLayers({second});
        panel.flushRefresh();
        QCOMPARE(view->selectionModel()->selectedRows().size(), 1);
        QCOMPARE(view->selectionModel()->selectedRows().front().row(), 1);
        QSignalSpy changed(&selection, &Selection::changed);
        view->setCurrentIndex(view->model()->index(0, 0));
        QCOMPARE(changed.count(), 1);
        QCOMPARE(selection.currentLayer(),
                 QString::fromStdString(opened.document.model()->layers.at(0).name));
        opened.document.close();
        panel.flushRefresh();
        QVERIFY(!panel.emptySentence().isEmpty());
    }
};

QTEST_MAIN(TestComparePanel)
#include "tst_compare_panel.moc"
