// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/workbench.h"

#include "app/workbench/actions/action_registry.h"
#include "app/workbench/frame/close_guard.h"
#include "app/workbench/frame/menus.h"
#include "app/workbench/frame/notice_bar.h"
#include "app/workbench/frame/plan_box.h"
#include "app/workbench/frame/standard_actions.h"
#include "app/workbench/frame/status_line.h"
#include "app/workbench/main_window.h"
#include "app/workbench/pages/welcome_page.h"
#include "widgets/util/theme.h"

#include <QApplication>
#include <QFileDialog>
#include <QFileInfo>

namespace bitloom::workbench {

namespace {
QString orDefault(const QString& path)
{
    return path.isEmpty() ? Settings::defaultPath() : path;
}
} // namespace

Workbench::Workbench(const Options& options)
    : m_options(options), m_settings(orDefault(options.settingsPath)),
      m_bridge(options.threads.value_or(m_settings.data().threads)), m_jobs(m_bridge),
      m_recent(m_settings), m_opener(m_document, m_jobs)
{
    applySettings();
    m_window = std::make_unique<MainWindow>(m_document, m_jobs, m_settings);
    m_guard = new CloseGuard(*m_window, m_document, m_jobs);
    addFileActions();
    new StandardActions(m_window->actions(), m_document);
    m_window->menus().addToolWidget(QStringLiteral("plan.duplicate"),
                                    new PlanBox(m_document, m_window.get()));
    m_welcome = new WelcomePage(m_window->actions(), m_recent, m_window.get());
    m_window->setWelcomePage(m_welcome);
    connectOpening();
    connect(&m_settings, &Settings::changed, this, &Workbench::applySettings);
    connect(&m_jobs, &JobCenter::failed, this,
            [this](const QString& title, const QString& code, const QString& message) {
                m_window->notices().add(
                    noticeOfError(tr("\"%1\" did not finish.").arg(title), code, message));
            });
    m_window->actions().restoreShortcuts(m_settings.data().shortcuts);
    m_window->statusLine().setDevice(m_jobs.device());
    m_window->restorePlace();
    tellSettingsState();
}

Workbench::~Workbench() = default;

void Workbench::start(const QString& toOpen)
{
    m_window->show();
    if (!toOpen.isEmpty()) {
        // After the first paint: the engine's start must not delay it.
        QMetaObject::invokeMethod(
            this, [this, toOpen] { m_opener.open(toOpen); }, Qt::QueuedConnection);
    }
}

void Workbench::applySettings()
{
    const SettingsData& data = m_settings.data();
    const QString theme = m_options.theme.value_or(data.theme);
    if (theme != m_shownTheme) { // a new palette repaints everything
        m_shownTheme = theme;
        ui::applyTheme(*qApp, ui::themeChoiceFrom(theme));
    }
    m_jobs.setDevice(m_options.device.value_or(data.device));
    m_jobs.setSeed(data.seed);
    if (m_window != nullptr) {
        m_window->statusLine().setDevice(m_jobs.device());
    }
}

void Workbench::tellSettingsState()
{
    NoticeBar& notices = m_window->notices();
    switch (m_settings.start()) {
    case Settings::Start::Ok:
        break;
    case Settings::Start::Damaged:
        notices.add({Notice::Kind::Warning,
                     tr("The settings could not be read; the defaults are used."),
                     m_settings.startReason(),
                     tr("The old file was kept as %1.damaged.").arg(m_settings.path())});
        break;
    case Settings::Start::Newer:
        notices.add({Notice::Kind::Warning,
                     tr("The settings were written by a later version of Bitloom."),
                     tr("What this version understands is used."),
                     tr("Changes of settings are not kept.")});
        break;
    case Settings::Start::Unreadable:
        notices.add(
            {Notice::Kind::Warning, tr("The settings could not be read; the defaults are used."),
             m_settings.startReason(),
             tr("Changes are not kept. Check the permissions of %1.").arg(m_settings.path())});
        break;
    }
    connect(&m_settings, &Settings::saveFailed, this, [this](const QString& message) {
        m_window->notices().add({Notice::Kind::Warning, tr("The settings could not be saved."),
                                 message, tr("They stay in force until you close the window.")});
    });
}

void Workbench::addFileActions()
{
    ActionRegistry& actions = m_window->actions();
    const QString menu = QStringLiteral("file");
    actions.add({QStringLiteral("file.open"), tr("&Open model..."),
                 tr("Open a TorchScript model, a PyTorch state dict or a packed model."),
                 QKeySequence::Open, QStringLiteral("open"), menu},
                [this] { chooseModelFile(); });
    actions.add({QStringLiteral("file.open_project"), tr("Open &project..."),
                 tr("Open a project folder (NAME.bitloom)."),
                 QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O), QStringLiteral("project"), menu},
                [this] { chooseProjectFolder(); });
    actions.add({QStringLiteral("file.close"),
                 tr("&Close model"),
                 tr("Close the model and go back to the welcome page."),
                 QKeySequence::Close,
                 {},
                 menu},
                [this] { m_guard->replace([this] { m_document.close(); }); });
    actions.add({QStringLiteral("file.quit"), tr("&Quit"), tr("Close the window."),
                 QKeySequence(Qt::CTRL | Qt::Key_Q), QStringLiteral("quit"), menu},
                [this] { m_window->close(); });
    const auto update = [this] {
        m_window->actions().setUnavailable(QStringLiteral("file.close"),
                                           m_document.isOpen() ? QString()
                                                               : tr("no model is open."));
    };
    connect(&m_document, &PlanDocument::modelChanged, this, update);
    update();
}

void Workbench::chooseModelFile()
{
    auto* dialog = new QFileDialog(m_window.get(), tr("Open model"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters(
        {tr("Models (*.pt *.pth *.tar *.h5 *.bin *.ckpt)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, &m_opener, &ModelOpener::open);
    dialog->open();
}

void Workbench::chooseProjectFolder()
{
    auto* dialog = new QFileDialog(m_window.get(), tr("Open project"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, &m_opener, &ModelOpener::open);
    dialog->open();
}

void Workbench::connectOpening()
{
    m_opener.setReplaceQuestion([this](const std::function<void()>& go) { m_guard->replace(go); });
    connect(m_welcome, &WelcomePage::openRequested, &m_opener, &ModelOpener::open);
    connect(m_window.get(), &MainWindow::filesDropped, this, [this](const QStringList& paths) {
        m_opener.open(paths.front());
        if (paths.size() > 1) {
            m_window->notices().add({Notice::Kind::Info,
                                     tr("Only the first of the dropped files is opened."),
                                     tr("A window shows one model.")});
        }
    });
    connect(&m_opener, &ModelOpener::started, this, [this](const QString& spec) {
        m_welcome->setBusy(tr("Opening %1...").arg(QFileInfo(spec).fileName()));
    });
    connect(&m_opener, &ModelOpener::ended, this, [this] { m_welcome->setBusy({}); });
    connect(&m_opener, &ModelOpener::opened, &m_recent, &RecentFiles::add);
    connect(&m_opener, &ModelOpener::failed, this,
            [this](const QString& spec, const QString& code, const QString& message) {
                m_window->notices().add(noticeOfError(
                    tr("%1 was not opened.").arg(QFileInfo(spec).fileName()), code, message));
            });
}

} // namespace bitloom::workbench
