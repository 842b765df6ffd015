// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace bitloom::io {

/// uint8, int8, int16, int32 and int64: the types whose values are packed.
bool isIntegerType(c10::ScalarType type);

struct IntegerRange {
    std::int64_t low = 0;
    std::int64_t high = 0;

    /// high - low, which may not fit int64.
    std::uint64_t span() const
    {
        return static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
    }
    bool fitsInt32() const;
};

/// Smallest and largest value of a tensor of an integer type; nullopt for an empty one.
/// Numerics: widened to 64 bits first. Shapes: contiguous.
std::optional<IntegerRange> rangeOf(const at::Tensor& integers);

/// Calls use(std::span<const T>) with the values of a contiguous tensor of an integer type.
template <typename Use>
void visitIntegers(const at::Tensor& integers, Use use)
{
    const auto values = [&]<typename T>(T) {
        use(std::span(integers.const_data_ptr<T>(), static_cast<std::size_t>(integers.numel())));
    };
    switch (integers.scalar_type()) {
    case at::kByte:
        return values(std::uint8_t{});
    case at::kChar:
        return values(std::int8_t{});
    case at::kShort:
        return values(std::int16_t{});
    case at::kInt:
        return values(std::int32_t{});
    case at::kLong:
        return values(std::int64_t{});
    default:
        fail(ErrorCode::InvalidArgument, "integers were expected, the tensor is of type ",
             c10::toString(integers.scalar_type()));
    }
}

/// A floating point tensor whose values are integers, as int32 where they fit it and int64 else.
///
/// tolerance: how far from an integer a value may be; rounded to nearest, ties to even.
/// Errors: InvalidArgument naming the first value that is no integer (NaN and infinities are none)
///         and how many there are; Unsupported for complex and boolean tensors.
at::Tensor exactIntegers(const std::string& name, const at::Tensor& tensor, double tolerance = 0);

/// A tensor of an integer type in another type. Errors: InvalidArgument naming the first value that
/// the type cannot hold (of float types: exactly).
at::Tensor convertIntegers(const std::string& name, const at::Tensor& integers,
                           c10::ScalarType type);

/// "[17]", "[1, 0, 3]": a place in a tensor by its number in C order.
std::string indexText(std::int64_t at, at::IntArrayRef shape);

} // namespace bitloom::io
