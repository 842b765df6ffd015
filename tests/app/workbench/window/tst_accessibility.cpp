// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/actions/action_registry.h"
#include "app/workbench/frame/main_window.h"
#include "app/workbench/frame/panel_dock.h"
#include "app/workbench/palette/palette_model.h"
#include "app/workbench/workbench.h"
#include "tests/app/workbench/window/test_window.h"
#include "tests/app/workbench/window/window_checks.h"
#include "widgets/views/panel.h"

#include <QApplication>
#include <QDialog>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QSet>
#include <QtTest>

using namespace bitloom;
using namespace bitloom::workbench;
using test::TestWindow;

namespace {

const QString kModel = QStringLiteral("arch:lenet5");
constexpr QSize kSmallScreen(1366, 768);

/// Runs a check on the window with each panel brought to the front in turn.
QStringList withEachPanel(TestWindow& shown, const std::function<QStringList(QWidget&)>& check)
{
    QStringList findings = check(shown.window());
    const auto docks = shown.window().findChildren<PanelDock*>();
    for (const PanelDock* dock : docks) {
        shown.window().showPanel(dock->panel()->id());
        shown.settle();
        findings += check(shown.window());
    }
    findings.removeDuplicates();
    return findings;
}

/// Opens every dialog that an action leads to and gives it to visit; file dialogs are Qt's.
void visitDialogs(TestWindow& shown, const std::function<void(const QString&, QDialog&)>& visit)
{
    ActionRegistry& actions = shown.window().actions();
    const QStringList ids = actions.ids();
    for (const QString& id : ids) {
        const QAction* action = actions.action(id);
        if (!action->isEnabled() || !action->text().endsWith(QLatin1String("..."))) {
            continue;
        }
        actions.action(id)->trigger();
        shown.settle();
        const auto dialogs = shown.window().findChildren<QDialog*>();
        for (QDialog* dialog : dialogs) {
            if (dialog->isVisible()) {
                if (qobject_cast<QFileDialog*>(dialog) == nullptr) {
                    visit(id, *dialog);
                }
                dialog->reject();
            }
        }
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
}

QStringList prefixed(const QString& prefix, const QStringList& lines)
{
    QStringList result;
    for (const QString& line : lines) {
        result << prefix + QStringLiteral(": ") + line;
    }
    return result;
}

void collectMenu(const QMenu& menu, const QString& path, QStringList& findings,
                 QSet<const QAction*>& seen)
{
    const auto actions = menu.actions();
    for (const QAction* action : actions) {
        seen.insert(action);
        if (action->isSeparator()) {
            continue;
        }
        if (action->text().isEmpty()) {
            findings << path + QStringLiteral(" has an entry without text");
        } else if (action->menu() != nullptr) {
            collectMenu(*action->menu(), path + u'/' + action->text(), findings, seen);
        }
    }
}

} // namespace

/// What people who see little, use no mouse or have a small screen need, checked in the real
/// window.
class TestAccessibility : public QObject {
    Q_OBJECT
private:
    std::unique_ptr<TestWindow> m_window;

    static void report(const QStringList& findings)
    {
        for (const QString& finding : findings) {
            qWarning().noquote() << finding;
        }
        QVERIFY2(findings.isEmpty(), qPrintable(QStringLiteral("%1 findings, the first is: %2")
                                                    .arg(findings.size())
                                                    .arg(findings.value(0))));
    }

    void openWindow(const QSize& size = {1440, 900})
    {
        m_window = std::make_unique<TestWindow>(test::testSettings(), size);
        QVERIFY(m_window->open(kModel));
    }

private Q_SLOTS:
    void cleanup()
    {
        m_window.reset();
        test::prepareTestProgram();
    }

    void theChecksFindWhatIsWrong()
    {
        // A check that never finds anything would let every test below pass.
        QWidget window;
        window.resize(200, 100);
        auto* button =
            new QPushButton(QStringLiteral("A text that is far too long for it"), &window);
        button->setGeometry(150, 10, 60, 20);
        button->setFocusPolicy(Qt::NoFocus);
        auto* field = new QLineEdit(&window);
        field->setGeometry(10, 10, 60, 20);
        window.show();
        const QStringList nameless = test::namelessControls(window);
        QCOMPARE(nameless.size(), 1);
        QVERIFY2(nameless.front().contains(QLatin1String("QLineEdit")),
                 qPrintable(nameless.front()));
        QCOMPARE(test::unreachableControls(window).size(), 1);
        QCOMPARE(test::clippedTexts(window).size(), 1);
        QCOMPARE(test::widgetsOutside(window).size(), 1);
    }

