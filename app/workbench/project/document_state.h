// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/bit_plan.h"

#include <QString>
#include <QStringList>

#include <string>
#include <vector>

namespace bitloom::workbench {

class PlanDocument;

/// The edits of a document that are in no plan file yet: what the journal keeps.
struct DocumentState {
    std::vector<BitPlan> plans;
    QString shown;
    QStringList locked;
};

DocumentState stateOf(const PlanDocument& document);
/// Errors: ModelMismatch for a state of another model; the document is unchanged then.
void restoreState(PlanDocument& document, const DocumentState& state);

std::string toJson(const DocumentState& state);
/// Errors: CorruptFile, InvalidArgument, as bitPlanFromJson().
DocumentState documentStateFromJson(const std::string& text);

} // namespace bitloom::workbench
