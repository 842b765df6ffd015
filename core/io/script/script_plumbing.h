// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/script/script_emitter.h"

#include <optional>
#include <string>
#include <vector>

namespace bitloom::io::script {

/// Operators on lists, tuples and dictionaries whose length is known: they move values around and
/// leave no node. op is the name without overload ("aten::append"). nullopt: not plumbing, call it
/// like any other operator. Errors: Unsupported for a position or key that depends on the input
/// data or the batch size.
std::optional<std::vector<ValuePtr>> plumbing(ScriptEmitter& emitter, const std::string& op,
                                              const std::vector<ValuePtr>& inputs,
                                              const Place& place);

/// The value as a number, bool or string that is the same in every run.
/// what names it in the message: "the trip count of a loop".
/// Errors: Unsupported if it depends on the input's data or on the batch size.
c10::IValue knownValue(const ScriptValue& value, const std::string& what, const Place& place);

/// The items of a list or tuple; a list that an operator returned is taken apart.
std::vector<ValuePtr> itemsOf(ScriptEmitter& emitter, const ValuePtr& value, const Place& place);

} // namespace bitloom::io::script
