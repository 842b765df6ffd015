// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is brushed on the frontier becomes the window's selection of plans.
#include "app/workbench/panels/plan/frontier_panel.h"

#include "app/workbench/document/selection.h"
#include "app/workbench/jobs/budget_assistant.h"
#include "app/workbench/panels/plan/compare_panel.h"
#include "tests/app/workbench/panels/opened_model.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>

using namespace bitloom;
using namespace bitloom::workbench;

namespace {
/// A frontier of three measured plans, top-1 by BOPs.
struct Parts {
    Parts() : budget(opened.document, planner), panel(opened.document, budget, selection, &measure)
    {
        panel.resize(720, 480);
    }

    bool open()
    {
        if (!opened.wait()) {
            return false;
        }
        opened.document.duplicatePlan();
        double top1 = 90;
        for (const QString& plan : opened.document.planNames()) {
            FrontierPoint point;
            point.kind = PointKind::Measured;
            point.label = plan.toStdString();
            point.plan = point.label;
            point.bytes = 10000;
            point.bopsPercentOfFp32 = top1 - 88;
            point.top1Percent = top1;
            opened.document.addPoint(point);
            top1 += 1;
        }
        test::named<QComboBox>(panel, QStringLiteral("Quality axis"))->setCurrentIndex(1);
        panel.show();
        panel.flushRefresh();
        return true;
    }

    ui::FrontierPlot& plot() { return *panel.findChild<ui::FrontierPlot*>(); }

    test::OpenedModel opened;
    Planner planner;
    BudgetAssistant budget;
    Selection selection;
    QAction measure;
    FrontierPanel panel;
};
} // namespace

class TestFrontierPanel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void brushedPlansAreTheSelection()
    {
        Parts parts;
        ComparePanel compare(parts.opened.document, parts.selection);
        QVERIFY(parts.open());
        const QStringList all = parts.opened.document.planNames();
        QPushButton* everything = test::buttonSaying(parts.panel, QStringLiteral("All plans"));
        QVERIFY(everything != nullptr && !everything->isVisible());
        QVERIFY(!parts.selection.plans());

        parts.plot().setBrush(ui::PlotBrush{{2.5, 4.5}, {90.5, 92.5}});
        QCOMPARE(*parts.selection.plans(), (QStringList{all[1], all[2]}));
        QCOMPARE(compare.comparedPlans(), (QStringList{all[1], all[2]}));
        parts.panel.flushRefresh();
        QVERIFY(everything->isVisible());
        QStringList texts;
        for (const QLabel* label : parts.panel.findChildren<QLabel*>()) {
            texts << label->text();
        }
        QVERIFY2(texts.contains(QStringLiteral("Brushed: %1, %2").arg(all[1], all[2])),
                 qPrintable(texts.join(u'|')));

        everything->click();
        QVERIFY(!parts.selection.plans());
        QCOMPARE(compare.comparedPlans(), all);
    }

    void nothingInTheBrushIsNoPlan()
    {
        Parts parts;
        QVERIFY(parts.open());
        parts.plot().setBrush(ui::PlotBrush{{100, 101}, {10, 11}});
        QVERIFY(parts.selection.plans().has_value());
        QVERIFY(parts.selection.plans()->isEmpty());
        parts.opened.document.close();
        QVERIFY(!parts.selection.plans()); // the plans of the next model are others
    }

    void brushButtonLetsAPlainDragBrush()
    {
        Parts parts;
        QVERIFY(parts.open());
        const auto actions = parts.panel.findChildren<QAction*>();
        const auto brush = std::find_if(actions.begin(), actions.end(), [](const QAction* action) {
            return action->text() == QStringLiteral("Brush");
        });
        QVERIFY(brush != actions.end());
        (*brush)->trigger();
        ui::FrontierPlot& plot = parts.plot();
        const QRect area = plot.plotArea().toRect().adjusted(1, 1, -1, -1);
        QTest::mousePress(&plot, Qt::LeftButton, {}, area.topLeft());
        QTest::mouseMove(&plot, area.bottomRight());
        QTest::mouseRelease(&plot, Qt::LeftButton, {}, area.bottomRight());
        QCOMPARE(*parts.selection.plans(), parts.opened.document.planNames());
        QTest::keyClick(&plot, Qt::Key_Escape);
        QVERIFY(!parts.selection.plans());
    }
};

QTEST_MAIN(TestFrontierPanel)
#include "tst_frontier_panel.moc"
