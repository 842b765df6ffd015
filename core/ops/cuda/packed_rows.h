// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ops/cuda/launch.h"

#include <cstdint>

namespace bitloom::ops::cuda {

enum class PackedElement { UInt8, Int16, Int32, Float16, Float32 };

/// Rows of codes and the values that they stand for; device pointers of dense memory.
struct PackedRowsProblem {
    std::int64_t rows;
    std::int64_t columns;
    std::int64_t rowBytes;
    std::int64_t offset; ///< code = value + offset
    int bits;            ///< 1 to 16
    bool msbFirst;
    PackedElement element;
};

/// values gets code - offset. One launch; each packed byte is read once, values are written in
/// pieces of 16 bytes. values: aligned to 16 bytes.
Status launchUnpackRows(const PackedRowsProblem& problem, const std::uint8_t* packed, void* values,
                        Stream stream);

/// packed gets the codes, zeros behind them. One launch.
/// firstBad: holds rows * columns before; after it the place of the first value without a code, if
/// there is one.
Status launchPackRows(const PackedRowsProblem& problem, const void* values, std::uint8_t* packed,
                      unsigned long long* firstBad, Stream stream);

} // namespace bitloom::ops::cuda
