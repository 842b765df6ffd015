// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/actions/action_registry.h"
#include "app/workbench/dialogs/shortcut_dialog.h"
#include "app/workbench/frame/error_words.h"
#include "app/workbench/frame/layouts.h"
#include "app/workbench/frame/notice_bar.h"
#include "app/workbench/frame/panel_tabs.h"
#include "app/workbench/settings/settings.h"
#include "widgets/util/theme.h"
#include "widgets/views/panel.h"

#include <QClipboard>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QMainWindow>
#include <QPushButton>
#include <QTabBar>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeWidget>
#include <QtTest>

#include <memory>
#include <set>

using namespace bitloom;
using namespace bitloom::workbench;

namespace {
class TestPanel final : public ui::Panel {
public:
    explicit TestPanel(const QString& id) : Panel(id, id, nullptr)
    {
        setContent(new QLabel(id, this));
    }

protected:
    void refresh() override {}
};

/// A window with four panels, as the real one has them.
struct DockWindow {
    explicit DockWindow(const QString& settingsFile)
        : settings(settingsFile), layouts(window, settings)
    {
        window.setCentralWidget(new QWidget);
        window.resize(1400, 1000);
        const auto add = [this](const char* id, Qt::DockWidgetArea area, const char* group) {
            auto* dock = new PanelDock(new TestPanel(QString::fromLatin1(id)),
                                       QString::fromLatin1(group), &window);
            docks.push_back(dock);
            layouts.addDock(dock, area);
        };
        add("layer", Qt::RightDockWidgetArea, "near");
        add("frontier", Qt::RightDockWidgetArea, "results");
        add("sensitivity", Qt::RightDockWidgetArea, "results");
        add("jobs", Qt::BottomDockWidgetArea, "jobs");
        window.show();
    }
    /// Where each dock is: sizes are left out, for they follow later and depend on the platform.
    QStringList arrangement() const
    {
        QStringList lines;
        for (PanelDock* dock : docks) {
            QStringList mates;
            for (const QDockWidget* mate : window.tabifiedDockWidgets(dock)) {
                mates << mate->objectName();
            }
            mates.sort();
            lines << QStringLiteral("%1 area %2 hidden %3 with %4")
                         .arg(dock->objectName())
                         .arg(window.dockWidgetArea(dock))
                         .arg(dock->isHidden())
                         .arg(mates.join(u' '));
        }
        return lines;
    }
    QMainWindow window;
    Settings settings;
    Layouts layouts;
    std::vector<PanelDock*> docks;
};
} // namespace

class TestFrame : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    QString settingsFile() const { return m_folder.filePath(QStringLiteral("s.json")); }

