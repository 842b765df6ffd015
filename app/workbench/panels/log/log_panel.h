// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/panels/log/log_model.h"
#include "core/types/event.h"
#include "widgets/views/panel.h"

class QComboBox;
class QLineEdit;
class QTreeView;

namespace bitloom::workbench {

class LogFilter;

/// What happened, line by line: the user's actions as the command lines that repeat them, what jobs
/// said, and the window's own notes. Follows the newest line only while it is in sight.
class LogPanel final : public ui::Panel {
    Q_OBJECT
public:
    explicit LogPanel(QWidget* parent = nullptr);
    ~LogPanel() override;

    void addCommand(const QString& commandLine);
    void add(LogLine::Level level, const QString& text);
    void addNote(const QString& sentence) { add(LogLine::Level::Info, sentence); }
    void clear();

    /// All commands in their order as a shell script that stops at the first failure; the versions
    /// that they ran with are a comment.
    QString script() const;
    QList<ui::Picture> pictures() const override;

protected:
    void refresh() override;

private:
    void push(LogEntry entry);
    bool isAtEnd() const;

    LogModel* m_model;
    LogFilter* m_filter;
    QTreeView* m_view;
    QComboBox* m_level;
    QLineEdit* m_search;
    QAction* m_copyScript;
    QAction* m_clear;
    QList<LogEntry> m_waiting; ///< until the next refresh, at most LogModel::kMaxLines
    bool m_hasCommands = false;
};

} // namespace bitloom::workbench
