// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <cstddef>
#include <span>
#include <string>

// Internal to core/io: how failures of HDF5 become errors of ours.
namespace bitloom::hdf5 {

/// The innermost reason on HDF5's error stack, which is then cleared.
std::string libraryReason();

[[noreturn]] void failFromLibrary(ErrorCode code, const std::string& what);

/// Passes a result of HDF5 on; a negative one becomes an Error that names what and HDF5's reason.
template <typename Result>
Result required(Result result, ErrorCode code, const std::string& what)
{
    if (result < 0) {
        failFromLibrary(code, what);
    }
    return result;
}

/// The first bytes of a foreign file for people: its kind where it is known, else the bytes.
std::string describeStart(std::span<const std::byte> bytes);

} // namespace bitloom::hdf5
