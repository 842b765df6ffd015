// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>

namespace bitloom::ops {

/// The dispatcher's handle of an operator without overloads; Signature is its C++ function type.
template <typename Signature>
c10::TypedOperatorHandle<Signature> findOperator(const char* name)
{
    return c10::Dispatcher::singleton().findSchemaOrThrow(name, "").typed<Signature>();
}

} // namespace bitloom::ops
