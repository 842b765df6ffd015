// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/frame/panel_dock.h"

#include <QMainWindow>
#include <QObject>
#include <QStringList>

#include <optional>
#include <vector>

namespace bitloom::workbench {

class Settings;

/// Where the docks are: named arrangements, the last one, and the one that fits the screen.
///
/// States are QMainWindow's own with a version, so that one of another arrangement of panels is
/// refused rather than half applied. GUI thread only; files are the caller's business.
class Layouts final : public QObject {
    Q_OBJECT
public:
    /// Raised when docks are renamed or toolbars change.
    static constexpr int kStateVersion = 1;
    /// Below this height the bottom row is hidden, and a right column is one stack of tabs.
    static constexpr int kCompactHeight = 1000;
    /// From this width on the stacks of tabs are columns beside one another.
    static constexpr int kWideWidth = 1840;

    Layouts(QMainWindow& window, Settings& settings);

    void addDock(PanelDock* dock, Qt::DockWidgetArea area);

    QStringList names() const; ///< sorted
    void saveAs(const QString& name);
    /// False, and nothing has changed, if there is no such layout or it does not fit this version.
    bool apply(const QString& name);
    void remove(const QString& name);
    /// The arrangement that fits this size of the window.
    void reset(const QSize& size);

    /// A file's content: the layout with its name. Empty for an unknown name.
    QByteArray exported(const QString& name) const;
    /// Adds the layout of such a file and returns its name; empty and why not in reason otherwise.
    QString import(const QByteArray& file, QString* reason);

    QByteArray state() const;
    bool restore(const QByteArray& state);

    /// Hides all docks without changing what state() and the named layouts say, and brings them
    /// back.
    void setAllHidden(bool hidden);

Q_SIGNALS:
    void namesChanged();

private:
    struct Place {
        PanelDock* dock;
        Qt::DockWidgetArea area;
    };
    /// Gives the first dock of each stack.
    QList<QDockWidget*> arrange(Qt::DockWidgetArea area, bool oneStack, Qt::Orientation across);

    QMainWindow& m_window;
    Settings& m_settings;
    std::vector<Place> m_places;
    std::optional<QByteArray> m_whileHidden; ///< the state to come back to
};

} // namespace bitloom::workbench
