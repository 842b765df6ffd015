// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"
#include "core/pack/value_packer.h"

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

/// The types whose values packValues() and scanValues() take from where they lie: the integer
/// types, float16 and float32.
bool isPackableType(c10::ScalarType type);

/// Smallest and largest value of a tensor of a packable type; nullopt for an empty one.
/// Numerics: widened to 64 bits first. Shapes: contiguous.
/// Errors: those of exactIntegers() where a value is no integer.
std::optional<IntegerRange> rangeOf(const std::string& name, const at::Tensor& tensor);

/// Calls use(std::span<const T>) with the values of a contiguous tensor of a packable type; float16
/// as Half.
template <typename Use>
void visitPackable(const at::Tensor& tensor, Use use)
{
    const auto count = static_cast<std::size_t>(tensor.numel());
    const auto values = [&]<typename T>(T) { use(std::span(tensor.const_data_ptr<T>(), count)); };
    switch (tensor.scalar_type()) {
    case at::kHalf:
        return use(std::span(static_cast<const Half*>(tensor.const_data_ptr()), count));
    case at::kFloat:
        return values(float{});
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
             c10::toString(tensor.scalar_type()));
    }
}

/// A floating point tensor whose values are integers, as int32 where they fit it and int64 else.
///
/// tolerance: how far from an integer a value may be; rounded to nearest, ties to even.
/// Errors: InvalidArgument naming the first value that is no integer (NaN and infinities are none)
///         and how many there are; Unsupported for complex and boolean tensors.
at::Tensor exactIntegers(const std::string& name, const at::Tensor& tensor, double tolerance = 0);

/// The tensor, contiguous and of a packable type, if it is a floating point one that is to be
/// packed: itself where it can be packed from where it lies, else as exactIntegers().
at::Tensor packableIntegers(const std::string& name, const at::Tensor& tensor,
                            double tolerance = 0);

/// Integers of a tensor, from its first-th on and in C order, in another type.
/// Shapes: integers flat, of an integer type; shape: of the whole tensor, for messages.
/// Errors: InvalidArgument naming the first value that the type cannot hold (of float types:
///         exactly).
at::Tensor convertIntegers(const std::string& name, const at::Tensor& integers, std::int64_t first,
                           at::IntArrayRef shape, c10::ScalarType type);

/// "[17]", "[1, 0, 3]": a place in a tensor by its number in C order.
std::string indexText(std::int64_t at, at::IntArrayRef shape);

} // namespace bitloom::io
