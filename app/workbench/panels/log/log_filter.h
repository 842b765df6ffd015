// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/panels/log/log_model.h"

#include <QSortFilterProxyModel>

namespace bitloom::workbench {

/// Lines of at least a level that hold a text, in any case.
class LogFilter final : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit LogFilter(LogModel& model, QObject* parent = nullptr);

    /// Command: commands alone.
    void setLevel(LogLevel lowest);
    void setText(const QString& text);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    LogModel& m_model;
    LogLevel m_level = LogLevel::Info;
    QString m_text;
};

} // namespace bitloom::workbench
