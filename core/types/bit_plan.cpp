// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/bit_plan.h"

#include "core/base/hash.h"
#include "core/types/detail/json_support.h"

#include <algorithm>
#include <unordered_set>

namespace bitloom {

using json::Cursor;
using json::Json;

namespace {

constexpr std::string_view kPlanFormat = "bitloom.plan";

template <typename Entries>
auto findByName(Entries& entries, std::string_view name) -> decltype(entries.data())
{
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [name](const auto& entry) { return entry.name == name; });
    return found == entries.end() ? nullptr : &*found;
}

Json specToJson(const QuantSpec& spec)
{
    Json object;
    object["bits"] = spec.bits;
    object["scheme"] = toString(spec.scheme);
    object["granularity"] = toString(spec.granularity);
    object["observer"] = toString(spec.observer);
    if (spec.observer == Observer::Percentile || spec.percentile != QuantSpec().percentile) {
        object["percentile"] = spec.percentile;
    }
    if (spec.range) {
        object["range"] = {spec.range->low, spec.range->high};
    }
    if (spec.narrow) {
        object["narrow_range"] = true;
    }
    json::appendExtra(object, spec.extra);
    return object;
}

template <typename Enum>
void readName(const Cursor& object, std::string_view key,
              std::optional<Enum> (*parse)(std::string_view), std::string_view allowed,
              Enum& target)
{
    if (const auto value = object.find(key)) {
        const std::optional<Enum> known = parse(value->text());
        if (!known) {
            value->fail(ErrorCode::InvalidArgument, "found \"", value->text(), "\", allowed are ",
                        allowed);
        }
        target = *known;
    }
}

ValueRange readRange(const Cursor& value)
{
    if (value.size() != 2) {
        value.fail(ErrorCode::CorruptFile, "expected [low, high], found ", value.size(),
                   " numbers");
    }
    return {static_cast<float>(value.at(std::size_t{0}).number()),
            static_cast<float>(value.at(std::size_t{1}).number())};
}

QuantSpec readSpec(const Cursor& object)
{
    QuantSpec spec;
    const Cursor bits = object.at("bits");
    const std::int64_t width = bits.integer();
    if (width < kPrunedBits || width > kFloatBits) {
        bits.fail(ErrorCode::InvalidArgument, "found ", width, ", allowed are 0..", kMaxIntegerBits,
                  " and ", kFloatBits);
    }
    spec.bits = static_cast<int>(width);
    readName(object, "scheme", qSchemeFrom, "affine and symmetric", spec.scheme);
    readName(object, "granularity", granularityFrom, "per_tensor and per_channel",
             spec.granularity);
    readName(object, "observer", observerFrom, "minmax, percentile and mse", spec.observer);
    if (const auto percentile = object.find("percentile")) {
        spec.percentile = percentile->number();
    }
    if (const auto range = object.find("range")) {
        spec.range = readRange(*range);
    }
    if (const auto narrow = object.find("narrow_range")) {
        spec.narrow = narrow->boolean();
    }
    spec.extra = object.extraBesides(
        {"bits", "scheme", "granularity", "observer", "percentile", "range", "narrow_range"});
    requireValid(spec, object.path());
    return spec;
}

std::vector<std::int64_t> readChannels(const Cursor& layer)
{
    std::vector<std::int64_t> channels;
    const auto list = layer.find("pruned_channels");
    for (std::size_t i = 0; list && i < list->size(); ++i) {
        const Cursor item = list->at(i);
        const std::int64_t channel = item.integer();
        if (channel < 0 || (i > 0 && channel <= channels.back())) {
            item.fail(ErrorCode::InvalidArgument, "found ", channel,
                      ", expected channel numbers from 0 in ascending order");
        }
        channels.push_back(channel);
    }
    return channels;
}

/// The names of a list must be unique and not empty: they are how entries are addressed.
std::string readUniqueName(const Cursor& entry, std::unordered_set<std::string>& seen)
{
    const Cursor name = entry.at("name");
    if (name.text().empty()) {
        name.fail(ErrorCode::InvalidArgument, "the name is empty");
    }
    if (!seen.insert(name.text()).second) {
        name.fail(ErrorCode::InvalidArgument, "the name '", name.text(), "' appears twice");
    }
    return name.text();
}

} // namespace

