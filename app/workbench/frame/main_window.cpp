// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/main_window.h"

#include "app/workbench/actions/action_registry.h"
#include "app/workbench/document/plan_document.h"
#include "app/workbench/frame/layouts.h"
#include "app/workbench/frame/menus.h"
#include "app/workbench/frame/notice_bar.h"
#include "app/workbench/frame/panel_dock.h"
#include "app/workbench/frame/panel_tabs.h"
#include "app/workbench/frame/status_line.h"
#include "app/workbench/settings/settings.h"
#include "widgets/util/icons.h"
#include "widgets/views/panel.h"

#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QGuiApplication>
#include <QMimeData>
#include <QScreen>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include <algorithm>

namespace bitloom::workbench {

namespace {
constexpr QSize kPreferredSize(1880, 990);
constexpr QSize kSmallestWindow(860, 560);

QStringList localFiles(const QMimeData* data)
{
    QStringList paths;
    const QList<QUrl> urls = data->urls();
    for (const QUrl& url : urls) {
        if (url.isLocalFile()) {
            paths << url.toLocalFile();
        }
    }
    return paths;
}
} // namespace

MainWindow::MainWindow(PlanDocument& document, JobCenter& jobs, Settings& settings, QWidget* parent)
    : QMainWindow(parent), m_document(document), m_settings(settings),
      m_actions(new ActionRegistry(this)), m_menus(new Menus(*this, *m_actions)),
      m_layouts(new Layouts(*this, settings)), m_notices(new NoticeBar(this)),
      m_statusLine(new StatusLine(document, jobs, this)), m_pages(new QStackedWidget(this)),
      m_editorPage(new QWidget(m_pages)), m_editorLayout(new QVBoxLayout(m_editorPage))
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowIcon(QIcon(QStringLiteral(":/icons/app.svg")));
    setMinimumSize(kSmallestWindow);
    setAcceptDrops(true);
    setDockNestingEnabled(true);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    // The bottom row lies under the right column only where it does not take its height.
    setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
    setStatusBar(m_statusLine);

    m_editorLayout->setContentsMargins(0, 0, 0, 0);
    m_editorLayout->setSpacing(0);
    m_pages->addWidget(m_editorPage);
    auto* centre = new QWidget(this);
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_notices);
    column->addWidget(m_pages, 1);
    setCentralWidget(centre);

    connect(&document, &PlanDocument::modelChanged, this, [this] {
        showFittingPage();
        updateTitle();
    });
    connect(&document.undoStack(), &QUndoStack::cleanChanged, this, &MainWindow::updateTitle);
    connect(m_statusLine, &StatusLine::jobClicked, this,
            [this] { showPanel(QStringLiteral("jobs")); });
    updateTitle();
}

MainWindow::~MainWindow() = default;

void MainWindow::setWelcomePage(QWidget* page)
{
    m_welcomePage = page;
    m_pages->addWidget(page);
    showFittingPage();
}

void MainWindow::showFittingPage()
{
    const bool welcome = !m_document.isOpen() && m_welcomePage != nullptr;
    m_pages->setCurrentWidget(welcome ? m_welcomePage : m_editorPage);
    m_layouts->setAllHidden(welcome); // there is nothing to show in them yet
}

void MainWindow::setEditor(QWidget* costStrip, QWidget* editor)
{
    if (costStrip != nullptr) {
        m_editorLayout->addWidget(costStrip);
    }
    m_editorLayout->addWidget(editor, 1);
}

PanelDock* MainWindow::addPanel(ui::Panel* panel, Qt::DockWidgetArea area, const QString& tabGroup)
{
    auto* dock = new PanelDock(panel, tabGroup, this);
    m_layouts->addDock(dock, area);
    m_docks.insert(panel->id(), dock);
    QAction* toggle = dock->toggleViewAction();
    toggle->setText(tr("%1 panel").arg(panel->title())); // in the palette it stands alone
    m_actions->adopt(toggle, {QStringLiteral("view.panel.") + panel->id(),
                              panel->title(),
                              tr("Show or hide the panel \"%1\".").arg(panel->title()),
                              {},
                              {},
                              QStringLiteral("view")});
    connect(toggle, &QAction::triggered, dock, [dock](bool shown) {
        if (shown) {
            dock->raise();
        }
    });
    return dock;
}

void MainWindow::showPanel(const QString& id)
{
    if (PanelDock* dock = m_docks.value(id)) {
        dock->show();
        dock->raise();
    }
}

void MainWindow::restorePlace()
{
    const SettingsData& remembered = m_settings.data();
    const QSize available =
        screen() == nullptr ? kPreferredSize : screen()->availableGeometry().size();
    if (!restoreGeometry(remembered.geometry)) {
        resize(kPreferredSize.boundedTo(available));
    }
    if (!m_layouts->restore(remembered.lastLayout)) {
        m_layouts->reset(size());
    }
}

void MainWindow::storePlace()
{
    m_settings.update([this](SettingsData& stored) {
        stored.geometry = saveGeometry();
        stored.lastLayout = m_layouts->state();
    });
}

void MainWindow::setProjectName(const QString& name)
{
    m_projectName = name;
    updateTitle();
}

void MainWindow::updateTitle()
{
    if (!m_document.isOpen()) {
        setWindowTitle(QStringLiteral("Bitloom"));
        setWindowModified(false);
        return;
    }
    const QString model = QString::fromStdString(m_document.model()->name);
    const QString name = m_projectName.isEmpty() || m_projectName == model
                             ? model
                             : tr("%1 (%2)").arg(m_projectName, model);
    setWindowTitle(QStringLiteral("%1[*] - Bitloom").arg(name));
    setWindowModified(!m_document.undoStack().isClean());
}

void MainWindow::acceptClose()
{
    m_mayClose = true;
    if (!m_askingToClose) { // else the answer came at once: the event that asked goes on
        close();
    }
}

void MainWindow::childEvent(QChildEvent* event)
{
    if (event->type() == QEvent::ChildPolished) {
        if (auto* tabs = qobject_cast<QTabBar*>(event->child())) {
            new PanelTabs(*tabs, [this](const QString& title) {
                const auto found =
                    std::find_if(m_docks.cbegin(), m_docks.cend(), [&title](const PanelDock* dock) {
                        return dock->windowTitle() == title;
                    });
                return found == m_docks.cend() ? QIcon() : ui::icon(found.key());
            });
        }
    }
    QMainWindow::childEvent(event);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!m_mayClose) {
        m_askingToClose = true;
        Q_EMIT closeRequested();
        m_askingToClose = false;
    }
    event->setAccepted(m_mayClose);
    if (m_mayClose) {
        storePlace();
    }
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (!localFiles(event->mimeData()).isEmpty()) {
        event->acceptProposedAction();
    }
}

void MainWindow::dropEvent(QDropEvent* event)
{
    const QStringList paths = localFiles(event->mimeData());
    if (!paths.isEmpty()) {
        event->acceptProposedAction();
        Q_EMIT filesDropped(paths);
    }
}

} // namespace bitloom::workbench
