// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <span>
#include <type_traits>

namespace bitloom {

/// a * b for sizes that come from files. Throws CorruptFile on overflow; what names the quantity.
template <typename Int>
Int checkedMultiply(Int a, Int b, std::string_view what)
{
    static_assert(std::is_integral_v<Int>);
    Int result{};
    BITLOOM_REQUIRE(!__builtin_mul_overflow(a, b, &result), ErrorCode::CorruptFile, what,
                    " is too large: ", a, " times ", b, " does not fit 64 bits");
    return result;
}

/// a + b for offsets that come from files. Throws CorruptFile on overflow.
template <typename Int>
Int checkedAdd(Int a, Int b, std::string_view what)
{
    static_assert(std::is_integral_v<Int>);
    Int result{};
    BITLOOM_REQUIRE(!__builtin_add_overflow(a, b, &result), ErrorCode::CorruptFile, what,
                    " is too large: ", a, " plus ", b, " does not fit 64 bits");
    return result;
}

/// Number of elements of a shape from a file: dimensions must be >= 0 and the product must fit
/// int64.
inline std::int64_t checkedNumel(std::span<const std::int64_t> shape, std::string_view what)
{
    std::int64_t count = 1;
    for (const std::int64_t size : shape) {
        BITLOOM_REQUIRE(size >= 0, ErrorCode::CorruptFile, what, " has the negative size ", size);
        count = checkedMultiply(count, size, what);
    }
    return count;
}

constexpr std::int64_t ceilDivide(std::int64_t a, std::int64_t b)
{
    return (a + b - 1) / b;
}

} // namespace bitloom
