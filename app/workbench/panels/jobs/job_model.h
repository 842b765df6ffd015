// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/job_center.h"
#include "app/workbench/panels/common/state_mark.h"

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace bitloom::workbench {

enum class JobColumn { Title, Status, Progress, Rate, Time, Actions };

/// The sign of a job's state, and the state as one word.
Mark markOf(JobState state);
QString stateName(JobState state);

/// What is told of a job in one line each.
QString statusText(const JobRow& row);
QString rateText(const JobRow& row); ///< "1,240 images/s"; a dash if not known
/// Time left of an active job, time taken of an ended one.
QString timeText(const JobRow& row);
/// Between 0 and 1; nullopt if not known or not running.
std::optional<double> fractionDone(const JobRow& row);

/// The jobs of the session, newest first. Tells only the cells whose text has changed. GUI thread
/// only.
class JobModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr int kColumns = 6;
    enum JobRole {
        MarkRole = Qt::UserRole + 500, ///< int of Mark
        FractionRole,                  ///< double, invalid if not known
        EndedRole,                     ///< bool
    };

    /// The center must outlive the model.
    explicit JobModel(const JobCenter& center, QObject* parent = nullptr);

    /// nullptr for an index that is not of this model.
    const JobRow* rowAt(const QModelIndex& index) const;
    /// Invalid for a job that is not listed.
    QModelIndex indexOf(JobId job) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    /// What was told to the views last.
    struct Shown {
        JobState state = JobState::Queued;
        QString status, rate, time;
        double fraction = -1;
    };
    static Shown shownOf(const JobRow& row);
    std::size_t centerRow(int row) const { return m_shown.size() - 1 - std::size_t(row); }
    void reset();
    void add();
    void update(int centerRow);

    const JobCenter& m_center;
    std::vector<Shown> m_shown; ///< as the rows of the center: oldest first
};

} // namespace bitloom::workbench
