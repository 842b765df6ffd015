// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/executor.h"
#include "core/io/loaded_model.h"
#include "core/types/bit_plan.h"
#include "core/types/quant_state.h"

#include <c10/core/Device.h>

#include <memory>
#include <string>
#include <vector>

namespace bitloom {

/// The model's graph with its parameters on a device.
std::shared_ptr<const graph::Graph> graphOn(const LoadedModel& model, c10::Device device);

/// Where one activation tensor meets the layers that read it.
struct ActivationSite {
    graph::ValueIndex value = graph::kNoValue;
    std::vector<graph::Reader> readers;
};
/// Errors: NotFound for a name that is no activation tensor of the model.
ActivationSite activationSite(const LoadedModel& model, const std::string& tensor);

/// Where a plan quantizes the tensor: no readers mean all of them.
ActivationSite activationSite(const LoadedModel& model, const TensorPlan& tensor);

/// The quantizers that a plan puts on activations, as attachments of an executor.
/// Errors: InvalidArgument for an entry without grid in the state.
graph::ExecutorOptions activationQuantizers(const LoadedModel& model, const BitPlan& plan,
                                            const QuantState& state, c10::Device device);

/// The model under a plan: each weight replaced by its rounded self once, each activation rounded
/// for the layers that read it (and for nobody else: a residual sum sees the unrounded tensor), or,
/// where the plan says quantizedAt, that value for all its readers.
/// Errors: ModelMismatch for a plan of another model; InvalidArgument for an entry without grid in
/// the state.
graph::Executor makeQuantizedExecutor(const LoadedModel& model, const BitPlan& plan,
                                      const QuantState& state, c10::Device device);

/// A packed file as it is: weights as the codes say, activations on the stored grids. In floating
/// point where the model came from no packed file.
graph::Executor makeStoredExecutor(const LoadedModel& model, c10::Device device);

} // namespace bitloom
