// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/script/script_emitter.h"

#include <optional>
#include <string>
#include <vector>

namespace bitloom::io::script {

// Rewrites of calls that compute or use sizes, each as rewriteCall() says. nullopt: the call stays
// as it is.

std::optional<std::vector<ValuePtr>> size(ScriptEmitter& emitter, const std::string& op,
                                          const std::vector<ValuePtr>& inputs, const Place& place);
std::optional<std::vector<ValuePtr>> view(ScriptEmitter& emitter, const std::string& op,
                                          const std::vector<ValuePtr>& inputs, const Place& place);
std::optional<std::vector<ValuePtr>> numberToTensor(ScriptEmitter& emitter, const std::string& op,
                                                    const std::vector<ValuePtr>& inputs,
                                                    const Place& place);
std::optional<std::vector<ValuePtr>> tensorToNumber(ScriptEmitter& emitter, const std::string& op,
                                                    const std::vector<ValuePtr>& inputs,
                                                    const Place& place);
std::optional<std::vector<ValuePtr>> sizeArithmetic(ScriptEmitter& emitter, const std::string& op,
                                                    const std::vector<ValuePtr>& inputs,
                                                    const Place& place);
std::optional<std::vector<ValuePtr>> scalarOperand(ScriptEmitter& emitter, const std::string& op,
                                                   const std::vector<ValuePtr>& inputs,
                                                   const Place& place);
std::optional<std::vector<ValuePtr>> identityIfSame(ScriptEmitter& emitter, const std::string& op,
                                                    const std::vector<ValuePtr>& inputs,
                                                    const Place& place);
std::optional<std::vector<ValuePtr>> pieces(ScriptEmitter& emitter, const std::string& op,
                                            const std::vector<ValuePtr>& inputs,
                                            const Place& place);
std::optional<std::vector<ValuePtr>> slice(ScriptEmitter& emitter, const std::string& op,
                                           const std::vector<ValuePtr>& inputs, const Place& place);

} // namespace bitloom::io::script
