// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/job.h"
#include "core/types/plan_edit.h"
#include "core/types/sensitivity_table.h"

#include <QString>
#include <QStringList>

#include <functional>
#include <optional>

namespace bitloom::workbench {

// The command lines that do without a window what the user did in it: shown in the log, meant to be
// pasted into a shell. Plans are named by their files, so a plan must be stored before a command
// that reads it is shown.

/// A word as a POSIX shell reads it back.
QString shellWord(const QString& word);

/// Files that a command reads beside its job. Empty: the job has none of that kind.
struct CommandFiles {
    QString plan;    ///< the plan's file
    QString project; ///< folder that records the run; adds --project
};

/// "bitloom eval MODEL --data D --plan P ...". Values that are the command's defaults are left out.
QString commandLineFor(const engine::JobSpec& spec, const CommandFiles& files,
                       const QString& device, quint64 seed);

/// The same for whoever knows no files, device or seed.
using CommandLineOf = std::function<QString(const engine::JobSpec&)>;

/// What the names of a plan set command are; both by exact name.
enum class PlanNames { Layers, Tensors };
/// "bitloom plan set FILE NAME... --exact --weight-bits 4"
QString planSetCommand(const QString& planFile, PlanNames kind, const QStringList& names,
                       const PlanEdit& edit);

/// "bitloom plan create MODEL --weight-bits 8 --activation-bits 8 --name N -o FILE"; without bits
/// the model's own plan.
QString planCreateCommand(const QString& planFile, const QString& name,
                          const engine::ModelRef& model, std::optional<int> bits);

/// "bitloom inspect NAME.bitloom"
QString projectInspectCommand(const QString& folder);

/// "bitloom report NAME.bitloom --plan P -o FILE"
QString reportCommand(const QString& project, const QString& plan, const QString& file);

struct AllocateCommand {
    engine::ModelRef model;
    QString sensitivityFile;
    QString basePlan;
    QStringList locked;
    SensitivityMetric metric = SensitivityMetric::Kl;
    std::optional<std::int64_t> maxBytes;
    std::optional<double> maxBopsPercent;
    QString name; ///< of the plan; empty: the command's own choice
    QString output;
};
/// "bitloom allocate MODEL --sensitivity S --base P --max-bytes N -o Q"
QString allocateCommand(const AllocateCommand& command);

} // namespace bitloom::workbench