    void everyControlHasANameAndADescription()
    {
        openWindow();
        report(withEachPanel(*m_window,
                             [](QWidget& window) { return test::namelessControls(window); }));
    }

    void welcomePageHasNamesAndIsReachedByTab()
    {
        SettingsData settings = test::testSettings();
        settings.recent = {kModel, QStringLiteral("/nowhere/gone.pth")};
        m_window = std::make_unique<TestWindow>(settings, kSmallScreen);
        m_window->settle();
        report(test::namelessControls(m_window->window()) +
               test::unreachableControls(m_window->window()) +
               test::clippedTexts(m_window->window()) + test::widgetsOutside(m_window->window()));
    }

    void tabReachesEveryControl()
    {
        openWindow();
        report(withEachPanel(*m_window, test::unreachableControls));
    }

    void dialogsHaveNamesAndAreReachedByTab()
    {
        openWindow();
        QStringList findings;
        int visited = 0;
        visitDialogs(*m_window, [&](const QString& id, QDialog& dialog) {
            ++visited;
            findings +=
                prefixed(id, test::namelessControls(dialog) + test::unreachableControls(dialog) +
                                 test::clippedTexts(dialog) + test::widgetsOutside(dialog));
        });
        QVERIFY2(visited >= 4, qPrintable(QString::number(visited)));
        report(findings);
    }

    void nothingIsClippedWithLargeType()
    {
        test::prepareTestProgram(1.5);
        openWindow({1920, 1080});
        QStringList findings = withEachPanel(*m_window, test::clippedTexts);
        visitDialogs(*m_window, [&](const QString& id, QDialog& dialog) {
            findings += prefixed(id, test::clippedTexts(dialog));
        });
        report(findings);
    }

    void everythingIsInsideASmallScreen()
    {
        openWindow(kSmallScreen);
        QCOMPARE(m_window->window().size(), kSmallScreen);
        report(withEachPanel(*m_window, [](QWidget& window) {
            return test::widgetsOutside(window) + test::clippedTexts(window);
        }));
        QCOMPARE(m_window->window().size(), kSmallScreen);
    }

    void everyActionIntroducesItselfAndIsFound()
    {
        openWindow();
        ActionRegistry& actions = m_window->window().actions();
        QStringList findings;
        QSet<const QAction*> inMenus;
        const auto menus = m_window->window().menuBar()->actions();
        for (const QAction* menu : menus) {
            QVERIFY(menu->menu() != nullptr);
            collectMenu(*menu->menu(), menu->text(), findings, inMenus);
        }
        QSet<QString> inPalette;
        for (const PaletteEntry& entry : paletteEntries(actions, m_window->workbench().document(),
                                                        m_window->workbench().selection())) {
            inPalette.insert(entry.title);
        }
        const QStringList ids = actions.ids();
        QVERIFY(ids.size() > 20);
        QHash<QString, QString> keys;
        for (const QString& id : ids) {
            const QAction* action = actions.action(id);
            if (action->text().isEmpty() || actions.help(id).isEmpty()) {
                findings << id + QStringLiteral(" has no text or no help");
            }
            if (!inMenus.contains(action) && !inPalette.contains(action->iconText())) {
                findings << id + QStringLiteral(" is neither in a menu nor in the palette");
            }
            const QString key = action->shortcut().toString();
            if (!key.isEmpty() && keys.contains(key)) {
                findings << QStringLiteral("%1 and %2 both have %3").arg(id, keys[key], key);
            }
            keys.insert(key, id);
        }
        report(findings);
    }

    void unavailableActionsSayWhy()
    {
        m_window = std::make_unique<TestWindow>(test::testSettings());
        QStringList findings;
        int unavailable = 0;
        const auto check = [&] {
            ActionRegistry& actions = m_window->window().actions();
            const QStringList ids = actions.ids();
            for (const QString& id : ids) {
                const QAction* action = actions.action(id);
                if (action->isEnabled()) {
                    continue;
                }
                ++unavailable;
                const QString reason = actions.unavailableReason(id);
                if (reason.isEmpty()) {
                    findings << id + QStringLiteral(" does not say why it is not available");
                } else if (!action->toolTip().contains(reason)) {
                    findings << id + QStringLiteral(" does not show its reason: ") +
                                    action->toolTip();
                }
            }
        };
        check();
        QVERIFY(unavailable > 5);
        QVERIFY(m_window->open(kModel));
        check();
        report(findings);
    }
};

int main(int argc, char** argv)
{
    const test::TestSurroundings surroundings;
    QApplication application(argc, argv);
    test::prepareTestProgram();
    TestAccessibility test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_accessibility.moc"
