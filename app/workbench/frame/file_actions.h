// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QMenu;

namespace bitloom::workbench {

class CloseGuard;
class MainWindow;
class ModelOpener;
class PlanDocument;
class RecentFiles;

/// The File menu but for saving: open by dialog, by name and from the recent files, close, quit.
class FileActions final : public QObject {
    Q_OBJECT
public:
    FileActions(MainWindow& window, PlanDocument& document, ModelOpener& opener,
                RecentFiles& recent, CloseGuard& guard);

    void chooseModelFile();
    void chooseProjectFolder();

Q_SIGNALS:
    void nameRequested(); ///< of a built-in network
    void exampleRequested();
    void convertRequested();

private:
    void addOpening();
    void addClosing(CloseGuard& guard);
    void addRecentMenu();
    void fillRecentMenu(QMenu& menu);

    MainWindow& m_window;
    PlanDocument& m_document;
    ModelOpener& m_opener;
    RecentFiles& m_recent;
};

} // namespace bitloom::workbench