LayerPlan* BitPlan::findLayer(std::string_view layerName)
{
    return findByName(layers, layerName);
}
const LayerPlan* BitPlan::findLayer(std::string_view layerName) const
{
    return findByName(layers, layerName);
}
TensorPlan* BitPlan::findTensor(std::string_view tensorName)
{
    return findByName(tensors, tensorName);
}
const TensorPlan* BitPlan::findTensor(std::string_view tensorName) const
{
    return findByName(tensors, tensorName);
}

std::string toJson(const BitPlan& plan)
{
    Json document;
    document["format"] = kPlanFormat;
    document["version"] = BitPlan::kVersion;
    document["name"] = plan.name;
    document["model_name"] = plan.modelName;
    document["model_fingerprint"] = plan.modelFingerprint;
    Json& layers = document["layers"] = Json::array();
    for (const LayerPlan& layer : plan.layers) {
        Json entry;
        entry["name"] = layer.name;
        if (layer.hasWeight) {
            entry["weight"] = specToJson(layer.weight);
        }
        if (!layer.prunedChannels.empty()) {
            entry["pruned_channels"] = layer.prunedChannels;
        }
        json::appendExtra(entry, layer.extra);
        layers.push_back(std::move(entry));
    }
    Json& tensors = document["tensors"] = Json::array();
    for (const TensorPlan& tensor : plan.tensors) {
        Json entry;
        entry["name"] = tensor.name;
        entry["activation"] = specToJson(tensor.activation);
        entry["readers"] = tensor.readers;
        if (!tensor.quantizedAt.empty()) {
            entry["quantized_at"] = tensor.quantizedAt;
        }
        json::appendExtra(entry, tensor.extra);
        tensors.push_back(std::move(entry));
    }
    json::appendExtra(document, plan.extra);
    return json::dumpDocument(document);
}

std::string planDigest(const BitPlan& plan)
{
    Sha256 hash;
    hash.update(plan.modelFingerprint);
    for (const LayerPlan& layer : plan.layers) {
        hash.update("\nlayer " + layer.name + " ");
        hash.update(layer.hasWeight ? json::dumpLine(specToJson(layer.weight)) : "-");
        if (!layer.prunedChannels.empty()) {
            hash.update(" pruned " + json::dumpLine(Json(layer.prunedChannels)));
        }
    }
    for (const TensorPlan& tensor : plan.tensors) {
        hash.update("\ntensor " + tensor.name + " ");
        hash.update(json::dumpLine(specToJson(tensor.activation)));
        if (!tensor.quantizedAt.empty()) {
            hash.update(" at " + tensor.quantizedAt);
        }
    }
    return hash.hexDigest();
}

BitPlan bitPlanFromJson(std::string_view text)
{
    const Json parsed = json::parse(text, "bit plan");
    return withContext("bit plan", [&] {
        const Cursor document(parsed);
        json::checkHeader(document, kPlanFormat, BitPlan::kVersion);
        BitPlan plan;
        plan.name = document.at("name").text();
        plan.modelName = document.at("model_name").text();
        plan.modelFingerprint = document.at("model_fingerprint").text();
        const Cursor layers = document.at("layers");
        std::unordered_set<std::string> layerNames;
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const Cursor entry = layers.at(i);
            const auto weight = entry.find("weight");
            plan.layers.push_back({readUniqueName(entry, layerNames),
                                   weight ? readSpec(*weight) : QuantSpec(),
                                   entry.extraBesides({"name", "weight", "pruned_channels"}),
                                   weight.has_value(), readChannels(entry)});
        }
        const Cursor tensors = document.at("tensors");
        std::unordered_set<std::string> tensorNames;
        for (std::size_t i = 0; i < tensors.size(); ++i) {
            const Cursor entry = tensors.at(i);
            TensorPlan tensor{readUniqueName(entry, tensorNames),
                              readSpec(entry.at("activation")),
                              {},
                              entry.extraBesides({"name", "activation", "readers", "quantized_at"}),
                              {}};
            if (const auto at = entry.find("quantized_at")) {
                tensor.quantizedAt = at->text();
            }
            const Cursor readers = entry.at("readers");
            for (std::size_t r = 0; r < readers.size(); ++r) {
                tensor.readers.push_back(readers.at(r).text());
            }
            plan.tensors.push_back(std::move(tensor));
        }
        plan.extra = document.extraBesides(
            {"format", "version", "name", "model_name", "model_fingerprint", "layers", "tensors"});
        return plan;
    });
}

} // namespace bitloom
