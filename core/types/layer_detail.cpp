// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/layer_detail.h"

#include "core/types/detail/histogram_json.h"
#include "core/types/detail/json_support.h"
#include "core/types/json_output.h"

#include <array>

namespace bitloom {

using json::Cursor;
using json::finite;
using json::Json;

namespace {

template <typename Histogram>
Json histogramsToJson(const std::vector<Histogram>& histograms, const char* nameKey,
                      std::string Histogram::*name)
{
    Json list = Json::array();
    for (const Histogram& histogram : histograms) {
        Json object;
        object[nameKey] = histogram.*name;
        json::writeGridHistogram(histogram, object);
        list.push_back(std::move(object));
    }
    return list;
}

template <typename Histogram>
std::vector<Histogram> histogramsFrom(const Cursor& list, const char* nameKey,
                                      std::string Histogram::*name)
{
    std::vector<Histogram> histograms(list.size());
    for (std::size_t i = 0; i < histograms.size(); ++i) {
        histograms[i].*name = list.at(i).at(nameKey).text();
        json::readGridHistogram(list.at(i), histograms[i]);
    }
    return histograms;
}

Json channelsToJson(const std::vector<ChannelRange>& channels)
{
    Json list = Json::array();
    for (const ChannelRange& range : channels) {
        Json object;
        object["low"] = finite(range.low, "low");
        object["high"] = finite(range.high, "high");
        object["clip_low"] = finite(range.clipLow, "clip_low");
        object["clip_high"] = finite(range.clipHigh, "clip_high");
        list.push_back(std::move(object));
    }
    return list;
}

std::vector<ChannelRange> channelsFrom(const Cursor& list)
{
    std::vector<ChannelRange> channels;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const Cursor object = list.at(i);
        channels.push_back({object.at("low").number(), object.at("high").number(),
                            object.at("clip_low").number(), object.at("clip_high").number()});
    }
    return channels;
}

} // namespace

std::string toJson(const LayerDetail& detail)
{
    Json document;
    document["layer"] = detail.layer;
    document["kind"] = toString(detail.kind);
    document["weight"] = detail.weight;
    document["weight_histograms"] =
        histogramsToJson(detail.weightHistograms, "layer", &WeightHistogram::layer);
    document["channels"] = channelsToJson(detail.channels);
    Json& errors = document["errors"] = Json::array();
    for (const ObserverError& error : detail.errors) {
        Json object;
        object["observer"] = toString(error.observer);
        object["bits"] = error.bits;
        object["mse"] = finite(error.meanSquaredError, "mse");
        object["sqnr_db"] = json::optionalNumber(error.sqnrDb, "sqnr_db");
        errors.push_back(std::move(object));
    }
    document["activations"] =
        histogramsToJson(detail.activations, "tensor", &ActivationHistogram::tensor);
    Json& inputs = document["activation_channels"] = Json::array();
    for (const std::vector<ChannelRange>& channels : detail.activationChannels) {
        inputs.push_back(channelsToJson(channels));
    }
    document["calibration_images"] = detail.calibrationImages;
    return json::dumpLine(document);
}

LayerDetail layerDetailFromJson(std::string_view text)
{
    const Json document = json::parse(text, "layer detail");
    const Cursor root(document);
    LayerDetail detail;
    detail.layer = root.at("layer").text();
    detail.kind = json::named(root.at("kind"), std::array{LayerKind::Conv, LayerKind::ConvTranspose,
                                                          LayerKind::Linear, LayerKind::MatMul});
    detail.weight = root.at("weight").text();
    detail.weightHistograms =
        histogramsFrom(root.at("weight_histograms"), "layer", &WeightHistogram::layer);
    detail.channels = channelsFrom(root.at("channels"));
    const Cursor errors = root.at("errors");
    for (std::size_t i = 0; i < errors.size(); ++i) {
        const Cursor object = errors.at(i);
        detail.errors.push_back(
            {json::named(object.at("observer"),
                         std::array{Observer::MinMax, Observer::Percentile, Observer::Mse}),
             static_cast<int>(object.at("bits").integer(0, kFloatBits)), object.at("mse").number(),
             json::numberOrNull(object.at("sqnr_db"))});
    }
    detail.activations =
        histogramsFrom(root.at("activations"), "tensor", &ActivationHistogram::tensor);
    if (const auto inputs =
            root.find("activation_channels")) { // events of an earlier version have none
        for (std::size_t i = 0; i < inputs->size(); ++i) {
            detail.activationChannels.push_back(channelsFrom(inputs->at(i)));
        }
    }
    detail.calibrationImages = root.at("calibration_images").integer(0);
    return detail;
}

} // namespace bitloom
