// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/model_report.h"

#include "core/types/detail/json_support.h"
#include "core/types/json_input.h"
#include "core/types/json_output.h"

namespace bitloom {

using json::Json;

std::string toJson(const ModelReport& report)
{
    Json document = Json::parse(toJson(report.info));
    if (report.plan) {
        document["plan"] = Json::parse(toJson(*report.plan));
        document["plan_gaps"] = report.planGaps;
    }
    return document.dump();
}

ModelReport modelReportFromJson(std::string_view text)
{
    const Json document = json::parse(text, "model description");
    ModelReport report{modelInfoFromJson(text), {}, {}};
    if (const auto plan = document.find("plan"); plan != document.end()) {
        report.plan = withContext("plan", [&] { return bitPlanFromJson(plan->dump()); });
        report.planGaps = json::texts(json::Cursor(document).at("plan_gaps"));
    }
    return report;
}

} // namespace bitloom
