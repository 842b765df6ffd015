// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace bitloom::workbench {

class MainWindow;
class PlanDocument;

/// The actions that measure, search and export: registered here, done by whoever listens.
class RunActions final : public QObject {
    Q_OBJECT
public:
    RunActions(MainWindow& window, PlanDocument& document);

Q_SIGNALS:
    void evaluateRequested();
    void sensitivityRequested();
    void searchRequested();
    void exportRequested();

private:
    void updateAvailability();

    MainWindow& m_window;
    PlanDocument& m_document;
};

} // namespace bitloom::workbench
