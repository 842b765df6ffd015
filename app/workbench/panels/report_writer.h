// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/report/report.h"

#include <QString>

#include <optional>

namespace bitloom::workbench {

class JobCenter;
class PlanDocument;

/// Everything that the window knows about a plan, for a report. Only while a model is open.
report::ReportData reportOf(const PlanDocument& document, const JobCenter& center,
                            const BitPlan& plan, const std::optional<PackSheet>& sheet);

/// Adds the predicted frontier where the sensitivity is known and writes the page, replacing the
/// file at once. Takes seconds: not for the GUI thread. Errors: NotFound, IoFailure, as AtomicFile.
void writeReport(report::ReportData content, const QString& path);

} // namespace bitloom::workbench
