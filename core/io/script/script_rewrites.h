// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/script/script_emitter.h"

#include <optional>
#include <string>
#include <vector>

namespace bitloom::io::script {

/// Replaces one operator call by its canonical form, so that tracing, scripting and hand-building
/// the same network give the same graph: the general convolution becomes conv1d/2d/3d or
/// conv_transpose*, dropout in eval mode disappears, split and chunk become slices, sizes of a view
/// become constants with -1 for the batch, conversions between numbers and 0-dim tensors are
/// undone, addmm with a transposed weight becomes linear. nullopt: the call is canonical already.
///
/// Numerics: each rewrite computes the same bits.
/// Errors: Unsupported for batch norm and dropout that were recorded in training mode.
std::optional<std::vector<ValuePtr>> rewriteCall(ScriptEmitter& emitter, const std::string& op,
                                                 const std::vector<ValuePtr>& inputs,
                                                 const Place& place);

} // namespace bitloom::io::script
