// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"

#include "core/base/error.h"
#include "core/data/preprocessing.h"
#include "core/engine/model_store.h"
#include "core/io/packed_model.h"
#include "core/methods/calibration.h"
#include "core/methods/quantized_executor.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/aminmax.h>
#include <ATen/ops/isfinite.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace bitloom::engine {

namespace {

Preprocessing preprocessingFor(const DataRef& data, const LoadedModel& model)
{
    if (!data.preprocessing.empty()) {
        return preprocessingFromJson(data.preprocessing);
    }
    return presetFor(model.info.name, model.info.inputShape);
}

/// The grids that packed weights came with, of the activations whose entries are still those of
/// their plan.
QuantState keptActivations(const LoadedModel& model, const BitPlan& plan)
{
    QuantState kept;
    if (!model.stored) {
        return kept;
    }
    for (const TensorPlan& entry : plan.tensors) {
        if (const QuantParams* grid = model.stored->activationGrid(entry.name, entry.activation)) {
            kept.activations.emplace(entry.name, *grid);
            const auto& ranges = model.stored->state.activationRanges;
            if (const auto range = ranges.find(entry.name); range != ranges.end()) {
                kept.activationRanges.insert(*range);
            }
        }
    }
    return kept;
}

/// The plan with these activations in floating point, so that calibrating does not look for them.
BitPlan withoutActivations(BitPlan plan, const QuantState& known)
{
    for (TensorPlan& entry : plan.tensors) {
        if (known.activations.contains(entry.name)) {
            entry.activation = {};
        }
    }
    return plan;
}

void requireImagesFit(const BatchLoader& images, const LoadedModel& model)
{
    const ImageShape& shape = images.imageShape();
    const std::vector<std::int64_t> batch{1, shape.channels, shape.height, shape.width};
    BITLOOM_REQUIRE(batch == model.info.inputShape, ErrorCode::ShapeMismatch,
                    "the images become tensors of shape ", at::IntArrayRef(batch), ", the model ",
                    model.info.name, " takes ", at::IntArrayRef(model.info.inputShape),
                    ": resize them with --preprocessing, or change the model's with --input-shape");
}

} // namespace

std::unique_ptr<BatchLoader> openSplit(const DataRef& data, DatasetSplit split,
                                       const LoadedModel& model, BatchLoaderOptions options,
                                       JobContext& context)
{
    options.seed = context.seed;
    auto images =
        std::make_unique<BatchLoader>(openDataset(data.spec, split), preprocessingFor(data, model),
                                      options, context.control.stopToken());
    requireImagesFit(*images, model);
    return images;
}

std::shared_ptr<const LoadedModel> openJobModel(const ModelRef& ref, JobContext& context)
{
    auto model = context.models.open(ref, context.seed);
    for (const Phrase& note : model->notes) {
        context.info({PhraseId::Note, {note}});
    }
    return model;
}

std::shared_ptr<const LoadedModel> openComparedModel(ModelRef ref, const io::PackedSource& packed,
                                                     JobContext& context)
{
    const std::vector<std::int64_t> shape = packedInputShape(packed);
    if (!ref.inputShape.empty() || shape.empty()) {
        return openJobModel(ref, context);
    }
    ref.likelyShape = shape;
    auto model = openJobModel(ref, context);
    if (model->info.inputShape == shape) {
        return model;
    }
    ref.inputShape = shape;
    try {
        return openJobModel(ref, context);
    } catch (const Error& error) {
        fail(ErrorCode::ModelMismatch, ref.spec,
             " is not the model that was packed, whose input has the shape ",
             at::IntArrayRef(shape), ": ", error.what());
    }
}

void requireFiniteWeights(const LoadedModel& model)
{
    for (const graph::Parameter& parameter : model.graph->parameters()) {
        const at::Tensor& values = parameter.tensor;
        if (!values.is_floating_point() || values.numel() == 0) {
            continue;
        }
        const auto [low, high] = at::aminmax(values); // both are NaN where one value is
        if (!std::isfinite(low.item<double>()) || !std::isfinite(high.item<double>())) {
            const std::int64_t finite = at::isfinite(values).sum().item<std::int64_t>();
            fail(ErrorCode::NonFinite, parameter.name, ": ", values.numel() - finite, " of ",
                 values.numel(), " values are NaN or infinite");
        }
    }
}

