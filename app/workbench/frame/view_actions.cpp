// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/view_actions.h"

#include "app/workbench/actions/action_registry.h"
#include "app/workbench/frame/file_tasks.h"
#include "app/workbench/frame/layouts.h"
#include "app/workbench/frame/main_window.h"
#include "app/workbench/frame/menus.h"
#include "app/workbench/frame/notice_bar.h"
#include "app/workbench/settings/settings.h"

#include <QActionGroup>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QMenu>

namespace bitloom::workbench {

namespace {
constexpr qint64 kMaxLayoutBytes = 4'000'000;
const QString kLayoutEnding = QStringLiteral(".bitloom-layout");
} // namespace

ViewActions::ViewActions(MainWindow& window, Settings& settings)
    : QObject(&window), m_window(window), m_settings(settings),
      m_layouts(new QMenu(tr("&Layouts"), &window))
{
    m_layouts->setObjectName(QStringLiteral("menu.layouts"));
    addLayoutActions();
    addThemeActions();
    window.menus().addSubmenu(QStringLiteral("view"), QStringLiteral("view.layout.reset"),
                              m_layouts);
    connect(&window.layouts(), &Layouts::namesChanged, this, &ViewActions::fillLayoutMenu);
    fillLayoutMenu();
}

void ViewActions::addLayoutActions()
{
    const QString menu = QStringLiteral("view");
    ActionRegistry& actions = m_window.actions();
    actions.add({QStringLiteral("view.layout.save"),
                 tr("&Save layout as..."),
                 tr("Keep the arrangement of the panels under a name."),
                 {},
                 QStringLiteral("layout"),
                 menu},
                [this] { askForName(); });
    actions.add({QStringLiteral("view.layout.import"),
                 tr("&Import layout..."),
                 tr("Add a layout from a file."),
                 {},
                 {},
                 menu},
                [this] { importLayout(); });
    actions.add({QStringLiteral("view.layout.reset"),
                 tr("&Reset layout"),
                 tr("Put all panels where they fit this size of the window."),
                 {},
                 {},
                 menu},
                [this] { m_window.layouts().reset(m_window.size()); });
}

void ViewActions::addThemeActions()
{
    const QString menu = QStringLiteral("view");
    ActionRegistry& actions = m_window.actions();
    auto* group = new QActionGroup(this);
    const struct {
        const char* name;
        QString text;
        QString help;
    } themes[] = {{"system", tr("Theme of the s&ystem"),
                   tr("Light or dark, as the system was at the start.")},
                  {"light", tr("Li&ght theme"),
                   tr("Dark text on light ground, for the window and all plots.")},
                  {"dark", tr("&Dark theme"),
                   tr("Light text on dark ground, for the window and all plots.")}};
    for (const auto& theme : themes) {
        const QString name = QString::fromLatin1(theme.name);
        // The first one begins the group of the menu; its id says so.
        const QString id = name == QLatin1String("system") ? QStringLiteral("view.theme")
                                                           : QStringLiteral("view.theme.") + name;
        QAction* action =
            actions.addToggle({id, theme.text, theme.help, {}, {}, menu},
                              m_settings.data().theme == name, [this, name](bool) {
                                  m_settings.update([&](SettingsData& data) { data.theme = name; });
                              });
        group->addAction(action);
        connect(&m_settings, &Settings::changed, action,
                [this, action, name] { action->setChecked(m_settings.data().theme == name); });
    }
    QAction* full = actions.addToggle({QStringLiteral("view.full_screen"),
                                       tr("&Full screen"),
                                       tr("Use the whole screen, and back."),
                                       QKeySequence(Qt::Key_F11),
                                       {},
                                       menu},
                                      false, [this](bool on) {
                                          m_window.setWindowState(
                                              on ? m_window.windowState() | Qt::WindowFullScreen
                                                 : m_window.windowState() & ~Qt::WindowFullScreen);
                                      });
    Q_UNUSED(full)
}

void ViewActions::fillLayoutMenu()
{
    m_layouts->clear();
    qDeleteAll(m_layouts->findChildren<QMenu*>(QString(), Qt::FindDirectChildrenOnly));
    const QStringList names = m_window.layouts().names();
    for (const QString& name : names) {
        QMenu* entry = m_layouts->addMenu(QString(name).replace(u'&', QLatin1String("&&")));
        connect(entry->addAction(tr("&Apply")), &QAction::triggered, this, [this, name] {
            if (!m_window.layouts().apply(name)) {
                m_window.notices().add({Notice::Kind::Warning,
                                        tr("The layout \"%1\" was not applied.").arg(name),
                                        tr("It belongs to another version of the program.")});
            }
        });
        connect(entry->addAction(tr("&Replace by the present one")), &QAction::triggered, this,
                [this, name] { m_window.layouts().saveAs(name); });
        connect(entry->addAction(tr("&Export...")), &QAction::triggered, this,
                [this, name] { exportLayout(name); });
        // Queued: the menu that is open must not be deleted by its own entry.
        connect(
            entry->addAction(tr("Re&move")), &QAction::triggered, this,
            [this, name] { m_window.layouts().remove(name); }, Qt::QueuedConnection);
    }
    if (names.isEmpty()) {
        m_layouts->addAction(tr("No layout was saved yet"))->setEnabled(false);
    }
}

void ViewActions::askForName()
{
    auto* dialog = new QInputDialog(&m_window);
    dialog->setObjectName(QStringLiteral("layoutName"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Save layout"));
    dialog->setLabelText(tr("Name of the layout; one of the same name is replaced"));
    dialog->setOkButtonText(tr("Save"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& text) {
        if (!text.trimmed().isEmpty()) {
            m_window.layouts().saveAs(text.trimmed());
        }
    });
    dialog->open();
}

void ViewActions::exportLayout(const QString& name)
{
    auto* dialog = new QFileDialog(&m_window, tr("Export layout"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Layouts (*%1)").arg(kLayoutEnding));
    dialog->setDefaultSuffix(kLayoutEnding.mid(1));
    dialog->selectFile(name + kLayoutEnding);
    connect(dialog, &QFileDialog::fileSelected, this, [this, name](const QString& path) {
        writeFileLater(
            path, m_window.layouts().exported(name), this, [this, path](const QString& problem) {
                if (!problem.isEmpty()) {
                    m_window.notices().add({Notice::Kind::Error, tr("The layout was not exported."),
                                            path + QStringLiteral(": ") + problem});
                }
            });
    });
    dialog->open();
}

void ViewActions::importLayout()
{
    auto* dialog = new QFileDialog(&m_window, tr("Import layout"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Layouts (*%1)").arg(kLayoutEnding), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        readFileLater(path, kMaxLayoutBytes, this,
                      [this, path](const QByteArray& bytes, const QString& problem) {
                          QString reason = problem;
                          const QString name = problem.isEmpty()
                                                   ? m_window.layouts().import(bytes, &reason)
                                                   : QString();
                          if (name.isEmpty()) {
                              m_window.notices().add(
                                  {Notice::Kind::Error, tr("No layout was imported."),
                                   QFileInfo(path).fileName() + QStringLiteral(": ") + reason});
                          } else {
                              m_window.layouts().apply(name);
                          }
                      });
    });
    dialog->open();
}

} // namespace bitloom::workbench
