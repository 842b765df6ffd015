// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/jobs/job_center.h"

#include <QWidget>

class QToolButton;

namespace bitloom::workbench {

/// The buttons at the end of a job's line: pause and cancel while it runs, its result afterwards,
/// its log always. Each says the job's name to a screen reader, and why it cannot be used.
class JobButtons final : public QWidget {
    Q_OBJECT
public:
    explicit JobButtons(QWidget* parent = nullptr);

    static int widthFor(int fontHeight);
    void follow(const JobRow& row);

Q_SIGNALS:
    void pauseToggled();
    void cancelled();
    void logOpened();
    void resultOpened();

private:
    QToolButton* makeButton(const QString& icon);

    QToolButton* m_pause;
    QToolButton* m_cancel;
    QToolButton* m_log;
    QToolButton* m_result;
    bool m_paused = false;
};

} // namespace bitloom::workbench
