// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/bitpack/integer_tensor.h"

#include "core/base/error.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace bitloom::io {

namespace {

using c10::ScalarType;

/// Beyond it double has gaps between integers, and int64 ends soon after.
constexpr double kLargestExact = 9007199254740992.0; // 2^53

/// Calls use(index, value as double) for every value of a floating point tensor.
template <typename Use>
void visitReals(const at::Tensor& tensor, Use use)
{
    const at::Tensor dense = tensor.scalar_type() == ScalarType::Double
                                 ? tensor.contiguous()
                                 : tensor.to(at::kFloat).contiguous();
    const auto each = [&]<typename T>(const T* values) {
        for (std::int64_t i = 0; i < dense.numel(); ++i) {
            use(i, static_cast<double>(values[i]));
        }
    };
    if (dense.scalar_type() == ScalarType::Double) {
        each(dense.const_data_ptr<double>());
    } else {
        each(dense.const_data_ptr<float>());
    }
}

/// Integers beyond 2^53 in a floating point tensor are no codes of anything.
bool isInteger(double value, double tolerance)
{
    return std::abs(value) <= kLargestExact && std::abs(value - std::nearbyint(value)) <= tolerance;
}

} // namespace

bool isIntegerType(ScalarType type)
{
    return type == ScalarType::Byte || type == ScalarType::Char || type == ScalarType::Short ||
           type == ScalarType::Int || type == ScalarType::Long;
}

bool IntegerRange::fitsInt32() const
{
    return low >= std::numeric_limits<std::int32_t>::min() &&
           high <= std::numeric_limits<std::int32_t>::max();
}

bool isPackableType(ScalarType type)
{
    return isIntegerType(type) || type == ScalarType::Half || type == ScalarType::Float;
}

std::optional<IntegerRange> rangeOf(const std::string& name, const at::Tensor& tensor)
{
    std::optional<IntegerRange> range;
    visitPackable(tensor, [&](auto values) {
        if (values.empty()) {
            return;
        }
        const ScannedRange found = scanValues(values);
        range = IntegerRange{found.minimum, found.maximum};
        const bool isFloat = !isIntegerType(tensor.scalar_type());
        if (found.firstOther ||
            (isFloat && !(std::abs(static_cast<double>(range->low)) <= kLargestExact &&
                          std::abs(static_cast<double>(range->high)) <= kLargestExact))) {
            exactIntegers(name, tensor); // says which value it is, and how many there are
            fail(ErrorCode::Internal, name, " holds a value that is no integer");
        }
    });
    return range;
}

at::Tensor packableIntegers(const std::string& name, const at::Tensor& tensor, double tolerance)
{
    return tolerance == 0 && isPackableType(tensor.scalar_type())
               ? tensor.contiguous()
               : exactIntegers(name, tensor, tolerance);
}

std::string indexText(std::int64_t at, at::IntArrayRef shape)
{
    std::string text = "]";
    for (std::size_t i = shape.size(); i-- > 0;) {
        const std::int64_t size = std::max<std::int64_t>(shape[i], 1);
        text = (i == 0 ? "" : ", ") + std::to_string(at % size) + text;
        at /= size;
    }
    return "[" + text;
}

at::Tensor exactIntegers(const std::string& name, const at::Tensor& tensor, double tolerance)
{
    BITLOOM_REQUIRE(c10::isFloatingType(tensor.scalar_type()), ErrorCode::Unsupported, name,
                    " is of type ", c10::toString(tensor.scalar_type()),
                    ", which does not hold integers");
    std::int64_t offenders = 0;
    std::int64_t firstAt = 0;
    double firstValue = 0;
    double low = 0;
    double high = 0;
    visitReals(tensor, [&](std::int64_t i, double value) {
        if (!isInteger(value, tolerance)) {
            if (offenders++ == 0) {
                firstAt = i;
                firstValue = value;
            }
            return;
        }
        low = std::min(low, value);
        high = std::max(high, value);
    });
    BITLOOM_REQUIRE(offenders == 0, ErrorCode::InvalidArgument, name,
                    indexText(firstAt, tensor.sizes()), " = ", firstValue, " is not an integer (",
                    offenders, " such value", offenders == 1 ? "" : "s",
                    "); --tolerance rounds values that are near one");
    const bool narrow = low >= std::numeric_limits<std::int32_t>::min() &&
                        std::nearbyint(high) <= std::numeric_limits<std::int32_t>::max();
    at::Tensor integers = at::empty(tensor.sizes(), narrow ? at::kInt : at::kLong);
    const auto fill = [&]<typename T>(T* out) {
        visitReals(tensor, [&](std::int64_t i, double value) {
            out[i] = static_cast<T>(std::nearbyint(value));
        });
    };
    if (narrow) {
        fill(integers.mutable_data_ptr<std::int32_t>());
    } else {
        fill(integers.mutable_data_ptr<std::int64_t>());
    }
    return integers;
}

at::Tensor convertIntegers(const std::string& name, const at::Tensor& integers, std::int64_t first,
                           at::IntArrayRef shape, ScalarType type)
{
    // Float types hold integers of as many bits as their significand.
    struct Limits {
        ScalarType type;
        std::int64_t low;
        std::int64_t high;
    };
    constexpr auto kWhole = std::numeric_limits<std::int64_t>::max();
    static constexpr auto kLimits = std::to_array<Limits>(
        {{ScalarType::Byte, 0, 255},
         {ScalarType::Char, -128, 127},
         {ScalarType::Short, -32768, 32767},
         {ScalarType::Int, std::numeric_limits<std::int32_t>::min(),
          std::numeric_limits<std::int32_t>::max()},
         {ScalarType::Long, -kWhole - 1, kWhole},
         {ScalarType::Half, -(1 << 11), 1 << 11},
         {ScalarType::BFloat16, -(1 << 8), 1 << 8},
         {ScalarType::Float, -(1 << 24), 1 << 24},
         {ScalarType::Double, -(std::int64_t{1} << 53), std::int64_t{1} << 53}});
    const auto* limits = std::find_if(kLimits.begin(), kLimits.end(),
                                      [type](const Limits& one) { return one.type == type; });
    BITLOOM_REQUIRE(limits != kLimits.end(), ErrorCode::InvalidArgument, name,
                    " cannot be converted to the type ", c10::toString(type));
    const auto range = rangeOf(name, integers);
    if (range && (range->low < limits->low || range->high > limits->high)) {
        const at::Tensor wide = integers.to(at::kLong);
        const std::span values(wide.const_data_ptr<std::int64_t>(),
                               static_cast<std::size_t>(wide.numel()));
        const auto outside = std::find_if(values.begin(), values.end(), [&](std::int64_t value) {
            return value < limits->low || value > limits->high;
        });
        fail(ErrorCode::InvalidArgument, name, indexText(first + (outside - values.begin()), shape),
             " = ", *outside, " does not fit ", c10::toString(type), ", which holds ", limits->low,
             " to ", limits->high);
    }
    return integers.to(type);
}

} // namespace bitloom::io
