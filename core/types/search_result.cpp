// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/search_result.h"

#include "core/types/detail/json_support.h"
#include "core/types/json_input.h"
#include "core/types/json_output.h"

namespace bitloom {

namespace {

std::optional<double> numberIn(const json::Cursor& object, std::string_view key)
{
    const auto found = object.find(key);
    return found ? std::optional(found->number()) : std::nullopt;
}

std::vector<PrunedChannel> prunedChannelsOf(const json::Cursor& layer)
{
    std::vector<PrunedChannel> channels;
    const auto list = layer.find("pruned_channels");
    for (std::size_t i = 0; list && i < list->size(); ++i) {
        const json::Cursor each = list->at(i);
        channels.push_back({each.at("channel").integer(0), each.at("output").number(),
                            each.at("folded").boolean()});
    }
    return channels;
}

json::Json layerJson(const SearchedLayer& layer)
{
    json::Json document{{"name", layer.name},
                        {"weight_bits", layer.weightBits},
                        {"activation_bits", layer.activationBits},
                        {"kept_percent", layer.keptPercent}};
    if (layer.regulariser) {
        document["regulariser"] = *layer.regulariser;
    }
    for (const PrunedChannel& each : layer.prunedChannels) {
        document["pruned_channels"].push_back(
            {{"channel", each.channel}, {"output", each.output}, {"folded", each.isFolded}});
    }
    return document;
}

} // namespace

SearchResult searchResultFromJson(std::string_view text)
{
    const json::Json document = json::parse(text, "search result");
    const json::Cursor top(document);
    SearchResult result;
    result.top1Percent = top.at("top1_percent").number();
    result.images = top.at("images").integer(0);
    result.bops = top.at("bops").integer(0);
    result.relativeBopsPercent = top.at("relative_bops_percent").number();
    result.relativeBopsPercentCountingPrunedInputs =
        top.at("relative_bops_percent_counting_pruned_inputs").number();
    const json::Cursor layers = top.at("layers");
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const json::Cursor layer = layers.at(i);
        result.layers.push_back({layer.at("name").text(),
                                 static_cast<int>(layer.at("weight_bits").integer(0, 32)),
                                 static_cast<int>(layer.at("activation_bits").integer(0, 32)),
                                 layer.at("kept_percent").number(), numberIn(layer, "regulariser"),
                                 prunedChannelsOf(layer)});
    }
    const auto baseline = top.find("baseline");
    for (std::size_t i = 0; baseline && i < baseline->size(); ++i) {
        result.baseline.push_back(frontierPointFromJson(baseline->at(i).raw().dump()));
    }
    result.seconds = top.at("seconds").number();
    result.packed = top.at("packed").text();
    result.checkpoint = top.at("checkpoint").text();
    result.sheet = packSheetFromJson(top.at("sheet").raw().dump());
    result.plan = bitPlanFromJson(top.at("plan").raw().dump());
    return result;
}

std::string toJson(const SearchResult& result)
{
    json::Json document;
    document["top1_percent"] = result.top1Percent;
    document["images"] = result.images;
    document["relative_bops_percent"] = result.relativeBopsPercent;
    document["relative_bops_percent_counting_pruned_inputs"] =
        result.relativeBopsPercentCountingPrunedInputs;
    json::Json& layers = document["layers"] = json::Json::array();
    for (const SearchedLayer& layer : result.layers) {
        layers.push_back(layerJson(layer));
    }
    for (const FrontierPoint& point : result.baseline) {
        document["baseline"].push_back(json::Json::parse(toJson(point)));
    }
    document["seconds"] = result.seconds;
    document["bops"] = result.bops;
    document["checkpoint"] = result.checkpoint;
    document["packed"] = result.packed;
    document["sheet"] = json::Json::parse(toJson(result.sheet));
    document["plan"] = json::Json::parse(toJson(result.plan));
    return document.dump();
}

std::string toJson(const SearchedLayer& layer)
{
    return layerJson(layer).dump();
}

BitPlan planOf(const SearchResult& result, const std::string& run)
{
    BitPlan plan = result.plan;
    plan.name = run;
    return plan;
}

PackSheet sheetOf(const SearchResult& result)
{
    PackSheet sheet = result.sheet;
    sheet.images = result.images;
    sheet.top1PackedPercent = result.top1Percent;
    return sheet;
}

FrontierPoint pointOf(const SearchResult& result, const std::string& run)
{
    FrontierPoint point;
    point.kind = PointKind::Measured;
    point.label = run;
    point.bytes = result.sheet.payloadBytes;
    point.bops = result.bops;
    point.bopsPercentOfFp32 = result.relativeBopsPercent;
    point.top1Percent = result.top1Percent;
    point.plan = run;
    point.planDigest = planDigest(planOf(result, run));
    return point;
}

std::vector<FrontierPoint> pointsOf(const SearchResult& result, const std::string& run)
{
    std::vector<FrontierPoint> points{pointOf(result, run)};
    for (FrontierPoint point : result.baseline) {
        point.label = run + ", " + point.label;
        points.push_back(std::move(point));
    }
    return points;
}

} // namespace bitloom
