// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The real window on real small models: opening, what stays when opening fails, closing.
#include "app/workbench/actions/action_registry.h"
#include "app/workbench/dialogs/architecture_dialog.h"
#include "app/workbench/dialogs/picture_dialog.h"
#include "app/workbench/frame/close_guard.h"
#include "app/workbench/frame/main_window.h"
#include "app/workbench/frame/notice_bar.h"
#include "app/workbench/frame/panel_dock.h"
#include "app/workbench/frame/program.h"
#include "app/workbench/palette/command_palette.h"
#include "app/workbench/palette/palette_model.h"
#include "app/workbench/panels/jobs/jobs_panel.h"
#include "app/workbench/picture_exchange.h"
#include "app/workbench/workbench.h"
#include "tests/app/workbench/controls.h"
#include "tests/support/test_support.h"
#include "widgets/views/figure_button.h"
#include "widgets/views/layer_tree_view.h"
#include "widgets/views/panel.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTabBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTreeWidget>
#include <QWhatsThis>
#include <QtTest>

#include <algorithm>
#include <memory>

using namespace bitloom;
using namespace bitloom::workbench;

namespace {
constexpr int kPatienceMs = 60000; // the machine may be busy; nothing waits for this in vain

QAbstractButton* buttonOf(QWidget* widget, const QString& text)
{
    const QList<QAbstractButton*> buttons = widget->findChildren<QAbstractButton*>();
    const auto found =
        std::find_if(buttons.begin(), buttons.end(), [&](const QAbstractButton* button) {
            return button->text().remove(u'&') == text;
        });
    return found == buttons.end() ? nullptr : *found;
}
} // namespace

