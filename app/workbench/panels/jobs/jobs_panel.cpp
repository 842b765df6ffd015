// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/jobs/jobs_panel.h"

#include "app/workbench/panels/common/table_style.h"
#include "app/workbench/panels/jobs/job_buttons.h"
#include "app/workbench/panels/jobs/job_delegate.h"
#include "app/workbench/panels/jobs/job_model.h"
#include "app/workbench/panels/jobs/process_memory.h"
#include "widgets/util/formatting.h"
#include "widgets/util/icons.h"
#include "widgets/views/table_columns.h"
#include "widgets/views/table_picture.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QSplitter>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>

namespace bitloom::workbench {

JobsPanel::JobsPanel(JobCenter& center, QWidget* parent)
    : Panel(QStringLiteral("jobs"), tr("Jobs"), parent), m_center(center),
      m_model(new JobModel(center, this)), m_view(new QTreeView), m_splitter(new QSplitter),
      m_memory(new QLabel)
{
    setWhatsThis(tr("What runs and what has run, newest first. Space pauses and goes on, Delete "
                    "cancels, L opens the log, Return shows the result."));
    m_memory->setForegroundRole(QPalette::PlaceholderText);
    m_memory->setToolTip(tr("Memory that the whole program occupies now."));
    addTitleWidget(m_memory);
    m_clear =
        addTitleAction(tr("Clear ended"), tr("Remove the jobs that have ended from the list."),
                       ui::icon(QStringLiteral("remove")));
    connect(m_clear, &QAction::triggered, this, [this] { m_center.removeEnded(); });

    setUpTable(*m_view, tr("Jobs"));
    m_view->setItemDelegate(new JobDelegate(m_view));
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setModel(m_model);
    QHeaderView* header = m_view->header();
    header->setStretchLastSection(false);
    const QFontMetrics metrics = m_view->fontMetrics();
    const auto width = [&](JobColumn column, int characters) {
        header->resizeSection(static_cast<int>(column), metrics.averageCharWidth() * characters);
    };
    width(JobColumn::Title, 24);
    width(JobColumn::Progress, 24);
    width(JobColumn::Rate, 26);
    width(JobColumn::Time, 18);
    header->setSectionResizeMode(static_cast<int>(JobColumn::Status), QHeaderView::Stretch);
    header->setSectionResizeMode(static_cast<int>(JobColumn::Actions), QHeaderView::Fixed);
    header->resizeSection(static_cast<int>(JobColumn::Actions),
                          JobButtons::widthFor(metrics.height()));
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->viewport()->installEventFilter(this);
    addRowActions();

    m_splitter->setHandleWidth(5);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_view);
    m_splitter->addWidget(makeLogPane());
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_logPane->hide();
    setContent(m_splitter);

    m_memoryTimer.setInterval(kMemoryMs);
    connect(&m_memoryTimer, &QTimer::timeout, this, &JobsPanel::updateMemory);
    connect(m_model, &QAbstractItemModel::rowsInserted, this, [this] { markDirty(); });
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] {
        m_buttons.clear(); // the view deletes them with its rows
        markDirty();
    });
    connect(&center, &JobCenter::rowChanged, this, [this] { markDirty(); });
    connect(&center, &JobCenter::logged, this, [this] { markDirty(); });
    refresh();
}

JobsPanel::~JobsPanel() = default;

bool JobsPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_view->viewport() && event->type() == QEvent::Resize) {
        // A narrow list gives up what can be done without: the rate, then the bar.
        const int characters = m_view->viewport()->width() / fontMetrics().averageCharWidth();
        ui::setYielded(*m_view, static_cast<int>(JobColumn::Rate), characters < 108);
        ui::setYielded(*m_view, static_cast<int>(JobColumn::Progress), characters < 80);
    }
    return Panel::eventFilter(watched, event);
}

QWidget* JobsPanel::makeLogPane()
{
    m_logPane = new QWidget;
    m_logTitle = new QLabel;
    m_logTitle->setTextFormat(Qt::PlainText);
    m_logText = new QPlainTextEdit;
    m_logText->setReadOnly(true);
    m_logText->setFrameShape(QFrame::NoFrame);
    m_logText->setFont(fixedFont());
    m_logText->setAccessibleName(tr("Log of the job"));
    m_logText->setAccessibleDescription(tr("The job's command line and its messages."));
    auto* close = new QToolButton;
    close->setText(tr("Close"));
    close->setIcon(ui::icon(QStringLiteral("close")));
    close->setAutoRaise(true);
    close->setToolTip(tr("Close this job's log."));
    close->setAccessibleName(tr("Close the job's log"));
    connect(close, &QToolButton::clicked, this, [this] {
        m_logJob = 0;
        m_logPane->hide();
    });
    auto* line = new QHBoxLayout;
    line->setContentsMargins(8, 0, 4, 0);
    line->addWidget(m_logTitle, 1);
    line->addWidget(close);
    auto* layout = new QVBoxLayout(m_logPane);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(line);
    layout->addWidget(m_logText, 1);
    return m_logPane;
}

