// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/panels/search/run_gates.h"

#include <QElapsedTimer>
#include <QTimer>

class QLabel;
class QListView;

namespace bitloom::workbench {

class RunWarningModel;

/// What whoever watches the run should know. Choosing a line shows its layer and its step.
class RunWarnings final : public RunPage {
    Q_OBJECT
public:
    /// Looking through a whole history takes longer than a frame may: once in this time.
    static constexpr int kIntervalMs = 1000;

    explicit RunWarnings(const RunParts& parts, QWidget* parent = nullptr);

    QList<ui::Picture> pictures() override { return {}; }
    /// For the tab's title; of the last look.
    int count() const;
    /// Looks now if the last look is long ago; also while the page is hidden.
    void look();

Q_SIGNALS:
    void countChanged(int count);

protected:
    void refresh() override;

private:
    void choose(int row);

    GateSites m_sites;
    RunWarningModel* m_model;
    QListView* m_list;
    QLabel* m_empty;
    const void* m_run = nullptr;
    QElapsedTimer m_lastLook;
    QTimer m_nextLook;
};

} // namespace bitloom::workbench
