// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/packed/hdf5_file.h"
#include "core/io/packed/packed_file.h"

#include <string_view>

// Internal to core/io: what writer and reader of packed files share.
namespace bitloom::io {

inline constexpr std::string_view kPackedFormat = "bitloom.packed";
inline constexpr int kPackedMajor = 1;
inline constexpr int kPackedMinor = 0;

/// How values of a raw tensor lie in HDF5: bfloat16 as uint16 bit patterns, bool as uint8, complex
/// numbers as pairs. Errors: Unsupported for a dtype without bytesOfDtype().
hdf5::ElementType elementTypeOfDtype(std::string_view dtype);

} // namespace bitloom::io