void JobsPanel::addRowActions()
{
    const auto add = [this](const QString& text, const QKeySequence& shortcut, auto handler) {
        auto* action = new QAction(text, m_view);
        action->setShortcut(shortcut);
        action->setShortcutContext(Qt::WidgetShortcut);
        connect(action, &QAction::triggered, this, [this, handler] {
            if (const JobId job = currentJob(); job != 0) {
                handler(job);
            }
        });
        m_view->addAction(action);
    };
    add(tr("Pause or go on"), Qt::Key_Space, [this](JobId job) { togglePause(job); });
    add(tr("Cancel"), QKeySequence::Delete, [this](JobId job) { m_center.cancel(job); });
    add(tr("Open log"), Qt::Key_L, [this](JobId job) { showLog(job); });
    add(tr("Show result"), Qt::Key_Return, [this](JobId job) {
        if (const JobRow* row = m_center.row(job); row->hasResult()) {
            Q_EMIT resultRequested(row->resultPanel);
        }
    });
}

JobId JobsPanel::currentJob() const
{
    const JobRow* row = m_model->rowAt(m_view->currentIndex());
    return row == nullptr ? 0 : row->id;
}

void JobsPanel::togglePause(JobId job)
{
    const JobRow* row = m_center.row(job);
    if (row == nullptr) {
        return;
    }
    if (row->state == JobState::Paused) {
        m_center.resume(job);
    } else {
        m_center.pause(job);
    }
}

void JobsPanel::showLog(JobId job)
{
    if (m_center.row(job) == nullptr) {
        return;
    }
    m_logJob = job;
    m_logText->clear();
    m_logPane->show();
    updateLog();
}

void JobsPanel::refresh()
{
    const bool any = !m_center.rows().empty();
    const bool anyEnded = std::any_of(m_center.rows().begin(), m_center.rows().end(),
                                      [](const JobRow& row) { return !row.isActive(); });
    m_clear->setEnabled(anyEnded);
    m_clear->setToolTip(anyEnded ? tr("Remove the jobs that have ended from the list.")
                                 : tr("No job has ended yet."));
    if (!any) {
        showEmpty(tr("Jobs that you start, such as evaluating, measuring sensitivity and "
                     "exporting, run in the background and are listed here."));
    } else {
        showContent();
        placeButtons();
    }
    updateLog();
}

void JobsPanel::placeButtons()
{
    for (const JobRow& row : m_center.rows()) {
        JobButtons*& buttons = m_buttons[row.id];
        if (buttons == nullptr) {
            buttons = new JobButtons;
            const JobId job = row.id;
            connect(buttons, &JobButtons::pauseToggled, this, [this, job] { togglePause(job); });
            connect(buttons, &JobButtons::cancelled, this, [this, job] { m_center.cancel(job); });
            connect(buttons, &JobButtons::logOpened, this, [this, job] { showLog(job); });
            connect(buttons, &JobButtons::resultOpened, this, [this, job] {
                if (const JobRow* finished = m_center.row(job)) {
                    Q_EMIT resultRequested(finished->resultPanel);
                }
            });
            m_view->setIndexWidget(
                m_model->indexOf(job).siblingAtColumn(static_cast<int>(JobColumn::Actions)),
                buttons);
        }
        buttons->follow(row);
    }
}

void JobsPanel::updateMemory()
{
    const auto bytes = residentBytes();
    m_memory->setText(bytes ? tr("Memory %1").arg(ui::formatBytes(*bytes)) : QString());
    m_memory->setAccessibleName(m_memory->text());
}

void JobsPanel::updateLog()
{
    const JobRow* row = m_center.row(m_logJob);
    if (row == nullptr) {
        m_logJob = 0;
        m_logPane->hide();
        return;
    }
    m_logTitle->setText(tr("Log of %1").arg(row->title));
    QStringList lines{u'$' + QStringLiteral(" ") + row->commandLine};
    lines += row->log;
    if (!row->isActive()) {
        lines << statusText(*row);
    }
    const QString text = lines.join(u'\n');
    if (text == m_logText->toPlainText()) {
        return;
    }
    QScrollBar* bar = m_logText->verticalScrollBar();
    const bool atEnd = bar->value() == bar->maximum();
    const int before = bar->value();
    m_logText->setPlainText(text);
    bar->setValue(atEnd ? bar->maximum() : before);
}

void JobsPanel::showEvent(QShowEvent* event)
{
    updateMemory();
    m_memoryTimer.start();
    Panel::showEvent(event);
}

void JobsPanel::hideEvent(QHideEvent* event)
{
    m_memoryTimer.stop();
    Panel::hideEvent(event);
}

QList<ui::Picture> JobsPanel::pictures() const
{
    if (m_center.rows().empty()) {
        return {};
    }
    return {ui::tablePicture(QStringLiteral("jobs"), *m_view)};
}

} // namespace bitloom::workbench
