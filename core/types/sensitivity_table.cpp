// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/sensitivity_table.h"

#include "core/types/detail/json_support.h"
#include "core/types/quant_spec.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace bitloom {

using json::Cursor;
using json::Json;

namespace {

constexpr std::string_view kSensitivityFormat = "bitloom.sensitivity";

int readBits(const Cursor& value)
{
    const std::int64_t bits = value.integer();
    if (bits < kPrunedBits || bits > kFloatBits || !isLegalBitWidth(static_cast<int>(bits))) {
        value.fail(ErrorCode::InvalidArgument, "found ", bits, ", allowed are 0..", kMaxIntegerBits,
                   " and ", kFloatBits);
    }
    return static_cast<int>(bits);
}

SensitivityEntry readEntry(const Cursor& object)
{
    SensitivityEntry entry;
    const Cursor target = object.at("target");
    if (target.text() == toString(SensitivityTarget::Weight)) {
        entry.target = SensitivityTarget::Weight;
    } else if (target.text() == toString(SensitivityTarget::Activation)) {
        entry.target = SensitivityTarget::Activation;
    } else {
        target.fail(ErrorCode::InvalidArgument, "found \"", target.text(),
                    "\", allowed are weight and activation");
    }
    entry.name = object.at("name").text();
    entry.bits = readBits(object.at("bits"));
    entry.outputError = object.at("output_error").number();
    entry.kl = object.at("kl").number();
    entry.accuracyPercent = object.at("accuracy_percent").number();
    return entry;
}

} // namespace

std::string_view toString(SensitivityTarget target)
{
    return target == SensitivityTarget::Weight ? "weight" : "activation";
}

std::string_view toString(SensitivityMetric metric)
{
    switch (metric) {
    case SensitivityMetric::OutputError:
        return "output_error";
    case SensitivityMetric::Kl:
        return "kl";
    case SensitivityMetric::Accuracy:
        return "accuracy";
    }
    return {};
}

std::optional<SensitivityMetric> sensitivityMetricFrom(std::string_view text)
{
    for (const auto metric :
         {SensitivityMetric::OutputError, SensitivityMetric::Kl, SensitivityMetric::Accuracy}) {
        if (toString(metric) == text) {
            return metric;
        }
    }
    return std::nullopt;
}

const SensitivityEntry* SensitivityTable::find(SensitivityTarget target, std::string_view name,
                                               int width) const
{
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const SensitivityEntry& entry) {
            return entry.target == target && entry.bits == width && entry.name == name;
        });
    return found == entries.end() ? nullptr : &*found;
}

double lossOf(const SensitivityTable& table, const SensitivityEntry& entry,
              SensitivityMetric metric)
{
    switch (metric) {
    case SensitivityMetric::OutputError:
        return entry.outputError;
    case SensitivityMetric::Kl:
        return entry.kl;
    case SensitivityMetric::Accuracy:
        return std::max(0.0, table.floatAccuracyPercent - entry.accuracyPercent);
    }
    return 0.0;
}

std::string toJson(const SensitivityTable& table)
{
    Json document;
    document["format"] = kSensitivityFormat;
    document["version"] = SensitivityTable::kVersion;
    document["model_name"] = table.modelName;
    document["model_fingerprint"] = table.modelFingerprint;
    document["data"] = table.data;
    document["images"] = table.images;
    document["seed"] = table.seed;
    document["float_accuracy_percent"] =
        json::finite(table.floatAccuracyPercent, "float_accuracy_percent");
    document["bits"] = table.bits;
    if (!table.settings.empty()) {
        document["settings"] = json::parse(table.settings, "settings");
    }
    document["complete"] = table.complete;
    Json& entries = document["entries"] = Json::array();
    for (const SensitivityEntry& entry : table.entries) {
        const std::string where = entry.name + " at " + std::to_string(entry.bits) + " bits: ";
        Json object;
        object["target"] = toString(entry.target);
        object["name"] = entry.name;
        object["bits"] = entry.bits;
        object["output_error"] = json::finite(entry.outputError, where + "output_error");
        object["kl"] = json::finite(entry.kl, where + "kl");
        object["accuracy_percent"] =
            json::finite(entry.accuracyPercent, where + "accuracy_percent");
        entries.push_back(std::move(object));
    }
    return json::dumpDocument(document);
}

SensitivityTable sensitivityTableFromJson(std::string_view text)
{
    const Json parsed = json::parse(text, "sensitivity table");
    return withContext("sensitivity table", [&] {
        const Cursor document(parsed);
        json::checkHeader(document, kSensitivityFormat, SensitivityTable::kVersion);
        SensitivityTable table;
        table.modelName = document.at("model_name").text();
        table.modelFingerprint = document.at("model_fingerprint").text();
        table.data = document.at("data").text();
        table.images = document.at("images").integer(0);
        table.seed = document.at("seed").unsignedInteger();
        table.floatAccuracyPercent = document.at("float_accuracy_percent").number();
        const Cursor bits = document.at("bits");
        for (std::size_t i = 0; i < bits.size(); ++i) {
            const Cursor width = bits.at(i);
            table.bits.push_back(readBits(width));
            if (i > 0 && table.bits[i - 1] >= table.bits[i]) {
                width.fail(ErrorCode::CorruptFile, "found ", table.bits[i], " after ",
                           table.bits[i - 1], ", the widths must ascend");
            }
        }
        if (const auto settings = document.find("settings")) {
            settings->requireObject();
            table.settings = json::dumpLine(settings->raw());
        }
        table.complete = document.at("complete").boolean();
        const Cursor entries = document.at("entries");
        std::set<std::tuple<SensitivityTarget, std::string, int>> seen;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const Cursor object = entries.at(i);
            SensitivityEntry entry = readEntry(object);
            if (!seen.emplace(entry.target, entry.name, entry.bits).second) {
                object.fail(ErrorCode::CorruptFile, "the ", toString(entry.target), " of ",
                            entry.name, " at ", entry.bits, " bits appears twice");
            }
            table.entries.push_back(std::move(entry));
        }
        return table;
    });
}

} // namespace bitloom
