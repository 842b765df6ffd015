// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/io/npy.h"
#include "core/methods/histograms.h"
#include "core/types/json_output.h"

#include <c10/core/InferenceMode.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <utility>

namespace bitloom::engine {

using Json = nlohmann::ordered_json;

JobOutcome run(const InspectJob& job, JobContext& context)
{
    return {toJson(openJobModel(job.model, context)->info)};
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

at::Tensor readInput(const InferJob& job, const LoadedModel& model)
{
    at::Tensor input = io::readNpy(job.input);
    BITLOOM_REQUIRE(input.scalar_type() == at::kFloat, ErrorCode::InvalidArgument, job.input,
                    " holds ", input.scalar_type(), " values: float32 is expected");
    const at::IntArrayRef shape = model.info.inputShape;
    const bool fits = input.dim() == static_cast<std::int64_t>(shape.size()) &&
                      (shape.empty() || input.sizes().slice(1) == shape.slice(1));
    BITLOOM_REQUIRE(fits, ErrorCode::ShapeMismatch, job.input, " has shape ", input.sizes(),
                    ": the model takes ", shape,
                    " with any batch size in front; another image size is given with "
                    "--input-shape");
    return input;
}

} // namespace

JobOutcome run(const InferJob& job, JobContext& context)
{
    requireWritable(job.output);
    const auto model = openJobModel(job.model, context);
    const at::Tensor input = readInput(job, *model).to(jobDevice(context));
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
    const at::Tensor output = outputs->front().toTensor().to(at::kCPU);
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
