// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/log/log_filter.h"

namespace bitloom::workbench {

LogFilter::LogFilter(LogModel& model, QObject* parent)
    : QSortFilterProxyModel(parent), m_model(model)
{
    setSourceModel(&model);
}

void LogFilter::setLevel(LogLevel lowest)
{
    m_level = lowest;
    invalidateRowsFilter();
}

void LogFilter::setText(const QString& text)
{
    m_text = text.trimmed();
    invalidateRowsFilter();
}

bool LogFilter::filterAcceptsRow(int row, const QModelIndex&) const
{
    const LogEntry& entry = m_model.entry(row);
    return entry.level >= m_level &&
           (m_text.isEmpty() || entry.text.contains(m_text, Qt::CaseInsensitive));
}

} // namespace bitloom::workbench
