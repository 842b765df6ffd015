// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/bit_plan.h"
#include "core/types/histogram.h"
#include "core/types/model_info.h"
#include "core/types/pack_sheet.h"
#include "core/types/plan_cost.h"
#include "core/types/results.h"
#include "core/types/sensitivity_table.h"

#include <optional>
#include <string>
#include <vector>

namespace bitloom::report {

/// One line of where a result comes from: "seed", "20".
struct ProvenanceItem {
    std::string key;
    std::string value;
};

/// One search of the project.
struct SearchRow {
    std::string name;
    std::string method;
    std::string state; ///< "finished", "stopped", "running", "failed"
    int epochsDone = 0;
    int epochs = 0; ///< 0: not known
    std::optional<double> lambda;
    std::optional<double> top1Percent; ///< last measured
    std::optional<double> relativeBopsPercent;
};

/// Everything a report shows, as plain data. Any part may be empty: its section says so or is left
/// out.
struct ReportData {
    std::string title;
    ModelInfo model;
    PlanCost cost;
    BitPlan plan;
    std::optional<SensitivityTable> sensitivity;
    std::vector<FrontierPoint> frontier; ///< predicted, measured and uniform anchors, in any order
    std::vector<WeightHistogram> histograms;
    std::optional<PackSheet> sheet;
    std::vector<EpochResult> training;
    std::vector<SearchRow> searches;
    std::vector<ProvenanceItem>
        provenance; ///< fingerprint, plan file, seed, versions, device, date, data
    std::vector<std::string> commands; ///< the command lines that repeat the result
};

/// One self-contained HTML page: inline SVG and CSS, no script, no external resource; light and
/// dark by the reader's preference; printable. The same data give the same bytes. All strings are
/// escaped: names are untrusted.
std::string renderHtml(const ReportData& data);

} // namespace bitloom::report
