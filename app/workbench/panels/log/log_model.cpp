// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/log/log_model.h"

#include "app/workbench/panels/common/table_style.h"
#include "widgets/models/roles.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace bitloom::workbench {

namespace {
/// What this file says; lupdate does not find the context of a function of one's own.
struct LogWords {
    Q_DECLARE_TR_FUNCTIONS(LogModel)
};
} // namespace

QString levelName(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
        return LogWords::tr("detail");
    case LogLevel::Info:
        return LogWords::tr("note");
    case LogLevel::Warning:
        return LogWords::tr("warning");
    case LogLevel::Error:
        return LogWords::tr("error");
    case LogLevel::Command:
        return LogWords::tr("command");
    }
    return {};
}

Mark markOf(LogLevel level)
{
    switch (level) {
    case LogLevel::Warning:
        return Mark::Warning;
    case LogLevel::Error:
        return Mark::Failed;
    case LogLevel::Command:
        return Mark::Command;
    case LogLevel::Debug:
    case LogLevel::Info:
        break;
    }
    return Mark::None;
}

LogModel::LogModel(QObject* parent) : QAbstractTableModel(parent), m_fixedFont(fixedFont())
{
}

void LogModel::append(const QList<LogEntry>& entries)
{
    const auto added = std::min<qsizetype>(entries.size(), kMaxLines);
    if (added == 0) {
        return;
    }
    const int surplus = static_cast<int>(
        std::max<qsizetype>(0, static_cast<qsizetype>(m_entries.size()) + added - kMaxLines));
    if (surplus > 0) {
        beginRemoveRows({}, 0, surplus - 1);
        m_entries.erase(m_entries.begin(), m_entries.begin() + surplus);
        endRemoveRows();
    }
    const int first = static_cast<int>(m_entries.size());
    beginInsertRows({}, first, first + static_cast<int>(added) - 1);
    m_entries.insert(m_entries.end(), entries.end() - added, entries.end());
    endInsertRows();
}

void LogModel::clear()
{
    beginResetModel();
    m_entries.clear();
    endResetModel();
}

int LogModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int LogModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QVariant LogModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.model() != this || index.row() >= rowCount()) {
        return {};
    }
    const LogEntry& entry = m_entries[static_cast<std::size_t>(index.row())];
    const auto column = static_cast<LogColumn>(index.column());
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case LogColumn::Time:
            return QLocale().toString(entry.time.time(), QStringLiteral("HH:mm:ss"));
        case LogColumn::Level:
            return levelName(entry.level);
        case LogColumn::Text:
            return entry.text;
        }
        return {};
    case Qt::ToolTipRole:
        return column == LogColumn::Time
                   ? QLocale().toString(entry.time, QLocale::LongFormat)
                   : (column == LogColumn::Text ? QVariant(entry.text) : QVariant());
    case Qt::FontRole:
        return column == LogColumn::Text && entry.level == LogLevel::Command ? QVariant(m_fixedFont)
                                                                             : QVariant();
    case ui::RawTextRole:
        return column == LogColumn::Time ? QVariant(entry.time.toString(Qt::ISODateWithMs))
                                         : QVariant();
    case LevelRole:
        return static_cast<int>(entry.level);
    case MarkRole:
        return column == LogColumn::Level ? QVariant(static_cast<int>(markOf(entry.level)))
                                          : QVariant();
    default:
        return {};
    }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kColumns) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (static_cast<LogColumn>(section)) {
    case LogColumn::Time:
        return LogWords::tr("Time");
    case LogColumn::Level:
        return LogWords::tr("Level");
    case LogColumn::Text:
        return LogWords::tr("Text");
    }
    return {};
}

} // namespace bitloom::workbench
