// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/panels/common/state_mark.h"

#include <QAbstractTableModel>
#include <QDateTime>
#include <QFont>
#include <QList>

#include <deque>

namespace bitloom::workbench {

/// Ascending in importance; a command is what the user did, and always shown.
enum class LogLevel { Debug, Info, Warning, Error, Command };

struct LogEntry {
    QDateTime time;
    LogLevel level = LogLevel::Info;
    QString text; ///< may hold several lines
};

QString levelName(LogLevel level);
Mark markOf(LogLevel level);

enum class LogColumn { Time, Level, Text };

/// The newest lines of the log, oldest first; older ones drop out. GUI thread only.
class LogModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr int kMaxLines = 10000;
    static constexpr int kColumns = 3;
    enum LogRole {
        LevelRole = Qt::UserRole + 500, ///< int of LogLevel
        MarkRole,                       ///< int of Mark, level column
    };

    explicit LogModel(QObject* parent = nullptr);

    /// Many at once are as cheap as one.
    void append(const QList<LogEntry>& entries);
    void clear();
    const LogEntry& entry(int row) const { return m_entries.at(static_cast<std::size_t>(row)); }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    std::deque<LogEntry> m_entries;
    QFont m_fixedFont;
};

} // namespace bitloom::workbench
