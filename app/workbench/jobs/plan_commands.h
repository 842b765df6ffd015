// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/document/plan_change.h"

#include <QObject>
#include <QStringList>

#include <functional>

namespace bitloom::workbench {

class PlanDocument;

/// The command lines that make this change in a plan's file: layers and tensors with the same new
/// entry share a line. What no command can change (schemes, granularities, ranges) is a comment.
QStringList planChangeCommands(const QString& planFile, const PlanChange& change);

/// Says each change of the document's plans as the command that repeats it. GUI thread only.
class PlanCommands final : public QObject {
    Q_OBJECT
public:
    /// fileOf: where a plan of this name is stored; empty: nowhere yet, nothing is said.
    PlanCommands(PlanDocument& document, std::function<QString(const QString& plan)> fileOf,
                 QObject* parent = nullptr);

Q_SIGNALS:
    void commandDone(const QString& commandLine);

private:
    PlanDocument& m_document;
    std::function<QString(const QString&)> m_fileOf;
};

} // namespace bitloom::workbench
