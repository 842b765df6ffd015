// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Thousands of legal actions on the real window in an order that nobody planned; what must always
// hold is looked at again and again.
#include "app/workbench/actions/action_registry.h"
#include "app/workbench/frame/layouts.h"
#include "app/workbench/frame/main_window.h"
#include "app/workbench/frame/program.h"
#include "app/workbench/panel_set.h"
#include "app/workbench/panels/plan/plan_editor.h"
#include "app/workbench/panels/plan/sensitivity_panel.h"
#include "app/workbench/workbench.h"
#include "core/cost/cost_model.h"
#include "widgets/plots/frontier_plot.h"
#include "widgets/plots/heat_map.h"
#include "widgets/views/filter_line.h"
#include "widgets/views/layer_table.h"
#include "widgets/views/layer_tree_view.h"

#include <QApplication>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include <functional>
#include <map>
#include <memory>
#include <vector>

using namespace bitloom;
using namespace bitloom::workbench;

namespace {
constexpr int kPatienceMs = 120000;
constexpr quint32 kSeed = 20261121;
constexpr int kActions = 3000;
constexpr int kActionsBetweenChecks = 50;
constexpr qsizetype kMaxPlans = 10;
constexpr int kMaxUndone = 6;

/// Actions that ask something first, or leave. An ellipsis says so, but for the export, which only
/// shows its panel.
bool opensDialogOrLeaves(const QString& id, const QAction& action)
{
    static const QStringList leaving{QStringLiteral("file.close"), QStringLiteral("file.quit"),
                                     QStringLiteral("file.example"), QStringLiteral("help.about")};
    return leaving.contains(id) ||
           (action.text().endsWith(QLatin1String("...")) && id != QLatin1String("file.export"));
}
} // namespace

