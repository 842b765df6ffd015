// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/jobs/job_model.h"

#include "widgets/models/roles.h"
#include "widgets/util/formatting.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace bitloom::workbench {

namespace {
/// What this file says; lupdate does not find the context of a function of one's own.
struct JobWords {
    Q_DECLARE_TR_FUNCTIONS(JobModel)
};

QString phaseOf(const JobRow& row)
{
    if (!row.progress || row.progress->phase.empty()) {
        return JobWords::tr("running");
    }
    return QString::fromStdString(row.progress->phase);
}
} // namespace

Mark markOf(JobState state)
{
    switch (state) {
    case JobState::Queued:
        return Mark::Waiting;
    case JobState::Running:
        return Mark::Running;
    case JobState::Paused:
        return Mark::Paused;
    case JobState::Stopping:
    case JobState::Cancelled:
        return Mark::Stopped;
    case JobState::Finished:
        return Mark::Done;
    case JobState::Failed:
        return Mark::Failed;
    }
    return Mark::None;
}

QString stateName(JobState state)
{
    switch (state) {
    case JobState::Queued:
        return JobWords::tr("waiting");
    case JobState::Running:
        return JobWords::tr("running");
    case JobState::Paused:
        return JobWords::tr("paused");
    case JobState::Stopping:
        return JobWords::tr("stopping");
    case JobState::Finished:
        return JobWords::tr("finished");
    case JobState::Failed:
        return JobWords::tr("failed");
    case JobState::Cancelled:
        return JobWords::tr("cancelled");
    }
    return {};
}

QString statusText(const JobRow& row)
{
    switch (row.state) {
    case JobState::Running:
        return phaseOf(row);
    case JobState::Paused:
        return JobWords::tr("paused: %1").arg(phaseOf(row));
    case JobState::Finished:
    case JobState::Failed:
        return row.outcome.isEmpty() ? stateName(row.state) : row.outcome;
    case JobState::Queued:
    case JobState::Stopping:
    case JobState::Cancelled:
        break;
    }
    return stateName(row.state);
}

QString rateText(const JobRow& row)
{
    if (row.state != JobState::Running || !row.progress || row.progress->ratePerSecond <= 0) {
        return row.isActive() ? ui::notKnown() : QString();
    }
    const double rate = row.progress->ratePerSecond;
    const QString number = rate >= 999.5 ? ui::formatCount(static_cast<std::int64_t>(rate))
                                         : ui::formatSignificant(rate);
    const QString unit = QString::fromStdString(row.progress->unit);
    return unit.isEmpty() ? JobWords::tr("%1 per second").arg(number)
                          : QStringLiteral("%1 %2/s").arg(number, unit);
}

QString timeText(const JobRow& row)
{
    if (row.isActive()) {
        if (row.state == JobState::Running && row.progress && row.progress->etaSeconds) {
            return JobWords::tr("%1 left").arg(ui::formatDuration(*row.progress->etaSeconds));
        }
        return ui::notKnown();
    }
    if (!row.started.isValid() || !row.ended.isValid()) {
        return ui::notKnown();
    }
    return ui::formatDuration(static_cast<double>(row.started.msecsTo(row.ended)) / 1000.0);
}

std::optional<double> fractionDone(const JobRow& row)
{
    if (!row.isActive() || !row.progress || row.progress->total <= 0) {
        return std::nullopt;
    }
    return std::clamp(static_cast<double>(row.progress->done) /
                          static_cast<double>(row.progress->total),
                      0.0, 1.0);
}

JobModel::JobModel(const JobCenter& center, QObject* parent)
    : QAbstractTableModel(parent), m_center(center)
{
    reset();
    connect(&center, &JobCenter::rowsReset, this, &JobModel::reset);
    connect(&center, &JobCenter::rowAdded, this, &JobModel::add);
    connect(&center, &JobCenter::rowChanged, this, &JobModel::update);
}

JobModel::Shown JobModel::shownOf(const JobRow& row)
{
    return {row.state, statusText(row), rateText(row), timeText(row),
            fractionDone(row).value_or(-1)};
}

void JobModel::reset()
{
    beginResetModel();
    m_shown.clear();
    for (const JobRow& row : m_center.rows()) {
        m_shown.push_back(shownOf(row));
    }
    endResetModel();
}