void requirePlanOf(const BitPlan& plan, const LoadedModel& model)
{
    checkPlanAgainst(plan, model.info);
    const auto nameOf = [](const std::string& name, const std::string& fingerprint) {
        return (name.empty() ? std::string("a model without a name") : name) + " (" +
               (fingerprint.empty() ? std::string("no fingerprint") : fingerprint) + ")";
    };
    BITLOOM_REQUIRE(plan.modelFingerprint == model.info.fingerprint, ErrorCode::ModelMismatch,
                    "the plan ", plan.name, " was made for ",
                    nameOf(plan.modelName, plan.modelFingerprint), ", this model is ",
                    nameOf(model.info.name, model.info.fingerprint),
                    ", whose layers have the same names: bitloom plan create MODEL --from PLAN -o "
                    "NEW takes its bits over to this model");
}

c10::Device jobDevice(const JobContext& context)
{
    return c10::Device(context.device);
}

std::unique_ptr<BatchLoader> openImages(const DataRef& data, const LoadedModel& model,
                                        JobContext& context)
{
    BatchLoaderOptions options;
    options.batchSize = data.batchSize;
    if (data.limit > 0) {
        options.limit = data.limit;
    }
    const DatasetSplit split = data.split == "train" ? DatasetSplit::Train : DatasetSplit::Test;
    return openSplit(data, split, model, options, context);
}

std::unique_ptr<BatchLoader> openTrainingImages(const DataRef& data, std::int64_t batchSize,
                                                bool augment, const LoadedModel& model,
                                                JobContext& context)
{
    BatchLoaderOptions options;
    options.batchSize = batchSize;
    options.shuffle = true;
    options.augment = augment;
    if (data.limit > 0) {
        options.limit = data.limit;
    }
    return openSplit(data, DatasetSplit::Train, model, options, context);
}

std::unique_ptr<BatchLoader> openTestImages(DataRef data, const LoadedModel& model,
                                            JobContext& context)
{
    data.split = "test";
    data.limit = 0;
    return openImages(data, model, context);
}

std::unique_ptr<BatchLoader> openCalibrationImages(const DataRef& data,
                                                   const CalibrationOptions& calibration,
                                                   const LoadedModel& model, JobContext& context)
{
    BatchLoaderOptions options;
    options.batchSize = calibration.batchSize;
    options.limit = calibration.images;
    try {
        return openSplit(data, DatasetSplit::Train, model, options, context);
    } catch (const Error& error) {
        // Image folders often hold a validation split alone.
        if (error.code() != ErrorCode::BadDataset || !data.spec.starts_with("images:")) {
            throw;
        }
        context.warn(std::string(error.what()) + "; calibrating on the test images instead");
        return openSplit(data, DatasetSplit::Test, model, options, context);
    }
}

std::optional<QuantState> calibratePlan(const LoadedModel& model, const BitPlan& plan,
                                        const std::optional<DataRef>& data,
                                        const CalibrationOptions& options, JobContext& context)
{
    const QuantState kept = keptActivations(model, plan);
    const BitPlan unknown = withoutActivations(plan, kept);
    std::unique_ptr<BatchLoader> images;
    if (needsCalibrationImages(unknown) && data) {
        images = openCalibrationImages(*data, options, model, context);
    }
    auto state = calibrate(model, unknown, images.get(), jobDevice(context), context.control);
    if (images) {
        warnAboutSkipped(*images, context);
    }
    if (state) {
        state->activations.insert(kept.activations.begin(), kept.activations.end());
        state->activationRanges.insert(kept.activationRanges.begin(), kept.activationRanges.end());
    }
    return state;
}

std::optional<graph::Executor> makeJobExecutor(const LoadedModel& model,
                                               const std::optional<BitPlan>& plan,
                                               const std::optional<DataRef>& data,
                                               const CalibrationOptions& options,
                                               JobContext& context)
{
    if (!plan) {
        return makeStoredExecutor(model, jobDevice(context));
    }
    const auto state = calibratePlan(model, *plan, data, options, context);
    if (!state) {
        return std::nullopt;
    }
    return makeQuantizedExecutor(model, *plan, *state, jobDevice(context));
}

void warnAboutSkipped(const BatchLoader& images, const JobContext& context)
{
    constexpr std::size_t kListed = 10;
    const std::vector<SkippedImage>& skipped = images.skipped();
    for (std::size_t i = 0; i < std::min(kListed, skipped.size()); ++i) {
        context.warn("skipped " + skipped[i].itemId + ": " + skipped[i].reason);
    }
    if (skipped.size() > kListed) {
        context.warn("skipped " + std::to_string(skipped.size() - kListed) +
                     " more unreadable images");
    }
}

} // namespace bitloom::engine
