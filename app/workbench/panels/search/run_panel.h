// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/panels/search/run_page.h"
#include "widgets/views/panel.h"

class QAction;
class QComboBox;
class QTabWidget;

namespace bitloom::workbench {

class RunFeed;
class RunHeader;
class RunTimeBar;
class RunWarnings;

/// A run of a search: as it goes on here or in another process, or as its file tells it. All views
/// show the same moment, which the bar at the lower edge chooses.
class RunPanel final : public ui::Panel {
    Q_OBJECT
public:
    /// start: leads to a first run from the empty panel; may be null.
    RunPanel(const RunParts& parts, RunFeed& feed, QAction* start, QWidget* parent = nullptr);

    QList<ui::Picture> pictures() const override;

protected:
    void refresh() override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void addPage(RunPage* page, const QString& title);
    void fillRuns();
    void updateFollow();

    RunParts m_parts;
    RunFeed& m_feed;
    QAction* m_start;
    QAction* m_follow;
    QComboBox* m_runs;
    RunHeader* m_header;
    QTabWidget* m_tabs;
    RunTimeBar* m_time;
    QList<RunPage*> m_pages;
    RunWarnings* m_warnings;
};

} // namespace bitloom::workbench
