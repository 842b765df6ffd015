// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDockWidget>

namespace bitloom::ui {
class Panel;
}

namespace bitloom::workbench {

/// A panel in a dock: the panel's own title line is the dock's, with a button that hides it. Docks
/// can be moved and closed but do not float: re-docking a floating one fails under Wayland before
/// Qt 6.6.
class PanelDock final : public QDockWidget {
    Q_OBJECT
public:
    /// The window's state finds the dock by its object name, "dock." and the panel's id.
    PanelDock(ui::Panel* panel, const QString& tabGroup, QWidget* parent);

    ui::Panel* panel() const { return m_panel; }
    QString tabGroup() const { return m_tabGroup; } ///< panels of one group share a place as tabs
    /// Hides it, and layouts begin without it: it is there only while there is something to show.
    void setOnDemand()
    {
        m_isOnDemand = true;
        hide();
    }
    bool isOnDemand() const { return m_isOnDemand; }

Q_SIGNALS:
    /// The user wants what the panel shows as a file.
    void pictureRequested();

private:
    ui::Panel* m_panel;
    QString m_tabGroup;
    bool m_isOnDemand = false;
};

} // namespace bitloom::workbench