class TestWindow : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    std::unique_ptr<Workbench> m_workbench;

    QString path(const QString& name) const { return m_folder.filePath(name); }
    QString fileWith(const QString& name, const std::string& bytes) const
    {
        test::writeFile(path(name).toStdString(), bytes);
        return path(name);
    }
    MainWindow& window() { return m_workbench->window(); }
    PlanDocument& document() { return m_workbench->document(); }

    void restart(const QString& toOpen = {})
    {
        m_workbench.reset();
        Workbench::Options options;
        options.settingsPath = path(QStringLiteral("settings.json"));
        options.exampleFolder = path(QStringLiteral("example"));
        options.threads = 1;
        m_workbench = std::make_unique<Workbench>(options);
        m_workbench->start(toOpen);
    }
    void openLeNet()
    {
        m_workbench->opener().open(QStringLiteral("arch:lenet5"));
        QTRY_VERIFY_WITH_TIMEOUT(document().isOpen(), kPatienceMs);
    }
    void editSomething()
    {
        PlanEdit edit;
        edit.weightBits = 3;
        document().edit({QString::fromStdString(document().model()->layers[0].name)}, edit,
                        QStringLiteral("set"));
    }
    /// Some hundred milliseconds to minutes of work, cancelled by the test.
    JobId startLongJob()
    {
        engine::TrainJob job;
        job.model = {"arch:lenet5", {}};
        job.data.spec = "digits:20000";
        job.output = path(QStringLiteral("long.pth")).toStdString();
        job.epochs = 1000;
        JobOrder order;
        order.spec = job;
        order.title = QStringLiteral("Train");
        order.commandLine = QStringLiteral("bitloom train");
        return m_workbench->jobs().start(std::move(order), &document());
    }

    QStringList namelessControls()
    {
        QStringList nameless;
        const QList<QWidget*> widgets = window().findChildren<QWidget*>();
        for (QWidget* widget : widgets) {
            // Qt's own parts of a control are spoken as that control.
            const bool partOfControl =
                widget->objectName().startsWith(QLatin1String("qt_")) ||
                qobject_cast<QComboBox*>(widget->parentWidget()) != nullptr ||
                qobject_cast<QAbstractSpinBox*>(widget->parentWidget()) != nullptr ||
                qobject_cast<QTabBar*>(widget) != nullptr ||
                qobject_cast<QTabBar*>(widget->parentWidget()) != nullptr ||
                qobject_cast<QTabWidget*>(widget) != nullptr;
            if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible() || partOfControl) {
                continue;
            }
            const QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(widget);
            if (spoken == nullptr || spoken->text(QAccessible::Name).isEmpty()) {
                nameless << QStringLiteral("%1 \"%2\" in %3")
                                .arg(QString::fromLatin1(widget->metaObject()->className()),
                                     widget->objectName(),
                                     widget->parentWidget() == nullptr
                                         ? QString()
                                         : QString::fromLatin1(
                                               widget->parentWidget()->metaObject()->className()));
            }
        }
        return nameless;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        prepareProgram();
    }
    void init()
    {
        QFile::remove(path(QStringLiteral("settings.json")));
        restart();
    }
    void cleanup() { m_workbench.reset(); }

    void opensWhatTheCommandLineNames()
    {
        restart(QStringLiteral("arch:lenet5"));
        QTRY_VERIFY_WITH_TIMEOUT(document().isOpen(), kPatienceMs);
        QCOMPARE(QString::fromStdString(document().model()->name), QStringLiteral("lenet5"));
        QVERIFY(window().windowTitle().contains(QLatin1String("lenet5")));
        QCOMPARE(m_workbench->recentFiles().files().front().spec, QStringLiteral("arch:lenet5"));
        QCOMPARE(window().findChild<QComboBox*>(QStringLiteral("planBox"))->currentText(),
                 document().planName());
        QVERIFY(window().findChild<QWidget*>(QStringLiteral("welcome"))->isHidden());
    }

    void aStateDictAsksForItsArchitecture()
    {
        engine::TrainJob job;
        job.model = {"arch:lenet5", {}};
        job.data.spec = "digits:500";
        job.output = path(QStringLiteral("weights.pth")).toStdString();
        job.epochs = 1;
        JobOrder order;
        order.spec = job;
        bool trained = false;
        order.onFinished = [&](const JobResult&) {
            trained = true;
            return QString();
        };
        m_workbench->jobs().start(std::move(order), &document());
        QTRY_VERIFY_WITH_TIMEOUT(trained, kPatienceMs);

        m_workbench->opener().open(path(QStringLiteral("weights.pth")));
        ArchitectureDialog* dialog = nullptr;
        QTRY_VERIFY_WITH_TIMEOUT((dialog = window().findChild<ArchitectureDialog*>()) != nullptr,
                                 kPatienceMs);
        QVERIFY(!document().isOpen());
        QCOMPARE(dialog->chosenSpec(),
                 QStringLiteral("arch:lenet5@") + path(QStringLiteral("weights.pth")));
        QVERIFY(!dialog->findChild<QLabel*>(QStringLiteral("reason"))->text().isEmpty());
        auto* shape = dialog->findChild<QLineEdit*>(QStringLiteral("inputShape"));
        auto* open = dialog->findChild<QPushButton*>(QStringLiteral("open"));
        shape->setText(QStringLiteral("1, 1, x"));
        QVERIFY(!open->isEnabled());
        shape->setText(QStringLiteral("1, 1, 28, 28"));
        QVERIFY(open->isEnabled());
        QCOMPARE(*dialog->inputShape(), (std::vector<std::int64_t>{1, 1, 28, 28}));
        shape->clear();
        open->click();
        QTRY_VERIFY_WITH_TIMEOUT(document().isOpen(), kPatienceMs);
        QCOMPARE(QString::fromStdString(document().modelReference().spec),
                 QStringLiteral("arch:lenet5@") + path(QStringLiteral("weights.pth")));
    }

    void whatFailsChangesNothing_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("text") << "model.pt" << QByteArray("this is no model");
        QTest::newRow("empty") << "empty.pt" << QByteArray();
        QTest::newRow("cut zip") << "cut.pt" << QByteArray("PK\x03\x04 and then nothing");
        QTest::newRow("half HDF5") << "half.h5" << QByteArray("\x89HDF\r\n\x1a\n rest");
        QTest::newRow("missing") << "missing.pt" << QByteArray("-");
        QTest::newRow("a table") << "table.json" << QByteArray("{\"a\": 1}");
    }
    void whatFailsChangesNothing()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        openLeNet();
        editSomething();
        const auto model = document().model();
        const QString plan = document().planName();
        const QString file = content == "-" ? path(name) : fileWith(name, content.toStdString());
        m_workbench->opener().open(file);
        QTRY_VERIFY_WITH_TIMEOUT(window().notices().current() != nullptr, kPatienceMs);
        const Notice& notice = *window().notices().current();
        QCOMPARE(notice.kind, Notice::Kind::Error);
        QVERIFY2(notice.what.contains(name), qPrintable(notice.what));
        QVERIFY(!notice.why.isEmpty());
        QCOMPARE(document().model(), model);
        QCOMPARE(document().planName(), plan);
        QCOMPARE(document().undoStack().count(), 1);
        QCOMPARE(m_workbench->recentFiles().files().size(), 1U);
        QVERIFY(window().findChild<QMessageBox*>() == nullptr); // nothing modal
    }

    void unsavedPlansAreAskedFor()
    {
        openLeNet();
        editSomething();
        QVERIFY(m_workbench->closeGuard().hasUnsavedPlans());
        window().close();
        auto* box = window().findChild<QMessageBox*>(QStringLiteral("unsavedPlans"));
        QVERIFY(box != nullptr);
        QVERIFY(window().isVisible());
        buttonOf(box, QStringLiteral("Cancel"))->click();
        QTRY_VERIFY(window().findChild<QMessageBox*>() == nullptr);
        QVERIFY(window().isVisible());

        m_workbench->opener().open(QStringLiteral("arch:lenet5"));
        QTRY_VERIFY_WITH_TIMEOUT(window().findChild<QMessageBox*>() != nullptr, kPatienceMs);
        QCOMPARE(document().undoStack().count(), 1);
        buttonOf(window().findChild<QMessageBox*>(), QStringLiteral("Discard changes"))->click();
        QTRY_COMPARE(document().undoStack().count(), 0);
        QTRY_VERIFY(window().findChild<QMessageBox*>() == nullptr);
        QTRY_VERIFY_WITH_TIMEOUT(!m_workbench->jobs().isBusy(), kPatienceMs);
        window().close(); // nothing to lose now
        QVERIFY(!window().isVisible());
    }

    void closingStopsJobsFirst()
    {
        startLongJob();
        QTRY_VERIFY_WITH_TIMEOUT(m_workbench->jobs().rows().front().state == JobState::Running,
                                 kPatienceMs);
        window().close();
        auto* box = window().findChild<QMessageBox*>(QStringLiteral("runningJobs"));
        QVERIFY(box != nullptr);
        buttonOf(box, QStringLiteral("Keep working"))->click();
        QTRY_VERIFY(window().findChild<QMessageBox*>() == nullptr);
        QVERIFY(m_workbench->jobs().isBusy());
        QVERIFY(window().isVisible());

        window().close();
        box = window().findChild<QMessageBox*>(QStringLiteral("runningJobs"));
        buttonOf(box, QStringLiteral("Stop and close"))->click();
        QVERIFY(window().isVisible()); // the message is in sight while the job ends
        QVERIFY(m_workbench->closeGuard().isStopping());
        QVERIFY(window().notices().current() != nullptr);
        window().close(); // impatience changes nothing
        QTRY_VERIFY_WITH_TIMEOUT(!window().isVisible(), kPatienceMs);
        QVERIFY(!m_workbench->jobs().isBusy());
    }

    void theProgramMayGoWhileAJobRuns()
    {
        startLongJob();
        QTRY_VERIFY_WITH_TIMEOUT(m_workbench->jobs().rows().front().state == JobState::Running,
                                 kPatienceMs);
        m_workbench.reset(); // as at the end of a session of the desktop
    }

    void thePaletteFindsActionsPlansAndLayers()
    {
        openLeNet();
        CommandPalette& palette = m_workbench->palette();
        palette.open();
        QVERIFY(!palette.isHidden());
        auto* line = palette.findChild<QLineEdit*>();
        const auto first = [&] { return palette.model().index(0).data().toString(); };
        const QString layer = QString::fromStdString(document().model()->layers.back().name);
        line->setText(layer);
        QCOMPARE(first(), layer);
        QTest::keyClick(line, Qt::Key_Return);
        QVERIFY(palette.isHidden());
        QCOMPARE(m_workbench->selection().layers(), QStringList{layer});

        palette.open();
        line->setText(QStringLiteral("duplicate"));
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(document().planNames().size(), 2);
        palette.open();
        line->setText(document().planNames().front());
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(document().planName(), document().planNames().front());
        palette.open();
        line->setText(QStringLiteral("redo")); // nothing to redo: it says so and stays
        QVERIFY(!palette.model().index(0).data(PaletteModel::AvailableRole).toBool());
        QTest::keyClick(line, Qt::Key_Return);
        QVERIFY(!palette.isHidden());
        QTest::keyClick(line, Qt::Key_Escape);
        QVERIFY(palette.isHidden());
    }

    void themeAndShortcutsAreRemembered()
    {
        window().actions().action(QStringLiteral("view.theme.dark"))->trigger();
        QVERIFY(QGuiApplication::palette().color(QPalette::Window).lightness() < 128);
        window().actions().setShortcut(QStringLiteral("file.open"),
                                       QKeySequence(QStringLiteral("Ctrl+K")));
        restart();
        QVERIFY(QGuiApplication::palette().color(QPalette::Window).lightness() < 128);
        QCOMPARE(window().actions().action(QStringLiteral("file.open"))->shortcut(),
                 QKeySequence(QStringLiteral("Ctrl+K")));
        window().actions().action(QStringLiteral("view.theme.light"))->trigger();
        QVERIFY(QGuiApplication::palette().color(QPalette::Window).lightness() > 128);
    }

    void columnsAreRemembered()
    {
        const auto header = [this] { return window().findChild<ui::LayerTreeView*>()->header(); };
        QList<int> shown;
        for (int section = 1; section < header()->count(); ++section) {
            if (!header()->isSectionHidden(section)) {
                shown << section;
            }
        }
        QVERIFY(shown.size() > 2);
        const int before = header()->sectionSize(shown[0]);
        header()->resizeSection(shown[0], before + 40);
        header()->hideSection(shown[1]);
        restart();
        QCOMPARE(header()->sectionSize(shown[0]), before + 40);
        QVERIFY(header()->isSectionHidden(shown[1]));
    }

    void damagedSettingsAreTold()
    {
        m_workbench.reset();
        fileWith(QStringLiteral("settings.json"), "{ broken");
        restart();
        QVERIFY(window().notices().current() != nullptr);
        QCOMPARE(window().notices().current()->kind, Notice::Kind::Warning);
        QVERIFY(QFile::exists(path(QStringLiteral("settings.json.damaged"))));
    }

    void droppedFilesAreOpened()
    {
        QSignalSpy started(&m_workbench->opener(), &ModelOpener::started);
        const QString file = fileWith(QStringLiteral("dropped.pt"), "no model");
        QVERIFY(test::dropFile(window(), file));
        QCOMPARE(started.count(), 1);
        QCOMPARE(started.front().front().toString(), file);
    }

    void aDroppedPictureBringsItsViewBack()
    {
        openLeNet();
        PictureExchange& pictures = m_workbench->pictures();
        auto* cost = window().findChild<PanelDock*>(QStringLiteral("dock.cost"));
        const QString plan = document().planName();
        QSignalSpy exported(&pictures, &PictureExchange::exported);
        QSignalSpy restored(&pictures, &PictureExchange::restored);
        cost->panel()->flushRefresh();
        const ui::Picture picture = cost->panel()->pictures().front();
        for (const char* ending : {"png", "svg", "csv"}) {
            pictures.exportTo(path(QStringLiteral("cost.") + QLatin1String(ending)),
                              cost->panel()->id(), picture, picture.size, 1);
        }
        QTRY_COMPARE_WITH_TIMEOUT(exported.count(), 3, kPatienceMs);
        document().duplicatePlan();
        editSomething();
        QVERIFY(document().planName() != plan);
        for (const char* ending : {"png", "svg", "csv"}) {
            document().showPlan(document().planNames().back());
            window().showPanel(QStringLiteral("frontier"));
            cost->hide();
            restored.clear();
            test::dropFile(window(), path(QStringLiteral("cost.") + QLatin1String(ending)));
            QTRY_COMPARE_WITH_TIMEOUT(restored.count(), 1, kPatienceMs);
            QCOMPARE(document().planName(), plan);
            QVERIFY(cost->isVisible());
            QVERIFY(window().notices().current() == nullptr);
        }

        editSomething(); // the picture shows the plan as it was
        test::dropFile(window(), path(QStringLiteral("cost.png")));
        QTRY_COMPARE_WITH_TIMEOUT(restored.count(), 2, kPatienceMs);
        QVERIFY(window().notices().current()->why.contains(plan));
        window().notices().dismiss();
        document().close();
        test::dropFile(window(), path(QStringLiteral("cost.png")));
        QTRY_COMPARE_WITH_TIMEOUT(restored.count(), 3, kPatienceMs);
        QVERIFY(window().notices().current()->why.contains(QLatin1String("lenet5")));
        window().notices().dismiss();
        test::dropFile(window(),
                       fileWith(QStringLiteral("other.png"), "\x89PNG but not one of ours"));
        QTRY_COMPARE_WITH_TIMEOUT(restored.count(), 4, kPatienceMs);
        QVERIFY(!window().notices().current()->why.isEmpty());
    }

    void picturesGoIntoTheChosenFile()
    {
        openLeNet();
        window().actions().action(QStringLiteral("file.picture"))->trigger();
        auto* dialog = window().findChild<PictureDialog*>();
        QVERIFY(dialog != nullptr);
        QSignalSpy chosen(dialog, &PictureDialog::chosen);
        buttonOf(dialog, QStringLiteral("Export..."))->click();
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen.first().at(1).value<ui::Picture>().name, QStringLiteral("layers"));
        auto* files = window().findChild<QFileDialog*>();
        QVERIFY(files != nullptr);
        QSignalSpy exported(&m_workbench->pictures(), &PictureExchange::exported);
        const QString file = path(QStringLiteral("layers.svg"));
        Q_EMIT files->fileSelected(file);
        files->close();
        QTRY_COMPARE_WITH_TIMEOUT(exported.count(), 1, kPatienceMs);
        QVERIFY(QFileInfo(file).size() > 1000);
        m_workbench->pictures().exportTo(path(QStringLiteral("layers.doc")), {},
                                         chosen.first().at(1).value<ui::Picture>(), {100, 100}, 1);
        QVERIFY(window().notices().current() != nullptr); // no format has this ending
    }

    void aFinishedJobOpensThePanelOfItsResult()
    {
        openLeNet();
        auto* dock = window().findChild<PanelDock*>(QStringLiteral("dock.export"));
        dock->hide();
        Q_EMIT window().findChild<JobsPanel*>()->resultRequested(QStringLiteral("export"));
        QVERIFY(dock->isVisible());
    }

    void everyPanelSaysWhatItIs()
    {
        const auto docks = window().findChildren<PanelDock*>();
        QVERIFY(docks.size() >= 9);
        for (const PanelDock* dock : docks) {
            QVERIFY2(!dock->panel()->whatsThis().isEmpty(), qPrintable(dock->objectName()));
            QCOMPARE(dock->whatsThis(), dock->panel()->whatsThis());
        }
        const auto figures = window().findChildren<ui::FigureButton*>();
        QCOMPARE(figures.size(), 4);
        for (const ui::FigureButton* figure : figures) {
            QVERIFY(figure->whatsThis().contains(QLatin1String("Unit:")));
        }
        const QAbstractItemModel* layers = window().findChild<ui::LayerTreeView*>()->model();
        for (int column = 0; column < layers->columnCount(); ++column) {
            QVERIFY(!layers->headerData(column, Qt::Horizontal, Qt::WhatsThisRole)
                         .toString()
                         .isEmpty());
        }
        QAction* action = window().actions().action(QStringLiteral("help.whats_this"));
        QCOMPARE(action->shortcut(), QKeySequence(Qt::SHIFT | Qt::Key_F1));
        action->trigger();
        QVERIFY(QWhatsThis::inWhatsThisMode());
        QWhatsThis::leaveWhatsThisMode();
    }

    void everyActionExplainsItself()
    {
        const QStringList ids = window().actions().ids();
        QVERIFY(ids.size() > 20);
        for (const QString& id : ids) {
            const QAction* action = window().actions().action(id);
            QVERIFY2(!action->text().isEmpty(), qPrintable(id));
            QVERIFY2(window().actions().help(id).endsWith(u'.'), qPrintable(id));
            if (!action->isEnabled() && id != QLatin1String("edit.undo") &&
                id != QLatin1String("edit.redo")) {
                QVERIFY2(action->toolTip().contains(window().actions().unavailableReason(id)) &&
                             !window().actions().unavailableReason(id).isEmpty(),
                         qPrintable(id));
            }
        }
    }

    void everyControlHasANameForScreenReaders()
    {
        openLeNet();
        QStringList nameless = namelessControls();
        const QString prefix = QStringLiteral("view.panel.");
        const QStringList ids = window().actions().ids();
        for (const QString& id : ids) {
            if (id.startsWith(prefix)) { // each one in front of its stack of tabs
                window().showPanel(id.mid(prefix.size()));
                nameless += namelessControls();
            }
        }
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QLatin1String("; "))));
    }

    void aDeviceThatIsNotThereIsTold()
    {
        m_workbench->jobs().setDevice(QStringLiteral("cuda:77"));
        m_workbench->opener().open(QStringLiteral("arch:lenet5"));
        QTRY_VERIFY_WITH_TIMEOUT(window().notices().current() != nullptr, kPatienceMs);
        QVERIFY(!m_workbench->opener().isOpening());
        QVERIFY(!document().isOpen());
    }
};

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
