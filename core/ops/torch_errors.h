// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <c10/util/Exception.h>

#include <new>
#include <utility>

namespace bitloom {

/// Runs body at a boundary of core: failures of LibTorch leave it as bitloom::Error (OutOfMemory or
/// Internal) with LibTorch's sentence and without its stack trace.
template <typename Body>
decltype(auto) withTorchErrors(Body&& body)
{
    try {
        return std::forward<Body>(body)();
    } catch (const c10::OutOfMemoryError& error) {
        fail(ErrorCode::OutOfMemory, error.what_without_backtrace());
    } catch (const c10::Error& error) {
        fail(ErrorCode::Internal, error.what_without_backtrace());
    } catch (const std::bad_alloc&) {
        fail(ErrorCode::OutOfMemory, "not enough memory");
    }
}

} // namespace bitloom
