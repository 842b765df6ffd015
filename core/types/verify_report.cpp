// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/verify_report.h"

#include "core/types/detail/json_support.h"
#include "core/types/json_input.h"

namespace bitloom {

using json::Cursor;
using json::Json;

std::string toJson(const VerifyReport& report)
{
    Json document;
    document["verified"] = report.sheet.verified;
    document["tensors"] = report.sheet.tensors.size();
    Json& mismatches = document["mismatches"] = Json::array();
    for (const PackMismatch& mismatch : report.mismatches) {
        mismatches.push_back(Json{{"tensor", mismatch.tensor}, {"what", mismatch.what}});
    }
    Json& differences = document["differences"] = Json::array();
    for (const PackDifference& difference : report.differences) {
        Json object;
        object["tensor"] = difference.tensor;
        object["part"] = difference.part;
        object["index"] = difference.index;
        object["expected"] = difference.expected;
        object["found"] = difference.found;
        differences.push_back(std::move(object));
    }
    document["difference_count"] = report.differenceCount;
    document["sheet"] = Json::parse(toJson(report.sheet));
    return json::dumpLine(document);
}

VerifyReport verifyReportFromJson(std::string_view text)
{
    const Json document = json::parse(text, "verification");
    const Cursor root(document);
    VerifyReport report;
    const Cursor mismatches = root.at("mismatches");
    for (std::size_t i = 0; i < mismatches.size(); ++i) {
        const Cursor object = mismatches.at(i);
        report.mismatches.push_back({object.at("tensor").text(), object.at("what").text()});
    }
    const Cursor differences = root.at("differences");
    for (std::size_t i = 0; i < differences.size(); ++i) {
        const Cursor object = differences.at(i);
        report.differences.push_back({object.at("tensor").text(), object.at("part").text(),
                                      object.at("index").integer(-1), object.at("expected").text(),
                                      object.at("found").text()});
    }
    report.differenceCount = root.at("difference_count").integer(0);
    report.sheet = packSheetFromJson(root.at("sheet").raw().dump());
    return report;
}

} // namespace bitloom
