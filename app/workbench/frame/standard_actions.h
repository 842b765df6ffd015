// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace bitloom::workbench {

class ActionRegistry;
class PlanDocument;

/// Registers undo, redo and what can be done with plans as a whole, and keeps their availability
/// true. "plan.rename" asks through the signal, since it needs a line to type in.
class StandardActions final : public QObject {
    Q_OBJECT
public:
    StandardActions(ActionRegistry& actions, PlanDocument& document);

Q_SIGNALS:
    void renameRequested();

private:
    void addEditActions();
    void addPlanActions();
    void updateAvailability();
    void showNeighbour(int step);

    ActionRegistry& m_actions;
    PlanDocument& m_document;
};

} // namespace bitloom::workbench
