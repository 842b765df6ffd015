// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobs/job_support.h"

#include "core/base/atomic_file.h"
#include "core/io/state/state_dict.h"
#include "core/methods/training.h"
#include "core/types/json_output.h"

#include <nlohmann/json.hpp>

namespace bitloom::engine {

using Json = nlohmann::ordered_json;

namespace {

std::string resultJson(const TrainingResult& result, const TrainJob& job)
{
    Json epochs = Json::array();
    for (const EpochResult& epoch : result.epochs) {
        epochs.push_back(Json::parse(toJson(epoch)));
    }
    return Json{{"epochs", epochs}, {"weights", job.output}, {"finished", result.finished}}.dump();
}

} // namespace

JobOutcome run(const TrainJob& job, JobContext& context)
{
    requireWritable(job.output);
    const auto model = openJobModel(job.model, context);
    requireFiniteWeights(*model);
    const auto images = openTrainingImages(job.data, job.batchSize, job.augment, *model, context);
    const auto test = openTestImages(job.data, *model, context);
    TrainingOptions options;
    options.epochs = job.epochs;
    options.useSgd = job.optimizer == "sgd";
    options.learningRate = job.learningRate;
    options.weightDecay = job.weightDecay;
    const TrainingResult result = train(
        *model->graph, *images, test.get(), jobDevice(context), options, context.control,
        [&](const TrainingResult& soFar) {
            const EpochResult& epoch = soFar.epochs.back();
            context.post(Metric{"loss", epoch.loss, epoch.epoch});
            context.post(Metric{"train_top1_percent", epoch.trainTop1Percent, epoch.epoch});
            if (epoch.testTop1Percent) {
                context.post(Metric{"test_top1_percent", *epoch.testTop1Percent, epoch.epoch});
            }
            io::StateDict state;
            state.tensors = soFar.state;
            io::writeStateDict(job.output, state);
        });
    warnAboutSkipped(*images, context);
    return {resultJson(result, job), result.finished};
}

} // namespace bitloom::engine
