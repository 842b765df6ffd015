// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"

#include "core/methods/evaluation.h"
#include "core/types/json_output.h"

namespace bitloom::engine {

namespace {

/// Names by class; empty where the dataset has none.
std::vector<std::string> classNamesOf(const Dataset& dataset)
{
    std::vector<std::string> names;
    bool named = false;
    for (std::int64_t label = 0; label < dataset.classCount(); ++label) {
        names.push_back(dataset.className(label));
        named = named || !names.back().empty();
    }
    return named ? names : std::vector<std::string>();
}

void describePredictions(const EvalJob& job, const LoadedModel& model, const Dataset& dataset,
                         Predictions& predictions)
{
    predictions.modelName = model.info.name;
    predictions.modelFingerprint = model.info.fingerprint;
    predictions.plan = job.plan ? job.plan->name : model.stored ? model.stored->plan.name : "";
    predictions.data = job.data.spec;
    predictions.split = job.data.split;
    predictions.classNames = classNamesOf(dataset);
}

} // namespace

JobOutcome run(const EvalJob& job, JobContext& context)
{
    const auto model = openJobModel(job.model, context);
    requireFiniteWeights(*model);
    const auto executor = makeJobExecutor(*model, job.plan, job.data, job.calibration, context);
    if (!executor) {
        return {{}, false};
    }
    const auto images = openImages(job.data, *model, context);
    EvalResult result =
        evaluate(*executor, *images, jobDevice(context), context.control, job.keepPredictions);
    if (result.predictions) {
        describePredictions(job, *model, images->dataset(), *result.predictions);
    }
    warnAboutSkipped(*images, context);
    context.post(Metric{"top1_percent", result.top1Percent(), result.images});
    return {toJson(result), result.finished};
}

} // namespace bitloom::engine
