// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/util/picture.h"

#include <QObject>
#include <QString>

namespace bitloom::workbench {

class JobCenter;
class MainWindow;
class PlanDocument;
class PlanEditor;

/// Pictures leave the window with where they come from, and lead back there when they are dropped
/// on it. GUI thread only; files are read and written by other threads.
class PictureExchange final : public QObject {
    Q_OBJECT
public:
    /// After all panels were added. All of it must outlive the window.
    PictureExchange(MainWindow& window, PlanDocument& document, JobCenter& jobs,
                    PlanEditor& editor);

    /// By its ending: whether a dropped file is one that exports are written as.
    static bool isPicture(const QString& path);
    /// Shows the panel and the plan of the picture, or says what it belongs to.
    void restore(const QString& path);

    /// panel: chosen at the start; empty: the table of layers.
    void openDialog(const QString& panel);
    void exportTo(const QString& path, const QString& panel, const ui::Picture& picture, QSize size,
                  int scale);

Q_SIGNALS:
    void exported(const QString& path);
    /// After restore(), whatever came of it.
    void restored();

private:
    void askForFile(const QString& panel, const ui::Picture& picture, QSize size, int scale);
    ui::Provenance provenance(const QString& panel) const;
    /// What cannot be shown, as one sentence; empty: it is shown now.
    QString showView(const ui::Provenance& origin);
    void updateAvailability();

    MainWindow& m_window;
    PlanDocument& m_document;
    JobCenter& m_jobs;
    PlanEditor& m_editor;
    QString m_folder; ///< of the last export
};

} // namespace bitloom::workbench
