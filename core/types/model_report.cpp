// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/model_report.h"

#include "core/types/detail/phrase_json.h"
#include "core/types/json_input.h"
#include "core/types/json_output.h"

namespace bitloom {

using json::Json;

std::string toJson(const ModelReport& report)
{
    Json document = Json::parse(toJson(report.info));
    if (report.plan) {
        document["plan"] = Json::parse(toJson(*report.plan));
        Json phrases = Json::object();
        json::put(document, phrases, "plan_gaps", report.planGaps);
        document["phrases"] = std::move(phrases);
    }
    return document.dump();
}

ModelReport modelReportFromJson(std::string_view text)
{
    const Json document = json::parse(text, "model description");
    ModelReport report{modelInfoFromJson(text), {}, {}};
    if (const auto plan = document.find("plan"); plan != document.end()) {
        report.plan = withContext("plan", [&] { return bitPlanFromJson(plan->dump()); });
        report.planGaps = json::phrasesUnder(json::Cursor(document), "plan_gaps");
    }
    return report;
}

} // namespace bitloom
