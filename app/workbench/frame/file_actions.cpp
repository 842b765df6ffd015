// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/file_actions.h"

#include "app/workbench/actions/action_registry.h"
#include "app/workbench/document/plan_document.h"
#include "app/workbench/frame/close_guard.h"
#include "app/workbench/frame/main_window.h"
#include "app/workbench/frame/menus.h"
#include "app/workbench/opening/model_opener.h"
#include "app/workbench/settings/recent_files.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>

namespace bitloom::workbench {

FileActions::FileActions(MainWindow& window, PlanDocument& document, ModelOpener& opener,
                         RecentFiles& recent, CloseGuard& guard)
    : QObject(&window), m_window(window), m_document(document), m_opener(opener), m_recent(recent)
{
    addOpening();
    addClosing(guard);
    addRecentMenu();
}

void FileActions::addOpening()
{
    ActionRegistry& actions = m_window.actions();
    const QString menu = QStringLiteral("file");
    actions.add({QStringLiteral("file.open"), tr("&Open model..."),
                 tr("Open a TorchScript model, a PyTorch state dict or a packed model."),
                 QKeySequence::Open, QStringLiteral("open"), menu},
                [this] { chooseModelFile(); });
    actions.add({QStringLiteral("file.open_project"), tr("Open &project..."),
                 tr("Open a project folder (NAME.bitloom)."),
                 QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O), QStringLiteral("project"), menu},
                [this] { chooseProjectFolder(); });
    actions.add({QStringLiteral("file.open_name"), tr("Open by &name..."),
                 tr("Open one of the built-in networks, with random weights."),
                 QKeySequence(Qt::CTRL | Qt::Key_N), QStringLiteral("name"), menu},
                [this] { Q_EMIT nameRequested(); });
    actions.add({QStringLiteral("file.example"),
                 tr("Open the &example"),
                 tr("LeNet-5 on digits that the program draws itself, from training to the proven "
                    "file. The network is trained once, which takes some seconds."),
                 {},
                 QStringLiteral("example"),
                 menu},
                [this] { Q_EMIT exampleRequested(); });
    actions.add({QStringLiteral("file.convert"),
                 tr("Con&vert a file..."),
                 tr("Write the weights of one file into another kind of file, read it back and "
                    "compare."),
                 {},
                 QStringLiteral("export"),
                 menu},
                [this] { Q_EMIT convertRequested(); });
}

void FileActions::addClosing(CloseGuard& guard)
{
    ActionRegistry& actions = m_window.actions();
    const QString menu = QStringLiteral("file");
    actions.add({QStringLiteral("file.close"),
                 tr("&Close model"),
                 tr("Close the model and go back to the welcome page."),
                 QKeySequence::Close,
                 {},
                 menu},
                [this, &guard] { guard.replace([this] { m_document.close(); }); });
    actions.add({QStringLiteral("file.quit"), tr("&Quit"), tr("Close the window."),
                 QKeySequence(Qt::CTRL | Qt::Key_Q), QStringLiteral("quit"), menu},
                [this] { m_window.close(); });
    const auto update = [this] {
        m_window.actions().setUnavailable(QStringLiteral("file.close"),
                                          m_document.isOpen() ? QString()
                                                              : tr("no model is open."));
    };
    connect(&m_document, &PlanDocument::modelChanged, this, update);
    update();
}

void FileActions::addRecentMenu()
{
    auto* menu = new QMenu(tr("Open &recent"), &m_window);
    menu->setObjectName(QStringLiteral("menu.recent"));
    menu->setToolTipsVisible(true);
    const auto fill = [this, menu] { fillRecentMenu(*menu); };
    connect(&m_recent, &RecentFiles::changed, menu, fill);
    connect(menu, &QMenu::aboutToShow, &m_recent, &RecentFiles::check);
    fill();
    m_window.menus().addSubmenu(QStringLiteral("file"), QStringLiteral("file.example"), menu);
}

void FileActions::fillRecentMenu(QMenu& menu)
{
    menu.clear();
    int number = 0;
    for (const RecentFile& file : m_recent.files()) {
        ++number;
        const QString name = QFileInfo(file.spec).fileName().replace(u'&', QLatin1String("&&"));
        QAction* action =
            menu.addAction(number < 10 ? QStringLiteral("&%1  %2").arg(number).arg(name) : name);
        action->setToolTip(file.missing.isEmpty() ? file.spec : file.spec + u'\n' + file.missing);
        action->setEnabled(file.missing.isEmpty());
        connect(action, &QAction::triggered, this,
                [this, spec = file.spec] { m_opener.open(spec); });
    }
    menu.setEnabled(!menu.isEmpty());
}

void FileActions::chooseModelFile()
{
    auto* dialog = new QFileDialog(&m_window, tr("Open model"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters(
        {tr("Models (*.pt *.pth *.tar *.safetensors *.h5 *.bin *.ckpt)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, &m_opener, &ModelOpener::open);
    dialog->open();
}

void FileActions::chooseProjectFolder()
{
    auto* dialog = new QFileDialog(&m_window, tr("Open project"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, &m_opener, &ModelOpener::open);
    dialog->open();
}

} // namespace bitloom::workbench
