// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/example_jobs.h"

#include "core/engine/method_catalog.h"
#include "core/types/model_spec.h"

namespace bitloom::engine {

namespace {
constexpr const char* kNetwork = "lenet5";
}

DataRef exampleImages(const ExampleTraining& training, std::int64_t limit)
{
    DataRef data;
    data.spec = "digits:" + std::to_string(training.images);
    data.limit = limit;
    return data;
}

TrainJob exampleTrainJob(const ExampleTraining& training, const std::string& weights)
{
    TrainJob job;
    job.model = {specOfArchitecture(kNetwork), {}};
    job.data = exampleImages(training, 0);
    job.output = weights;
    job.epochs = training.epochs;
    job.learningRate = training.learningRate;
    job.batchSize = training.batchSize;
    return job;
}

SearchJob exampleSearchJob(const ExampleTraining& training, const std::string& weights)
{
    SearchJob job;
    job.method = "bayesian-bits";
    job.model = exampleModel(weights);
    job.data = exampleImages(training, 0);
    const OptionSchema& schema = *methodNamed(job.method).options;
    OptionValues said;
    said.set("epochs", kExampleSearchEpochs);
    job.options = schema.completed(schema.preset("quick"), said);
    return job;
}

ModelRef exampleModel(const std::string& weights)
{
    return {specOfArchitecture(kNetwork, weights), {}};
}

} // namespace bitloom::engine
