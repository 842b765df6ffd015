// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/log/log_panel.h"

#include "app/workbench/panels/common/table_style.h"
#include "app/workbench/panels/log/log_delegate.h"
#include "app/workbench/panels/log/log_filter.h"
#include "core/engine/versions.h"
#include "widgets/util/icons.h"
#include "widgets/views/table_picture.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QTreeView>

#include <algorithm>

namespace bitloom::workbench {

namespace {
LogLevel levelOf(LogLine::Level level)
{
    switch (level) {
    case LogLine::Level::Debug:
        return LogLevel::Debug;
    case LogLine::Level::Info:
        return LogLevel::Info;
    case LogLine::Level::Warning:
        return LogLevel::Warning;
    case LogLine::Level::Error:
        break;
    }
    return LogLevel::Error;
}
} // namespace

LogPanel::LogPanel(QWidget* parent)
    : Panel(QStringLiteral("log"), tr("Log"), parent), m_model(new LogModel(this)),
      m_filter(new LogFilter(*m_model, this)), m_view(new QTreeView), m_level(new QComboBox),
      m_search(new QLineEdit)
{
    setWhatsThis(tr("Each action as the command line that repeats it without the window, and the "
                    "messages of the jobs."));
    m_level->addItem(tr("Everything"), static_cast<int>(LogLevel::Debug));
    m_level->addItem(tr("Notes and more"), static_cast<int>(LogLevel::Info));
    m_level->addItem(tr("Warnings and more"), static_cast<int>(LogLevel::Warning));
    m_level->addItem(tr("Commands"), static_cast<int>(LogLevel::Command));
    m_level->setCurrentIndex(1);
    m_level->setAccessibleName(tr("Level"));
    m_level->setToolTip(tr("Show only lines of this level and above."));
    m_search->setPlaceholderText(tr("Filter"));
    m_search->setAccessibleName(tr("Filter the log by text"));
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumWidth(8 * fontMetrics().averageCharWidth());
    m_search->setMaximumWidth(30 * fontMetrics().averageCharWidth());
    addTitleWidget(m_level);
    addTitleWidget(m_search);
    m_copyScript = addTitleAction(tr("Copy commands"),
                                  tr("Copy all commands as a shell script that repeats them."),
                                  ui::icon(QStringLiteral("copy")));
    m_clear =
        addTitleAction(tr("Clear"), tr("Remove all lines."), ui::icon(QStringLiteral("remove")));

    setUpTable(*m_view, tr("Log"));
    m_view->setItemDelegate(new LogDelegate(m_view));
    m_view->setModel(m_filter);
    QHeaderView* header = m_view->header();
    header->resizeSection(0, 11 * fontMetrics().averageCharWidth());
    header->resizeSection(1, 14 * fontMetrics().averageCharWidth());
    header->hide(); // the three columns explain themselves
    setContent(m_view);

    connect(m_level, &QComboBox::currentIndexChanged, this, [this] {
        m_filter->setLevel(static_cast<LogLevel>(m_level->currentData().toInt()));
        m_view->scrollToBottom();
    });
    connect(m_search, &QLineEdit::textChanged, m_filter, &LogFilter::setText);
    connect(m_copyScript, &QAction::triggered, this, [this] {
        flushRefresh();
        QGuiApplication::clipboard()->setText(script());
    });
    connect(m_clear, &QAction::triggered, this, &LogPanel::clear);
    refresh();
}

LogPanel::~LogPanel() = default;

void LogPanel::addCommand(const QString& commandLine)
{
    m_hasCommands = true;
    push({QDateTime::currentDateTime(), LogLevel::Command, commandLine});
}

void LogPanel::add(LogLine::Level level, const QString& text)
{
    push({QDateTime::currentDateTime(), levelOf(level), text});
}

void LogPanel::push(LogEntry entry)
{
    if (m_waiting.size() >= 2 * LogModel::kMaxLines) {
        m_waiting.erase(m_waiting.begin(), m_waiting.end() - LogModel::kMaxLines);
    }
    m_waiting.push_back(std::move(entry));
    markDirty();
}

void LogPanel::clear()
{
    m_waiting.clear();
    m_hasCommands = false;
    m_model->clear();
    markDirty();
}

bool LogPanel::isAtEnd() const
{
    const QScrollBar* bar = m_view->verticalScrollBar();
    return bar->value() >= bar->maximum();
}

void LogPanel::refresh()
{
    const bool follow = isAtEnd();
    m_model->append(m_waiting);
    m_waiting.clear();
    const bool any = m_model->rowCount() > 0;
    m_copyScript->setEnabled(m_hasCommands);
    m_copyScript->setToolTip(m_hasCommands
                                 ? tr("Copy all commands as a shell script that repeats them.")
                                 : tr("No command was run yet."));
    m_clear->setEnabled(any);
    if (!any) {
        showEmpty(tr("What you do appears here as command lines that repeat it, with the messages "
                     "of the jobs."));
        return;
    }
    showContent();
    if (follow) {
        m_view->scrollToBottom();
    }
}

QString LogPanel::script() const
{
    QString text = QStringLiteral("#!/bin/sh\n");
    text += QStringLiteral("# ") + QString::fromStdString(engine::libraryVersions()) + u'\n';
    text += QStringLiteral("set -e\n");
    const auto addCommands = [&text](const LogEntry& entry) {
        if (entry.level == LogLevel::Command) {
            text += entry.text + u'\n';
        }
    };
    for (int row = 0; row < m_model->rowCount(); ++row) {
        addCommands(m_model->entry(row));
    }
    std::for_each(m_waiting.begin(), m_waiting.end(), addCommands);
    return text;
}

QList<ui::Picture> LogPanel::pictures() const
{
    if (m_model->rowCount() == 0) {
        return {};
    }
    return {ui::tablePicture(QStringLiteral("log"), *m_view)};
}

} // namespace bitloom::workbench
