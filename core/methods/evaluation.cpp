// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/evaluation.h"

#include "core/base/error.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>

#include <chrono>

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

void countBatch(const at::Tensor& logits, const at::Tensor& labels, EvalResult& result)
{
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
    }
}

} // namespace

EvalResult evaluate(const graph::Executor& executor, BatchLoader& images, c10::Device device,
                    RunControl& control)
{
    const c10::InferenceMode inference;
    const auto start = std::chrono::steady_clock::now();
    EvalResult result;
    result.finished = false;
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
        countBatch(outputs->front().toTensor(), batch->labels, result);
        control.report({"evaluating", result.images, images.imageCount(), "images"});
    }
    result.skippedImages = static_cast<std::int64_t>(images.skipped().size());
    result.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

} // namespace bitloom
