// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/data/batch_loader.h"
#include "core/graph/executor.h"
#include "core/types/results.h"

#include <c10/core/Device.h>

namespace bitloom {

/// Top-1 and top-5 over all images of the loader. A class wins a tie by its lower index.
///
/// keepPredictions: the result names each image with its label, predicted class and confidence, in
/// the loader's order; what model, plan and data these are of is left to the caller.
/// Cancel: counts of the batches seen so far, finished == false.
/// Errors: NonFinite if the logits hold NaN; BadDataset for a label that the model's output does
/// not have.
EvalResult evaluate(const graph::Executor& executor, BatchLoader& images, c10::Device device,
                    RunControl& control, bool keepPredictions = false);

} // namespace bitloom
