// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/script/script_value.h"

#include <memory>
#include <string>
#include <vector>

namespace bitloom::io::script {

/// True for operators that turn the contents of a tensor into a number (aten::item). All other
/// numbers that an operator returns describe shapes and types.
bool readsData(const std::string& op);

/// True if the size of the result depends on the contents of the input (aten::nonzero).
bool hasDataShapedResult(const std::string& op);

/// True if a second call with the same arguments gives another result.
bool isRandom(const std::string& op);

/// What a number computed from the value's shape and type was computed from.
Origin numberOrigin(const ScriptValue& value);

/// The alias group of the input whose memory the result shares; nullptr if there is none.
std::shared_ptr<AliasGroup> sharedMemory(const c10::IValue& result,
                                         const std::vector<ValuePtr>& inputs);

} // namespace bitloom::io::script
