// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QLabel;
class QListWidget;
class QListWidgetItem;
class QProgressBar;
class QPushButton;

namespace bitloom::workbench {

class ActionRegistry;
class RecentFiles;

/// What is shown while nothing is open: what the program is, what to do first, and what was open
/// before. Its buttons are actions of the registry.
class WelcomePage final : public QWidget {
    Q_OBJECT
public:
    WelcomePage(const ActionRegistry& actions, RecentFiles& recent, QWidget* parent = nullptr);

    /// A sentence in place of the invitation to drop files: "Opening resnet18.pt...". Empty: back.
    /// total > 0: how much is done of how much, with a button to stop.
    void setBusy(const QString& sentence, int done = 0, int total = 0);

Q_SIGNALS:
    void stopRequested();
    void openRequested(const QString& spec);

private:
    QWidget* makeFirstSteps(const ActionRegistry& actions);
    QWidget* makeRecent();
    void showRecent();

    RecentFiles& m_recent;
    QListWidget* m_list = nullptr;
    QLabel* m_noRecent = nullptr;
    QLabel* m_drop = nullptr;
    QPushButton* m_clear = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton* m_stop = nullptr;
};

} // namespace bitloom::workbench
