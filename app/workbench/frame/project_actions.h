// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/bit_plan.h"

#include <QObject>

namespace bitloom::workbench {

class MainWindow;
class PlanDocument;
class ProjectSession;
class ProjectStore;

/// Save, save as, report; the offer of edits that a crash left behind; what the session has to say.
class ProjectActions final : public QObject {
    Q_OBJECT
public:
    ProjectActions(MainWindow& window, PlanDocument& document, ProjectSession& session,
                   ProjectStore& store);

    void save();
    void askWhereToSave();

Q_SIGNALS:
    void reportRequested(const bitloom::BitPlan& plan, const QString& file);

private:
    void addActions();
    void connectSession();
    void updateAvailability();
    void askForReport();

    MainWindow& m_window;
    PlanDocument& m_document;
    ProjectSession& m_session;
    ProjectStore& m_store;
};

} // namespace bitloom::workbench
