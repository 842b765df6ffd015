// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QMainWindow>

class QStackedWidget;
class QVBoxLayout;

namespace bitloom::ui {
class Panel;
}

namespace bitloom::workbench {

class ActionRegistry;
class JobCenter;
class Layouts;
class Menus;
class NoticeBar;
class PanelDock;
class PlanDocument;
class RecentFiles;
class Settings;
class StatusLine;
class WelcomePage;

/// The window: toolbar, centre, docks, status line. It arranges what others made and knows neither
/// files nor jobs. GUI thread only.
class MainWindow final : public QMainWindow {
    Q_OBJECT
public:
    MainWindow(PlanDocument& document, JobCenter& jobs, Settings& settings,
               QWidget* parent = nullptr);
    ~MainWindow() override;

    ActionRegistry& actions() { return *m_actions; }
    Menus& menus() { return *m_menus; }
    Layouts& layouts() { return *m_layouts; }
    NoticeBar& notices() { return *m_notices; }
    StatusLine& statusLine() { return *m_statusLine; }

    /// What is shown while nothing is open. Once.
    void setWelcomePage(QWidget* page);
    /// The centre while a model is open: the strip, if any, lies above the editor. Once.
    void setEditor(QWidget* costStrip, QWidget* editor);
    /// Makes a dock of it and an action "view.panel.ID". Panels of one tab group share a place.
    PanelDock* addPanel(ui::Panel* panel, Qt::DockWidgetArea area, const QString& tabGroup);
    /// Shows the dock of a panel and brings its tab to the front.
    void showPanel(const QString& id);

    /// After all panels were added: takes geometry and layout of the last time.
    void restorePlace();
    /// Name of the project for the title; empty: none.
    void setProjectName(const QString& name);
    /// Closes without asking again.
    void acceptClose();

Q_SIGNALS:
    void filesDropped(const QStringList& paths);
    /// The user wants to close the window; whoever answers calls acceptClose() if it may.
    void closeRequested();

protected:
    /// Names the bars of tabs that Qt makes for docks that share a place.
    void childEvent(QChildEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void showFittingPage();
    void updateTitle();
    void storePlace();

    PlanDocument& m_document;
    Settings& m_settings;
    ActionRegistry* m_actions;
    Menus* m_menus;
    Layouts* m_layouts;
    NoticeBar* m_notices;
    StatusLine* m_statusLine;
    QStackedWidget* m_pages;
    QWidget* m_welcomePage = nullptr;
    QWidget* m_editorPage;
    QVBoxLayout* m_editorLayout;
    QHash<QString, PanelDock*> m_docks;
    QString m_projectName;
    bool m_askingToClose = false;
    bool m_mayClose = false;
};

} // namespace bitloom::workbench
