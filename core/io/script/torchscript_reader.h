// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"
#include "core/types/phrase.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace bitloom::io {

/// What the reader cannot always find in the file.
struct TorchScriptOptions {
    /// One shape per tensor input of forward, batch first, e.g. {{1, 3, 224, 224}}. Empty: the
    /// shapes the model was traced with where the file holds them, else a guess from the first
    /// weight that meets the input.
    std::vector<std::vector<std::int64_t>> inputShapes;
    /// Tried before all guesses, where a guess is needed: the shape of what is to be run.
    std::vector<std::int64_t> likelyShape = {};
};

/// A TorchScript model as a static graph, and what had to be decided on the way.
struct TorchScriptModel {
    graph::Graph graph;
    std::vector<Phrase>
        notes; ///< one sentence each: guessed shape, resolved branches, fused operators, outputs
};

/// Reads what torch.jit.trace or torch.jit.script saved and turns forward() in eval mode into a
/// static graph.
///
/// The method graphs are walked once with two example inputs that differ only in their batch size.
/// Calls are entered, loops unrolled and branches resolved; list and tuple plumbing disappears. A
/// number that is the same for both batch sizes becomes a constant (so all sizes but the batch are
/// fixed by the input shape), one that differs stays a value of the graph. In-place operators
/// become their functional twins. Parameters are named by their module path.
///
/// Numerics: The graph runs the model's own operators in the model's order, so results are equal
/// bit for bit on the same number of threads. Parameters keep requires_grad as it was saved:
/// LibTorch's matmul chooses its kernel by it, even when no gradient is recorded. Conditions on
/// gradient mode are resolved as in training, so scripted models do not take the inference-only
/// kernels of nn.TransformerEncoderLayer and nn.MultiheadAttention. Errors: UnknownFormat /
/// CorruptFile for files that are not TorchScript; Unsupported for data-dependent control flow,
/// writes to views or to the module's own state, packed (quantized) weights, Python operators;
/// ShapeMismatch if the model does not run on the given or on any guessed input shape. Threads: any
/// thread, one at a time. Cost: two forward passes, at batch 1 and 2, with all results kept.
TorchScriptModel readTorchScript(const std::filesystem::path& path,
                                 const TorchScriptOptions& options = {});

} // namespace bitloom::io
