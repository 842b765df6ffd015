// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/evaluation.h"

#include "core/base/error.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace bitloom {

namespace {

/// The number of classes that beat the label: 0 = the label wins.
std::int64_t rankOf(const float* logits, std::int64_t classes, std::int64_t label)
{
    const float value = logits[label];
    std::int64_t rank = 0;
    for (std::int64_t k = 0; k < classes; ++k) {
        rank += logits[k] > value || (logits[k] == value && k < label) ? 1 : 0;
    }
    return rank;
}

/// Softmax of the largest logit in percent, to six decimals: what a person can read.
double confidencePercent(const float* logits, std::int64_t classes, std::int64_t best)
{
    double sum = 0;
    for (std::int64_t k = 0; k < classes; ++k) {
        sum += std::exp(double{logits[k]} - double{logits[best]});
    }
    return std::round(100e6 / sum) / 1e6;
}

void keepPrediction(const float* logits, std::int64_t classes, std::int64_t image,
                    std::int64_t label, Predictions& predictions)
{
    const std::int64_t best = std::max_element(logits, logits + classes) - logits;
    predictions.images.push_back(image);
    predictions.labels.push_back(label);
    predictions.predicted.push_back(best);
    predictions.confidencesPercent.push_back(confidencePercent(logits, classes, best));
}

void countBatch(const at::Tensor& logits, const Batch& batch, EvalResult& result)
{
    const at::Tensor& labels = batch.labels;
    BITLOOM_REQUIRE(logits.dim() == 2 && logits.size(0) == labels.size(0), ErrorCode::ShapeMismatch,
                    "accuracy needs one row of logits per image: expected (", labels.size(0),
                    ", classes), got ", logits.sizes());
    const at::Tensor rows = logits.to(at::kCPU, at::kFloat).contiguous();
    BITLOOM_REQUIRE(rows.isfinite().all().item<bool>(), ErrorCode::NonFinite,
                    "the model's logits hold NaN or Inf after ", result.images, " images");
    const std::int64_t classes = rows.size(1);
    const float* data = rows.const_data_ptr<float>();
    const auto* label = labels.const_data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
        BITLOOM_REQUIRE(label[i] >= 0 && label[i] < classes, ErrorCode::BadDataset,
                        "an image has the label ", label[i], ", but the model tells ", classes,
                        " classes apart (0..", classes - 1, ")");
        const std::int64_t rank = rankOf(data + i * classes, classes, label[i]);
        result.correct += rank == 0 ? 1 : 0;
        result.correctTop5 += rank < 5 ? 1 : 0;
        ++result.images;
        if (result.predictions) {
            keepPrediction(data + i * classes, classes, batch.indices[static_cast<std::size_t>(i)],
                           label[i], *result.predictions);
        }
    }
}

} // namespace

EvalResult evaluate(const graph::Executor& executor, BatchLoader& images, c10::Device device,
                    RunControl& control, bool keepPredictions)
{
    const c10::InferenceMode inference;
    const auto start = std::chrono::steady_clock::now();
    EvalResult result;
    result.finished = false;
    if (keepPredictions) {
        result.predictions.emplace();
    }
    images.startEpoch(0);
    while (true) {
        if (control.shouldStop()) {
            break;
        }
        const std::optional<Batch> batch = images.next();
        if (!batch) {
            result.finished = !images.stopped();
            break;
        }
        const auto outputs = executor.run({batch->images.to(device)}, control.stopToken());
        if (!outputs) {
            break;
        }
        countBatch(outputs->front().toTensor(), *batch, result);
        control.report({"evaluating", result.images, images.imageCount(), "images"});
    }
    result.skippedImages = static_cast<std::int64_t>(images.skipped().size());
    result.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

} // namespace bitloom