void JobModel::add()
{
    beginInsertRows({}, 0, 0);
    m_shown.push_back(shownOf(m_center.rows().back()));
    endInsertRows();
}

void JobModel::update(int centerRow)
{
    const auto position = static_cast<std::size_t>(centerRow);
    if (position >= m_shown.size()) {
        return;
    }
    const Shown before = std::exchange(m_shown[position], shownOf(m_center.rows()[position]));
    const Shown& now = m_shown[position];
    const int row = static_cast<int>(m_shown.size() - 1 - position);
    const auto tell = [&](JobColumn column) {
        const QModelIndex cell = index(row, static_cast<int>(column));
        Q_EMIT dataChanged(cell, cell);
    };
    if (before.state != now.state) {
        Q_EMIT dataChanged(index(row, 0), index(row, kColumns - 1));
        return;
    }
    if (before.status != now.status) {
        tell(JobColumn::Status);
    }
    if (before.fraction != now.fraction) {
        tell(JobColumn::Progress);
    }
    if (before.rate != now.rate) {
        tell(JobColumn::Rate);
    }
    if (before.time != now.time) {
        tell(JobColumn::Time);
    }
}

const JobRow* JobModel::rowAt(const QModelIndex& index) const
{
    if (!index.isValid() || index.model() != this || index.row() >= rowCount()) {
        return nullptr;
    }
    const std::size_t position = centerRow(index.row());
    return position < m_center.rows().size() ? &m_center.rows()[position] : nullptr;
}

QModelIndex JobModel::indexOf(JobId job) const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (m_center.rows()[centerRow(row)].id == job) {
            return index(row, 0);
        }
    }
    return {};
}

int JobModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int JobModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QVariant JobModel::data(const QModelIndex& index, int role) const
{
    const JobRow* row = rowAt(index);
    if (row == nullptr) {
        return {};
    }
    const auto column = static_cast<JobColumn>(index.column());
    const Shown& shown = m_shown[centerRow(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case JobColumn::Title:
            return row->title;
        case JobColumn::Status:
            return shown.status;
        case JobColumn::Progress:
            return shown.fraction < 0 ? QVariant()
                                      : QVariant(ui::formatPercent(100 * shown.fraction));
        case JobColumn::Rate:
            return shown.rate;
        case JobColumn::Time:
            return shown.time;
        case JobColumn::Actions:
            break;
        }
        return {};
    case Qt::ToolTipRole:
        if (column == JobColumn::Title) {
            return QStringLiteral("%1\n%2").arg(row->commandLine, row->device);
        }
        if (column == JobColumn::Progress && row->progress && row->progress->total > 0) {
            return JobWords::tr("%1 of %2 %3")
                .arg(ui::formatExact(row->progress->done), ui::formatExact(row->progress->total),
                     QString::fromStdString(row->progress->unit));
        }
        return column == JobColumn::Status ? QVariant(shown.status) : QVariant();
    case Qt::AccessibleTextRole:
        return column == JobColumn::Status
                   ? QStringLiteral("%1: %2").arg(stateName(row->state), shown.status)
                   : data(index, Qt::DisplayRole).toString();
    case Qt::TextAlignmentRole:
        return column == JobColumn::Rate || column == JobColumn::Time
                   ? QVariant(int(Qt::AlignRight | Qt::AlignVCenter))
                   : QVariant();
    case MarkRole:
        return column == JobColumn::Status ? QVariant(static_cast<int>(markOf(row->state)))
                                           : QVariant();
    case EndedRole:
        return !row->isActive();
    case FractionRole:
        return column == JobColumn::Progress && shown.fraction >= 0 ? QVariant(shown.fraction)
                                                                    : QVariant();
    default:
        return {};
    }
}

QVariant JobModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kColumns) {
        return {};
    }
    const auto column = static_cast<JobColumn>(section);
    if (role == Qt::TextAlignmentRole) {
        const bool right = column == JobColumn::Rate || column == JobColumn::Time;
        return int((right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (column) {
    case JobColumn::Title:
        return JobWords::tr("Job");
    case JobColumn::Status:
        return JobWords::tr("Status");
    case JobColumn::Progress:
        return JobWords::tr("Progress");
    case JobColumn::Rate:
        return JobWords::tr("Rate");
    case JobColumn::Time:
        return JobWords::tr("Time");
    case JobColumn::Actions:
        break;
    }
    return QString();
}

} // namespace bitloom::workbench
