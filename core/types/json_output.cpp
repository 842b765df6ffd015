// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/json_output.h"

#include "core/types/detail/histogram_json.h"
#include "core/types/detail/json_support.h"

namespace bitloom {

using json::Json;
using json::optionalNumber;

namespace {

Json layerToJson(const LayerInfo& layer)
{
    Json object;
    object["name"] = layer.name;
    object["kind"] = toString(layer.kind);
    object["op"] = layer.op;
    object["weight"] = layer.weight;
    object["weight_shape"] = layer.weightShape;
    object["weight_axis"] = layer.weightAxis;
    object["weight_bytes"] = layer.weightBytes;
    object["bias"] = layer.bias;
    object["groups"] = layer.groups;
    object["output_shape"] = layer.outputShape;
    object["parameters"] = layer.parameters;
    object["macs"] = layer.macs;
    object["inputs"] = layer.inputs;
    return object;
}

} // namespace

std::string_view toString(LayerKind kind)
{
    switch (kind) {
    case LayerKind::Conv:
        return "conv";
    case LayerKind::ConvTranspose:
        return "conv_transpose";
    case LayerKind::Linear:
        return "linear";
    case LayerKind::MatMul:
        return "matmul";
    }
    return {};
}

std::string_view toString(PointKind kind)
{
    switch (kind) {
    case PointKind::Predicted:
        return "predicted";
    case PointKind::Measured:
        return "measured";
    case PointKind::UniformAnchor:
        return "uniform_anchor";
    }
    return {};
}

std::string toJson(const ModelInfo& model)
{
    Json document;
    Json& head = document["model"];
    head["name"] = model.name;
    head["fingerprint"] = model.fingerprint;
    head["input_shape"] = model.inputShape;
    head["parameters"] = model.parameters;
    head["macs"] = model.macs;
    head["bytes"] = model.storedBytes;
    Json& layers = document["layers"] = Json::array();
    for (const LayerInfo& layer : model.layers) {
        layers.push_back(layerToJson(layer));
    }
    Json& tensors = document["tensors"] = Json::array();
    for (const TensorInfo& tensor : model.tensors) {
        Json object;
        object["name"] = tensor.name;
        object["shape"] = tensor.shape;
        object["is_model_input"] = tensor.isModelInput;
        object["readers"] = tensor.readers;
        tensors.push_back(std::move(object));
    }
    Json& raw = document["raw_tensors"] = Json::array();
    for (const ModelInfo::RawTensor& tensor : model.rawTensors) {
        raw.push_back({{"name", tensor.name}, {"bytes", tensor.bytes}});
    }
    return json::dumpLine(document);
}

std::string toJson(const PlanCost& cost)
{
    Json document;
    document["macs"] = cost.macs;
    document["bops"] = cost.bops;
    document["bops_fp32"] = cost.bopsFp32;
    document["bops_percent_of_fp32"] = cost.bopsPercentOfFp32();
    document["bytes"] = cost.bytes;
    document["raw_bytes"] = cost.rawBytes;
    document["bytes_fp32"] = cost.bytesFp32;
    Json& layers = document["layers"] = Json::array();
    for (const LayerCost& layer : cost.layers) {
        Json object;
        object["name"] = layer.name;
        object["weight_bits"] = layer.weightBits;
        object["activation_bits"] = layer.activationBits;
        object["macs"] = layer.macs;
        object["bops"] = layer.bops;
        object["bytes"] = layer.bytes();
        object["code_bytes"] = layer.codeBytes;
        object["scale_bytes"] = layer.scaleBytes;
        layers.push_back(std::move(object));
    }
    return json::dumpLine(document);
}

std::string toJson(const EvalResult& result)
{
    Json document;
    document["images"] = result.images;
    document["correct"] = result.correct;
    document["correct_top5"] = result.correctTop5;
    document["top1_percent"] = result.top1Percent();
    document["top5_percent"] = result.top5Percent();
    document["seconds"] = json::finite(result.seconds, "seconds");
    document["skipped_images"] = result.skippedImages;
    document["finished"] = result.finished;
    if (result.predictions) {
        document["predictions"] = json::parse(toJson(*result.predictions), "predictions");
    }
    return json::dumpLine(document);
}

std::string toJson(const FrontierPoint& point)
{
    Json document;
    document["kind"] = toString(point.kind);
    document["label"] = point.label;
    document["plan"] = point.plan;
    document["bytes"] = point.bytes;
    document["bops"] = point.bops;
    document["bops_percent_of_fp32"] =
        json::finite(point.bopsPercentOfFp32, "bops_percent_of_fp32");
    document["predicted_loss"] = optionalNumber(point.predictedLoss, "predicted_loss");
    document["top1_percent"] = optionalNumber(point.top1Percent, "top1_percent");
    document["optimal"] = point.optimal;
    if (!point.planDigest.empty()) {
        document["plan_digest"] = point.planDigest;
    }
    return json::dumpLine(document);
}

std::string toJson(const EpochResult& epoch)
{
    Json document;
    document["epoch"] = epoch.epoch;
    document["loss"] = json::finite(epoch.loss, "loss");
    document["train_top1_percent"] = json::finite(epoch.trainTop1Percent, "train_top1_percent");
    document["test_top1_percent"] = optionalNumber(epoch.testTop1Percent, "test_top1_percent");
    document["seconds"] = json::finite(epoch.seconds, "seconds");
    return json::dumpLine(document);
}

std::string toJson(const WeightHistogram& histogram)
{
    Json document;
    document["layer"] = histogram.layer;
    json::writeGridHistogram(histogram, document);
    return json::dumpLine(document);
}

std::string toJson(std::span<const PlanDifference> differences)
{
    Json document;
    Json& list = document["differences"] = Json::array();
    for (const PlanDifference& difference : differences) {
        Json object;
        object["subject"] = difference.subject;
        object["field"] = difference.field;
        object["left"] = difference.left;
        object["right"] = difference.right;
        list.push_back(std::move(object));
    }
    return json::dumpLine(document);
}

} // namespace bitloom
