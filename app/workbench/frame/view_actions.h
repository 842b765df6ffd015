// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QMenu;

namespace bitloom::workbench {

class MainWindow;
class Settings;

/// The View menu beside the panels: layouts (save, apply, remove, reset, export, import), theme,
/// full screen.
class ViewActions final : public QObject {
    Q_OBJECT
public:
    ViewActions(MainWindow& window, Settings& settings);

private:
    void addLayoutActions();
    void addThemeActions();
    void fillLayoutMenu();
    void askForName();
    void exportLayout(const QString& name);
    void importLayout();

    MainWindow& m_window;
    Settings& m_settings;
    QMenu* m_layouts;
};

} // namespace bitloom::workbench
