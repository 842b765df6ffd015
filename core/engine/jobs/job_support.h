// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/data/batch_loader.h"
#include "core/engine/job_context.h"
#include "core/graph/executor.h"
#include "core/io/loaded_model.h"
#include "core/io/model_source.h"
#include "core/methods/verification.h"
#include "core/types/conversion.h"
#include "core/types/quant_state.h"

#include <c10/core/Device.h>

#include <memory>
#include <optional>
#include <string>

namespace bitloom::io {
class PackedSource;
}

namespace bitloom::engine {

/// Opens the job's model and passes its notes on.
std::shared_ptr<const LoadedModel> openJobModel(const ModelRef& ref, JobContext& context);

/// The same of a model that packed weights are compared with: at the shape that their network
/// takes, where ref states none, since that is the shape they were packed at.
std::shared_ptr<const LoadedModel> openComparedModel(ModelRef ref, const io::PackedSource& packed,
                                                     JobContext& context);

/// Errors: NonFinite with the first parameter that holds NaN or infinite values, and their count.
void requireFiniteWeights(const LoadedModel& model);

/// What is packed states its model by the plan, so that must be this one. Errors: ModelMismatch
/// with both models, and what to do.
void requirePlanOf(const BitPlan& plan, const LoadedModel& model);

c10::Device jobDevice(const JobContext& context);

/// A split of the data, prepared as the model expects it; the seed is the
/// context's. Errors: ShapeMismatch for images that do not fit the model.
std::unique_ptr<BatchLoader> openSplit(const DataRef& data, DatasetSplit split,
                                       const LoadedModel& model, BatchLoaderOptions options,
                                       JobContext& context);

/// The images to run on, in file order, prepared as the model expects them.
/// Errors: ShapeMismatch if the preprocessing makes them another size than the model takes.
std::unique_ptr<BatchLoader> openImages(const DataRef& data, const LoadedModel& model,
                                        JobContext& context);

/// The training split, shuffled anew in each epoch; the data's limit counts.
std::unique_ptr<BatchLoader> openTrainingImages(const DataRef& data, std::int64_t batchSize,
                                                bool augment, const LoadedModel& model,
                                                JobContext& context);

/// The whole test split of data that is trained on.
std::unique_ptr<BatchLoader> openTestImages(DataRef data, const LoadedModel& model,
                                            JobContext& context);

/// The first images of the training split in file order.
std::unique_ptr<BatchLoader> openCalibrationImages(const DataRef& data,
                                                   const CalibrationOptions& options,
                                                   const LoadedModel& model, JobContext& context);

/// Grids of a plan, calibrated where it needs images; entries that are as in the plan of packed
/// weights keep the grids that came with them. nullopt when cancelled.
/// Errors: InvalidArgument if it needs images and data is absent.
std::optional<QuantState> calibratePlan(const LoadedModel& model, const BitPlan& plan,
                                        const std::optional<DataRef>& data,
                                        const CalibrationOptions& options, JobContext& context);

/// The network as a job runs it: under the plan if there is one, calibrated where it needs images,
/// else as it is stored. nullopt when cancelled. Errors: as calibratePlan.
std::optional<graph::Executor> makeJobExecutor(const LoadedModel& model,
                                               const std::optional<BitPlan>& plan,
                                               const std::optional<DataRef>& data,
                                               const CalibrationOptions& options,
                                               JobContext& context);

/// What is to be made of a model under a plan: without input, with the format in `to`.
ConversionRequest exportRequest(const std::string& output,
                                const std::optional<WeightFormat>& to = std::nullopt);

/// Writes the file, reads it back and compares; it appears under its name when all agrees. Packed
/// models are proven as a whole, of other formats each tensor against what its codes become there.
/// request: of exportRequest(). Returns the proof as a sheet; nullopt when cancelled.
/// Errors: VerifyFailed naming the first differences.
std::optional<PackSheet> packAndProve(const ConversionRequest& request, const LoadedModel& model,
                                      const BitPlan& plan, const QuantState& state,
                                      const io::PackInfo& info, JobContext& context);

/// Passes the loader's unreadable images on as warnings.
void warnAboutSkipped(const BatchLoader& images, const JobContext& context);

} // namespace bitloom::engine
