// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"

#include "core/methods/evaluation.h"
#include "core/methods/quantized_executor.h"
#include "core/types/json_output.h"

namespace bitloom::engine {

JobOutcome run(const EvalJob& job, JobContext& context)
{
    const auto model = openJobModel(job.model, context);
    requireFiniteWeights(*model);
    const c10::Device device = jobDevice(context);
    std::optional<QuantState> state;
    if (job.plan) {
        state = calibratePlan(*model, *job.plan, job.data, job.calibration, context);
        if (!state) {
            return {{}, false};
        }
    }
    const graph::Executor executor = state
                                         ? makeQuantizedExecutor(*model, *job.plan, *state, device)
                                         : makeStoredExecutor(*model, device);
    const auto images = openImages(job.data, *model, context);
    const EvalResult result = evaluate(executor, *images, device, context.control);
    warnAboutSkipped(*images, context);
    context.post(Metric{"top1_percent", result.top1Percent(), result.images});
    return {toJson(result), result.finished};
}

} // namespace bitloom::engine
