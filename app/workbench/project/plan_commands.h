// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/document/plan_change.h"
#include "core/cost/allocation.h"
#include "core/engine/job.h"
#include "core/types/model_info.h"

#include <QObject>
#include <QSet>
#include <QStringList>

#include <map>
#include <optional>

namespace bitloom::workbench {

class PlanDocument;
class ProjectStore;

/// The command lines that make this change in a plan's file: layers and tensors with the same new
/// entry share a line. What no command can change (keys of a later version) is a comment.
QStringList planChangeCommands(const QString& planFile, const PlanChange& change);

/// The command lines that make this plan's file from nothing: the model's own plan (null: it has
/// none) or 8 bits everywhere, whichever differs less, then what differs.
QStringList planCreateCommands(const QString& planFile, const BitPlan& plan, const ModelInfo& model,
                               const BitPlan* ownPlan, const engine::ModelRef& reference);

/// Says what was done to the document's plans as the commands that do the same to the files of the
/// project: run in their order, in a new folder, they lead to the same plans. GUI thread only.
class PlanCommands final : public QObject {
    Q_OBJECT
public:
    /// While no project is open there are no files, and nothing is said.
    PlanCommands(PlanDocument& document, const ProjectStore& store, QObject* parent = nullptr);

    /// The document belongs to the store's folder from now on.
    void begin();
    /// The next change is the best plan for this budget, in bytes or BOPs.
    void expectAllocation(BudgetKind kind, qint64 budget);
    void endAllocation() { m_allocation.reset(); }
    /// A report of the project was asked for, under the plan in this file.
    void sayReport(const QString& planFile, const QString& file);
    /// A command that comes next reads this copy of a plan.
    void keepCopy(const BitPlan& plan, const QString& copy);

Q_SIGNALS:
    void commandDone(const QString& commandLine);

private:
    struct Allocation {
        BudgetKind kind;
        qint64 budget;
    };
    void forget();
    void say(const QStringList& commands);
    void sayFolder(const QString& before);
    void catchUp();
    void catchUpWith(const BitPlan& plan);
    QString allocation(const BitPlan& plan) const;

    PlanDocument& m_document;
    const ProjectStore& m_store;
    QString m_folder; ///< empty: the document is not that of the open project
    /// What the files hold once all commands so far were run.
    std::map<QString, BitPlan> m_files;
    QSet<QString> m_copies;
    std::optional<Allocation> m_allocation;
};

} // namespace bitloom::workbench
