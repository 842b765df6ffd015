// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/script/script_emitter.h"

#include <string>

namespace bitloom::io::script {

/// The attribute of a module: a child module with its path, a parameter or buffer (a value of the
/// graph under its path), or a constant; lists and tuples of these are opened. Errors: Unsupported
/// for packed and custom classes.
ValuePtr readAttribute(ScriptEmitter& emitter, const ScriptValue& object, const std::string& name,
                       const Place& place);

} // namespace bitloom::io::script
