// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/util/Exception.h>

#include <functional>
#include <string>

namespace bitloom::test {

/// True where the operator refuses, as PyTorch's operators do, with the text in its sentence.
inline bool c10ErrorHolds(const std::function<void()>& body, const std::string& text)
{
    try {
        body();
    } catch (const c10::Error& error) {
        return std::string(error.what_without_backtrace()).find(text) != std::string::npos;
    }
    return false;
}

} // namespace bitloom::test
