// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QString>

#include <cstdint>
#include <vector>

namespace bitloom {
struct RunHistory;
}

namespace bitloom::workbench {

/// One thing that whoever watches a run should know, in the user's language.
struct RunWarningRow {
    std::int64_t step = 0; ///< at which it began
    QString subject;       ///< the weight or value; empty: the whole run
    QString sentence;      ///< what happened, and what it means or what to do
    bool operator==(const RunWarningRow&) const = default;
};

/// The warnings of the history of a run of a method (engine::runWarnings).
/// Cost: one pass over the history. Threads: any.
std::vector<RunWarningRow> runWarningRows(const QString& method, const RunHistory& history);

/// The warnings of a run by step. GUI thread only.
class RunWarningModel final : public QAbstractListModel {
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;

    /// A longer list that begins with the one before keeps position and selection.
    void setRows(std::vector<RunWarningRow> rows);
    const std::vector<RunWarningRow>& rows() const { return m_rows; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    std::vector<RunWarningRow> m_rows;
};

} // namespace bitloom::workbench