private Q_SLOTS:
    void init() { QFile::remove(settingsFile()); }

    void layoutsSurviveARoundTrip()
    {
        DockWindow window(settingsFile());
        window.layouts.reset(window.window.size());
        window.docks[1]->hide();
        window.layouts.saveAs(QStringLiteral("mine"));
        const QStringList saved = window.arrangement();
        window.layouts.reset(window.window.size());
        QVERIFY(!window.docks[1]->isHidden());
        QVERIFY(window.layouts.apply(QStringLiteral("mine")));
        QVERIFY(window.docks[1]->isHidden());
        QCOMPARE(window.arrangement(), saved);

        QString reason;
        const QByteArray file = window.layouts.exported(QStringLiteral("mine"));
        window.layouts.remove(QStringLiteral("mine"));
        QVERIFY(window.layouts.names().isEmpty());
        QVERIFY(!window.layouts.apply(QStringLiteral("mine")));
        QCOMPARE(window.layouts.import(file, &reason), QStringLiteral("mine"));
        QVERIFY(window.layouts.apply(QStringLiteral("mine")));
        QCOMPARE(window.arrangement(), saved);
    }

    void layoutsAreKeptInTheSettings()
    {
        QStringList saved;
        {
            DockWindow window(settingsFile());
            window.layouts.reset({1366, 768});
            window.layouts.saveAs(QStringLiteral("small"));
            saved = window.arrangement();
        }
        DockWindow again(settingsFile());
        QVERIFY(again.layouts.apply(QStringLiteral("small")));
        QCOMPARE(again.arrangement(), saved);
    }

    void aSmallWindowHasOneStackAndNoBottomRow()
    {
        DockWindow window(settingsFile());
        window.layouts.reset({1366, 768});
        QCOMPARE(window.window.tabifiedDockWidgets(window.docks[0]).size(), 2);
        QVERIFY(window.docks[3]->isHidden());
        window.layouts.reset({1600, 1000});
        QCOMPARE(window.window.tabifiedDockWidgets(window.docks[0]).size(), 0);
        QCOMPARE(window.window.tabifiedDockWidgets(window.docks[1]).size(), 1);
        QVERIFY(!window.docks[3]->isHidden());
    }

    void aWideWindowHasItsStacksBesideOneAnother()
    {
        DockWindow window(settingsFile());
        for (const QSize size : {QSize(1880, 990), QSize(1920, 1040)}) {
            window.window.resize(size);
            window.layouts.reset(size);
            window.window.show();
            QVERIFY(QTest::qWaitForWindowExposed(&window.window));
            QCOMPARE(window.window.tabifiedDockWidgets(window.docks[0]).size(), 0);
            QCOMPARE(window.window.tabifiedDockWidgets(window.docks[1]).size(), 1);
            QCOMPARE(window.docks[0]->y(), window.docks[1]->y());
            QVERIFY(window.docks[0]->geometry().right() < window.docks[1]->x());
        }
    }

    void hidingAllDocksIsNoLayout()
    {
        DockWindow window(settingsFile());
        window.layouts.reset(window.window.size());
        const QStringList before = window.arrangement();
        window.layouts.setAllHidden(true);
        const QByteArray whileHidden = window.layouts.state();
        for (const PanelDock* dock : window.docks) {
            QVERIFY(dock->isHidden());
        }
        window.layouts.saveAs(QStringLiteral("hidden"));
        QCOMPARE(window.settings.data().layouts.value(QStringLiteral("hidden")), whileHidden);
        window.layouts.setAllHidden(false);
        QCOMPARE(window.arrangement(), before);
        QVERIFY(window.layouts.apply(QStringLiteral("hidden"))); // it is that of before
        QCOMPARE(window.arrangement(), before);
    }

    void badLayoutFiles_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("other JSON") << QByteArray(R"({"format": "something"})");
        QTest::newRow("later version") << QByteArray(
            R"({"format": "bitloom layout", "version": 99, "name": "a", "state": "AA=="})");
        QTest::newRow("no state") << QByteArray(
            R"({"format": "bitloom layout", "version": 1, "name": "a"})");
    }
    void badLayoutFiles()
    {
        QFETCH(QByteArray, file);
        DockWindow window(settingsFile());
        const QStringList before = window.arrangement();
        QString reason;
        QVERIFY(window.layouts.import(file, &reason).isEmpty());
        QVERIFY(!reason.isEmpty());
        QVERIFY(window.layouts.names().isEmpty());
        QVERIFY(!window.layouts.restore(QByteArray("nonsense")));
        QCOMPARE(window.arrangement(), before);
    }

    void docksDoNotFloat()
    {
        DockWindow window(settingsFile());
        for (const PanelDock* dock : window.docks) {
            QVERIFY(!(dock->features() & QDockWidget::DockWidgetFloatable));
        }
    }

    void noticesWaitForEachOther()
    {
        NoticeBar bar;
        QVERIFY(bar.isHidden());
        bar.add({Notice::Kind::Error, QStringLiteral("A failed."),
                 QStringLiteral("It was <b>bad</b>."), QStringLiteral("Try again.")});
        bar.add({Notice::Kind::Info, QStringLiteral("B.")});
        bar.add({Notice::Kind::Info, QStringLiteral("B.")}); // it is there already
        QCOMPARE(bar.count(), 2);
        QVERIFY(!bar.isHidden());
        QCOMPARE(bar.current()->what, QStringLiteral("A failed."));
        const QList<QToolButton*> buttons = bar.findChildren<QToolButton*>();
        buttons[0]->click(); // copy
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 QStringLiteral("A failed.\nIt was <b>bad</b>.\nTry again."));
        buttons[1]->click(); // dismiss
        QCOMPARE(bar.current()->what, QStringLiteral("B."));
        bar.dismiss();
        QVERIFY(bar.isHidden());
        bar.dismiss(); // nothing to dismiss
        for (int i = 0; i < 100; ++i) {
            bar.add({Notice::Kind::Info, QString::number(i)});
        }
        QVERIFY(bar.count() <= 20);
    }

    void aNoticeCanHaveAWayOut()
    {
        NoticeBar bar;
        int done = 0;
        Notice notice;
        notice.what = QStringLiteral("There are edits.");
        notice.actionText = QStringLiteral("Restore");
        notice.action = [&] { ++done; };
        bar.add(notice);
        bar.findChild<QPushButton*>()->click();
        QCOMPARE(done, 1);
        QVERIFY(bar.isHidden());
    }

    void everyErrorHasWords()
    {
        std::set<QString> words;
        for (int code = 0; code <= static_cast<int>(ErrorCode::Internal); ++code) {
            const ErrorWords found = errorWords(static_cast<ErrorCode>(code));
            QVERIFY(found.what.endsWith(u'.'));
            words.insert(found.what);
        }
        QCOMPARE(words.size(), static_cast<std::size_t>(ErrorCode::Internal) + 1); // none twice
    }

    void theRegistryMovesShortcuts()
    {
        QMainWindow window;
        ActionRegistry actions(&window);
        int ran = 0;
        actions.add({QStringLiteral("a.one"),
                     QStringLiteral("&One"),
                     QStringLiteral("Does one."),
                     QKeySequence(QStringLiteral("Ctrl+1")),
                     {},
                     QStringLiteral("file")},
                    [&] { ++ran; });
        actions.add(
            {QStringLiteral("a.two"), QStringLiteral("&Two"), {}, {}, {}, QStringLiteral("file")},
            [] {});
        QCOMPARE(
            actions.setShortcut(QStringLiteral("a.two"), QKeySequence(QStringLiteral("Ctrl+1"))),
            QStringLiteral("a.one"));
        QVERIFY(actions.action(QStringLiteral("a.one"))->shortcut().isEmpty());
        QCOMPARE(actions.changedShortcuts().size(), 2);
        const auto stored = actions.changedShortcuts();
        actions.resetShortcuts();
        QVERIFY(actions.changedShortcuts().isEmpty());
        actions.restoreShortcuts(stored);
        QCOMPARE(actions.changedShortcuts(), stored);
        actions.restoreShortcuts({{QStringLiteral("gone.action"), QStringLiteral("Ctrl+9")}});
        QVERIFY(actions.changedShortcuts().isEmpty());

        actions.setUnavailable(QStringLiteral("a.one"), QStringLiteral("nothing is open."));
        actions.action(QStringLiteral("a.one"))->trigger();
        QCOMPARE(ran, 0);
        QVERIFY(actions.action(QStringLiteral("a.one"))
                    ->toolTip()
                    .contains(QLatin1String("nothing is open.")));
        actions.setUnavailable(QStringLiteral("a.one"), {});
        actions.action(QStringLiteral("a.one"))->trigger();
        QCOMPARE(ran, 1);
    }

    void theShortcutDialogTellsConflicts()
    {
        QMainWindow window;
        ActionRegistry actions(&window);
        actions.add({QStringLiteral("a.one"),
                     QStringLiteral("&One"),
                     {},
                     QKeySequence(QStringLiteral("Ctrl+1")),
                     {},
                     {}},
                    [] {});
        actions.add({QStringLiteral("a.two"), QStringLiteral("&Two"), {}, {}, {}, {}}, [] {});
        auto* dialog = new ShortcutDialog(actions, &window);
        dialog->show();
        auto* list = dialog->findChild<QTreeWidget*>(QStringLiteral("shortcuts"));
        list->setCurrentItem(list->topLevelItem(1));
        QVERIFY(dialog->conflict().isEmpty());
        dialog->findChild<QKeySequenceEdit*>()->setKeySequence(
            QKeySequence(QStringLiteral("Ctrl+1")));
        QVERIFY2(dialog->conflict().contains(QLatin1String("\"One\"")),
                 qPrintable(dialog->conflict()));
        const QList<QPushButton*> buttons = dialog->findChildren<QPushButton*>();
        const auto button = [&](const QString& text) {
            return *std::find_if(buttons.begin(), buttons.end(),
                                 [&](const QPushButton* b) { return b->text() == text; });
        };
        button(QStringLiteral("Assign"))->click();
        QCOMPARE(actions.action(QStringLiteral("a.two"))->shortcut(),
                 QKeySequence(QStringLiteral("Ctrl+1")));
        QVERIFY(actions.action(QStringLiteral("a.one"))->shortcut().isEmpty());
        button(QStringLiteral("Reset all"))->click();
        QVERIFY(actions.changedShortcuts().isEmpty());
    }

    void tabsWithoutRoomShowIcons()
    {
        ui::applyTheme(*qApp, ui::ThemeChoice::Light);
        QTabBar bar;
        bar.setExpanding(false); // as a window has them
        const QStringList titles{QStringLiteral("Layer"),    QStringLiteral("Cost"),
                                 QStringLiteral("Frontier"), QStringLiteral("Sensitivity"),
                                 QStringLiteral("Evaluate"), QStringLiteral("Search")};
        for (const QString& title : titles) {
            bar.addTab(title);
        }
        QPixmap picture(16, 16);
        picture.fill(Qt::black);
        new PanelTabs(bar, [&picture](const QString&) { return QIcon(picture); });
        bar.show();
        const auto end = [&bar] { return bar.tabRect(bar.count() - 1).right(); };
        bar.resize(1200, 32);
        bar.grab();
        QVERIFY(bar.tabIcon(0).isNull());
        const int natural = end();
        const int naturalFirst = bar.tabRect(0).width();
        bar.resize(natural - 8, 32); // closer together
        bar.grab();
        QVERIFY(bar.tabIcon(0).isNull());
        QVERIFY2(end() < bar.width(), qPrintable(QString::number(end())));
        bar.resize(natural - 100, 32);
        bar.grab();
        QVERIFY2(end() < bar.width(), qPrintable(QString::number(end())));
        for (int tab = 0; tab < bar.count(); ++tab) {
            QVERIFY(!bar.tabIcon(tab).isNull());
            QCOMPARE(bar.tabText(tab), titles[tab]); // what a screen reader says
        }
        // The panel in front says its name.
        const int front = bar.tabRect(0).width();
        const int other = bar.tabRect(3).width();
        QVERIFY(front > other);
        bar.setCurrentIndex(3);
        QVERIFY(bar.tabRect(3).width() > other);
        QVERIFY(bar.tabRect(0).width() < front);
        // A panel that comes along is fitted in.
        bar.addTab(QStringLiteral("Run"));
        bar.grab();
        QVERIFY(!bar.tabIcon(6).isNull());
        bar.resize(1200, 32);
        bar.grab();
        QVERIFY(bar.tabIcon(6).isNull());
        QCOMPARE(bar.tabRect(0).width(), naturalFirst);
    }
};

QTEST_MAIN(TestFrame)
#include "tst_frame.moc"