class TestRandomWalk : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    std::unique_ptr<Workbench> m_workbench;
    QRandomGenerator m_random{kSeed};
    QStringList m_actions;
    std::map<QString, int> m_triggered;

    MainWindow& window() { return m_workbench->window(); }
    PlanDocument& document() { return m_workbench->document(); }
    ui::LayerTreeView& view() { return *m_workbench->panels().editor().table().view(); }

    int below(qsizetype bound) { return m_random.bounded(static_cast<int>(bound)); }
    template <typename List>
    auto anyOf(const List& list)
    {
        return list.at(below(static_cast<qsizetype>(list.size())));
    }
    QStringList someLayers()
    {
        QStringList layers;
        for (const LayerInfo& layer : document().model()->layers) {
            if (below(3) == 0) {
                layers << QString::fromStdString(layer.name);
            }
        }
        return layers;
    }
    int legalBits() { return anyOf(std::vector<int>{0, 1, 2, 3, 4, 5, 6, 8, 12, 16, kFloatBits}); }

    void triggerAction()
    {
        const QString id = anyOf(m_actions);
        QAction* action = window().actions().action(id);
        const bool isTooMuch =
            (id == QLatin1String("plan.duplicate") && document().planNames().size() >= kMaxPlans) ||
            (id == QLatin1String("run.evaluate") && m_workbench->jobs().isBusy());
        if (action->isEnabled() && !isTooMuch) {
            ++m_triggered[id];
            action->trigger();
        }
    }
    void editLayers()
    {
        PlanEdit edit;
        const int what = below(4);
        if (what != 1) {
            edit.weightBits = legalBits();
        }
        if (what != 0) {
            edit.activationBits = legalBits();
        }
        if (what == 3) {
            edit.weightObserver =
                anyOf(std::vector<Observer>{Observer::MinMax, Observer::Percentile, Observer::Mse});
        }
        document().edit(someLayers(), edit, QStringLiteral("edit"));
    }
    void useTheTable()
    {
        switch (below(6)) {
        case 0:
            view().selectAll();
            break;
        case 1:
            view().setBitsOfSelection(legalBits());
            break;
        case 2:
            view().copy();
            break;
        case 3:
            view().paste();
            break;
        case 4:
            QTest::keyClick(&view(), static_cast<char>('2' + below(7)));
            break;
        default:
            m_workbench->panels().editor().table().filter()->setText(
                anyOf(QStringList{QString(), QStringLiteral("op:conv"), QStringLiteral("bits<=4"),
                                  QStringLiteral("name:classifier"), QStringLiteral("share>90%")}));
        }
    }
    void useTheFrontier()
    {
        auto* plot = window().findChild<ui::FrontierPlot*>();
        const auto frontier = m_workbench->budget().frontier();
        if (!frontier || frontier->predicted.empty()) {
            return;
        }
        Q_EMIT plot->planActivated(QString::fromStdString(anyOf(frontier->predicted).point.label));
        for (QPushButton* button : window().findChildren<QPushButton*>()) {
            if (button->text() == QLatin1String("Add as plan") && button->isVisible() &&
                document().planNames().size() < kMaxPlans) {
                button->click();
            }
        }
    }
    void useTheBudget()
    {
        BudgetAssistant& budget = m_workbench->budget();
        switch (below(4)) {
        case 0:
            budget.setKind(below(2) == 0 ? BudgetKind::Bops : BudgetKind::Bytes);
            break;
        case 1:
            budget.take();
            break;
        case 2:
            budget.dismiss();
            break;
        default:
            if (const auto range = budget.range()) {
                const double part = m_random.generateDouble() * 1.5 - 0.25; // outside as well
                budget.setBudget(range->first +
                                 static_cast<std::int64_t>(
                                     part * static_cast<double>(range->second - range->first)));
            }
        }
    }
    void useTheMap()
    {
        auto* map = m_workbench->panels().sensitivity().findChild<ui::HeatMap*>();
        m_workbench->panels().sensitivity().flushRefresh();
        if (const auto table = document().sensitivity()) {
            // Rows are weighted layers or tensors; there are four of the former.
            Q_EMIT map->cellActivated(below(4), below(static_cast<qsizetype>(table->bits.size())));
        }
    }
    void changeTheWindow()
    {
        switch (below(4)) {
        case 0:
            window().resize(500 + below(1500), 400 + below(1000));
            break;
        case 1:
            window().layouts().saveAs(QStringLiteral("layout %1").arg(below(3)));
            break;
        case 2:
            window().layouts().apply(QStringLiteral("layout %1").arg(below(3)));
            break;
        default:
            document().setMetric(below(2) == 0 ? SensitivityMetric::Kl
                                               : SensitivityMetric::OutputError);
        }
    }
    void act()
    {
        switch (below(16)) {
        case 0:
        case 1:
        case 2:
            return triggerAction();
        case 3:
        case 4:
        case 5:
            return editLayers();
        case 6:
            return document().undoStack().undo();
        case 7:
            return document().undoStack().redo();
        case 8:
            return document().setLocked(someLayers(), below(3) == 0);
        case 9:
            return m_workbench->selection().setLayers(someLayers());
        case 10:
            return document().showPlan(anyOf(document().planNames()));
        case 11:
            return useTheTable();
        case 12:
            return useTheFrontier();
        case 13:
            return useTheBudget();
        case 14:
            return useTheMap();
        default:
            return changeTheWindow();
        }
    }

    /// What undo steps change, all of it.
    std::map<QString, std::string> state()
    {
        std::map<QString, std::string> all;
        for (const QString& name : document().planNames()) {
            all[name] = planDigest(*document().findPlan(name));
        }
        all[QStringLiteral("locked")] = document().lockedLayers().join(u',').toStdString();
        return all;
    }
    void check()
    {
        const PlanCost& shown = document().cost();
        const PlanCost counted = computeCost(*document().model(), document().plan());
        QCOMPARE(shown.bytes, counted.bytes);
        QCOMPARE(shown.bops, counted.bops);
        QCOMPARE(shown.layers.size(), counted.layers.size());
        for (std::size_t i = 0; i < counted.layers.size(); ++i) {
            QCOMPARE(shown.layers[i].bytes(), counted.layers[i].bytes());
            QCOMPARE(shown.layers[i].bops, counted.layers[i].bops);
        }
        QCOMPARE(document().predictedLoss(), document().predictedLossOf(document().plan()));
        QVERIFY(document().planNames().contains(document().planName()));

        QUndoStack& undo = document().undoStack();
        QVERIFY(undo.index() >= 0 && undo.index() <= undo.count());
        QCOMPARE(window().actions().action(QStringLiteral("edit.undo"))->isEnabled(),
                 undo.index() > 0);
        QCOMPARE(window().actions().action(QStringLiteral("edit.redo"))->isEnabled(),
                 undo.index() < undo.count());
        const auto before = state();
        const int steps = std::min(undo.index(), kMaxUndone);
        const int index = undo.index();
        undo.setIndex(index - steps);
        undo.setIndex(index);
        QVERIFY(state() == before);

        QVERIFY2(QApplication::activeModalWidget() == nullptr,
                 qPrintable(QApplication::activeModalWidget() == nullptr
                                ? QString()
                                : QApplication::activeModalWidget()->objectName()));
        QVERIFY(QApplication::activePopupWidget() == nullptr);
        QVERIFY(window().isVisible());
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        prepareProgram();
        Workbench::Options options;
        options.settingsPath = m_folder.filePath(QStringLiteral("settings.json"));
        options.exampleFolder = m_folder.filePath(QStringLiteral("example"));
        options.untitledFolder = m_folder.filePath(QStringLiteral("untitled"));
        options.threads = 1;
        m_workbench = std::make_unique<Workbench>(options);
        m_workbench->start(QStringLiteral("arch:lenet5"));
        QTRY_VERIFY_WITH_TIMEOUT(m_workbench->session().isOpen(), kPatienceMs);
        // A name: else saving would ask for one.
        QSignalSpy opened(&m_workbench->session(), &ProjectSession::projectOpened);
        m_workbench->session().saveAs(m_folder.filePath(QStringLiteral("walk.bitloom")));
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, kPatienceMs);
        DataSettings data;
        data.digits = 16;
        data.calibrationImages = 4;
        m_workbench->data().setSettings(data);
        SweepSettings sweep;
        sweep.images = 8;
        sweep.bits = {2, 4, 8};
        m_workbench->sweep().start(sweep);
        QTRY_VERIFY_WITH_TIMEOUT(document().sensitivity() != nullptr, kPatienceMs);
        for (const QString& id : window().actions().ids()) {
            if (!opensDialogOrLeaves(id, *window().actions().action(id))) {
                m_actions << id;
            }
        }
        QVERIFY2(m_actions.size() > 20, qPrintable(m_actions.join(u' ')));
    }
    void cleanupTestCase()
    {
        QTRY_VERIFY_WITH_TIMEOUT(!m_workbench->jobs().isBusy(), kPatienceMs);
        m_workbench.reset();
    }

    void walk()
    {
        for (int step = 1; step <= kActions; ++step) {
            act();
            QCoreApplication::processEvents();
            if (step % kActionsBetweenChecks == 0) {
                check();
                if (QTest::currentTestFailed()) {
                    qWarning("after action %d of the walk with seed %u", step, kSeed);
                    return;
                }
            }
        }
        // The walk went where it should: nearly everything was triggered.
        QVERIFY2(m_triggered.size() * 10 > static_cast<std::size_t>(m_actions.size()) * 8,
                 qPrintable(QString::number(m_triggered.size())));
    }
};

QTEST_MAIN(TestRandomWalk)
#include "tst_random_walk.moc"
