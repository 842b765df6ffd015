// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <string_view>
#include <utility>

namespace bitloom::graph {

/// Rethrows the exception being handled as bitloom::Error "context: <first line of LibTorch's
/// message>". Codes: OutOfMemory for a failed allocation on any device, Unsupported for an operator
/// without a kernel there, Internal for a broken device, InvalidArgument for everything else
/// (operators mostly complain about their arguments). A bitloom::Error keeps its code and gets the
/// context. Call it inside a catch block only.
[[noreturn]] void rethrowTorchError(std::string_view context);

/// Runs body; whatever LibTorch throws leaves it as bitloom::Error with the context in front.
template <typename Body>
decltype(auto) translateTorchErrors(std::string_view context, Body&& body)
{
    try {
        return std::forward<Body>(body)();
    } catch (...) {
        rethrowTorchError(context);
    }
}

} // namespace bitloom::graph
