// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/json_input.h"

#include "core/types/detail/histogram_json.h"
#include "core/types/detail/json_support.h"
#include "core/types/json_output.h"

#include <array>
#include <cstdint>

namespace bitloom {

using json::Cursor;
using json::integers;
using json::Json;
using json::named;
using json::numberOrNull;
using json::texts;

namespace {

LayerInfo layerFrom(const Cursor& object)
{
    LayerInfo layer;
    layer.name = object.at("name").text();
    layer.kind = named(object.at("kind"), std::array{LayerKind::Conv, LayerKind::ConvTranspose,
                                                     LayerKind::Linear, LayerKind::MatMul});
    layer.op = object.at("op").text();
    layer.weight = object.at("weight").text();
    layer.weightShape = integers(object.at("weight_shape"));
    layer.weightAxis = static_cast<int>(object.at("weight_axis").integer(0, 8));
    layer.weightBytes = object.at("weight_bytes").integer(0);
    layer.bias = object.at("bias").text();
    layer.groups = object.at("groups").integer(1);
    layer.outputShape = integers(object.at("output_shape"));
    layer.parameters = object.at("parameters").integer(0);
    layer.macs = object.at("macs").integer(0);
    layer.inputs = texts(object.at("inputs"));
    return layer;
}

} // namespace

ModelInfo modelInfoFromJson(std::string_view text)
{
    const Json document = json::parse(text, "model description");
    const Cursor root(document);
    const Cursor head = root.at("model");
    ModelInfo model;
    model.name = head.at("name").text();
    model.fingerprint = head.at("fingerprint").text();
    model.inputShape = integers(head.at("input_shape"));
    model.parameters = head.at("parameters").integer(0);
    model.macs = head.at("macs").integer(0);
    model.storedBytes = head.at("bytes").integer(0);
    const Cursor layers = root.at("layers");
    for (std::size_t i = 0; i < layers.size(); ++i) {
        model.layers.push_back(layerFrom(layers.at(i)));
    }
    const Cursor tensors = root.at("tensors");
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const Cursor object = tensors.at(i);
        model.tensors.push_back({object.at("name").text(), integers(object.at("shape")),
                                 object.at("is_model_input").boolean(),
                                 texts(object.at("readers"))});
    }
    const Cursor raw = root.at("raw_tensors");
    for (std::size_t i = 0; i < raw.size(); ++i) {
        model.rawTensors.push_back({raw.at(i).at("name").text(), raw.at(i).at("bytes").integer(0)});
    }
    return model;
}

FrontierPoint frontierPointFromJson(std::string_view text)
{
    const Json document = json::parse(text, "frontier point");
    const Cursor object(document);
    FrontierPoint point;
    point.kind = named(object.at("kind"), std::array{PointKind::Predicted, PointKind::Measured,
                                                     PointKind::UniformAnchor});
    point.label = object.at("label").text();
    point.plan = object.at("plan").text();
    point.bytes = object.at("bytes").integer(0);
    point.bops = object.at("bops").integer(0);
    point.bopsPercentOfFp32 = object.at("bops_percent_of_fp32").number();
    point.predictedLoss = numberOrNull(object.at("predicted_loss"));
    point.top1Percent = numberOrNull(object.at("top1_percent"));
    point.optimal = object.at("optimal").boolean();
    if (const auto digest = object.find("plan_digest")) {
        point.planDigest = digest->text();
    }
    return point;
}

namespace {
WeightHistogram readWeightHistogram(const Cursor& object)
{
    WeightHistogram histogram;
    histogram.layer = object.at("layer").text();
    json::readGridHistogram(object, histogram);
    return histogram;
}
} // namespace

WeightHistogram weightHistogramFromJson(std::string_view text)
{
    const Json document = json::parse(text, "weight histogram");
    return readWeightHistogram(Cursor(document));
}

std::vector<WeightHistogram> weightHistogramsFromJson(std::string_view text)
{
    const Json document = json::parse(text, "weight histograms");
    const Cursor list = Cursor(document).at("histograms");
    std::vector<WeightHistogram> histograms;
    for (std::size_t i = 0; i < list.size(); ++i) {
        histograms.push_back(readWeightHistogram(list.at(i)));
    }
    return histograms;
}

PackSheet packSheetFromJson(std::string_view text)
{
    const Json document = json::parse(text, "pack sheet");
    const Cursor object(document);
    PackSheet sheet;
    sheet.fileName = object.at("file").text();
    if (const auto format = object.find("format")) { // sheets from before there were others
        sheet.format = format->text();
    }
    sheet.fileBytes = object.at("file_bytes").integer(0);
    sheet.payloadBytes = object.at("payload_bytes").integer(0);
    sheet.metadataBytes = object.at("metadata_bytes").integer(0);
    sheet.bytesFp32 = object.at("bytes_fp32").integer(0);
    sheet.ratio = object.at("ratio").number();
    sheet.sha256 = object.at("sha256").text();
    sheet.verified = object.at("verified").boolean();
    const Cursor tensors = object.at("tensors");
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const Cursor row = tensors.at(i);
        sheet.tensors.push_back({row.at("name").text(), row.at("kind").text(),
                                 static_cast<int>(row.at("bits").integer(0, 128)),
                                 integers(row.at("shape")), row.at("packed_bytes").integer(0),
                                 row.at("padding_bits").integer(0),
                                 row.at("scale_bytes").integer(0),
                                 static_cast<std::uint32_t>(row.at("crc32").integer(0, UINT32_MAX)),
                                 row.at("verified").boolean()});
    }
    sheet.images = object.at("images").integer(0);
    sheet.top1FloatPercent = numberOrNull(object.at("top1_float_percent"));
    sheet.top1PlanPercent = numberOrNull(object.at("top1_plan_percent"));
    sheet.top1PackedPercent = numberOrNull(object.at("top1_packed_percent"));
    return sheet;
}

EvalResult evalResultFromJson(std::string_view text)
{
    const Json document = json::parse(text, "evaluation result");
    const Cursor object(document);
    EvalResult result;
    result.images = object.at("images").integer(0);
    result.correct = object.at("correct").integer(0, result.images);
    result.correctTop5 = object.at("correct_top5").integer(0, result.images);
    result.seconds = object.at("seconds").number();
    result.skippedImages = object.at("skipped_images").integer(0);
    result.finished = object.at("finished").boolean();
    if (const auto predictions = object.find("predictions")) {
        result.predictions = predictionsFromJson(predictions->raw().dump());
    }
    return result;
}

namespace {
EpochResult readEpoch(const Cursor& object)
{
    EpochResult epoch;
    epoch.epoch = static_cast<int>(object.at("epoch").integer(1, 1 << 30));
    epoch.loss = object.at("loss").number();
    epoch.trainTop1Percent = object.at("train_top1_percent").number();
    epoch.testTop1Percent = numberOrNull(object.at("test_top1_percent"));
    epoch.seconds = object.at("seconds").number();
    return epoch;
}
} // namespace

EpochResult epochResultFromJson(std::string_view text)
{
    const Json document = json::parse(text, "epoch result");
    return readEpoch(Cursor(document));
}

std::vector<EpochResult> epochResultsFromJson(std::string_view text)
{
    const Json document = json::parse(text, "course of training");
    const Cursor list = Cursor(document).at("epochs");
    std::vector<EpochResult> epochs;
    for (std::size_t i = 0; i < list.size(); ++i) {
        epochs.push_back(readEpoch(list.at(i)));
    }
    return epochs;
}

} // namespace bitloom
