// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/graph/passes/record_shapes.h"
#include "core/io/model_file.h"
#include "core/io/state/npy.h"
#include "core/methods/histograms.h"
#include "core/types/json_output.h"
#include "core/types/model_report.h"

#include <c10/core/InferenceMode.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <utility>

namespace bitloom::engine {

using Json = nlohmann::ordered_json;

namespace {

/// "w4@packed.h5": the plan that a file calls w4. A file that was made of an opened one has its
/// own name only.
std::string nameOfPlanIn(const std::filesystem::path& file, const std::string& name)
{
    const std::string own = name.substr(0, name.find('@'));
    const std::filesystem::path last = (file / "").parent_path().filename(); // folders may end in /
    return own + (own.empty() ? "" : "@") + last.string();
}

} // namespace

JobOutcome run(const InspectJob& job, JobContext& context)
{
    const auto model = openJobModel(job.model, context);
    ModelReport report{model->info, {}, {}};
    if (model->stored) {
        report.plan = model->stored->plan;
        report.plan->name = nameOfPlanIn(modelFilePath(job.model.spec), report.plan->name);
        report.planGaps = model->stored->gaps;
        for (const Phrase& gap : report.planGaps) {
            context.info({PhraseId::Note, {gap}});
        }
    }
    return {toJson(report)};
}

JobOutcome run(const HistogramJob& job, JobContext& context)
{
    const auto model = openJobModel(job.model, context);
    Json list = Json::array();
    for (const WeightHistogram& histogram : weightHistograms(*model, job.plan, job.bins)) {
        list.push_back(Json::parse(toJson(histogram)));
    }
    return {Json{{"histograms", std::move(list)}}.dump()};
}

namespace {

/// What the network's input is: whole numbers (tokens), or floating point.
c10::ScalarType inputType(const LoadedModel& model)
{
    return graph::exampleInputs(*model.graph).front().toTensor().scalar_type();
}

/// Whole numbers for models that take them, float32 for all others.
void requireType(const at::Tensor& input, const InferJob& job, const LoadedModel& model)
{
    const bool takesIndices = at::isIntegralType(inputType(model), false);
    const bool fits = takesIndices ? at::isIntegralType(input.scalar_type(), false)
                                   : input.scalar_type() == at::kFloat;
    BITLOOM_REQUIRE(fits, ErrorCode::InvalidArgument, job.input, " holds ", input.scalar_type(),
                    " values: ", takesIndices ? "whole numbers are" : "float32 is", " expected");
}

void requireShape(const at::Tensor& input, const InferJob& job, const LoadedModel& model)
{
    const at::IntArrayRef shape = model.info.inputShape;
    const bool fits = input.dim() == static_cast<std::int64_t>(shape.size()) &&
                      (shape.empty() || input.sizes().slice(1) == shape.slice(1));
    BITLOOM_REQUIRE(fits, ErrorCode::ShapeMismatch, job.input, " has shape ", input.sizes(),
                    ": the model takes ", shape,
                    " with any batch size in front; another image size is given with "
                    "--input-shape");
}

} // namespace

JobOutcome run(const InferJob& job, JobContext& context)
{
    requireWritable(job.output);
    const at::Tensor file = io::readNpy(job.input);
    ModelRef reference = job.model;
    reference.likelyShape = file.sizes().vec();
    if (!reference.likelyShape.empty()) {
        reference.likelyShape.front() = 1;
    }
    const auto model = openJobModel(reference, context);
    requireType(file, job, *model);
    requireShape(file, job, *model);
    const at::Tensor input = file.to(jobDevice(context), inputType(*model));
    const c10::InferenceMode inference;
    const auto executor = makeJobExecutor(*model, job.plan, job.data, job.calibration, context);
    if (!executor) {
        return {{}, false};
    }
    const auto start = std::chrono::steady_clock::now();
    const auto outputs = executor->run({input}, context.control.stopToken());
    if (!outputs) {
        return {{}, false};
    }
    at::Tensor output = outputs->front().toTensor().to(at::kCPU);
    if (output.scalar_type() == at::kBFloat16) { // which numpy does not have; each is a float32
        output = output.to(at::kFloat);
    }
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    io::writeNpy(job.output, output);
    return {Json{{"input_shape", input.sizes().vec()},
                 {"output_shape", output.sizes().vec()},
                 {"seconds", seconds},
                 {"output", job.output}}
                .dump()};
}

} // namespace bitloom::engine
