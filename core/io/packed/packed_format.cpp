// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed/packed_format.h"

#include <array>
#include <cmath>

namespace bitloom::io {

hdf5::ElementType elementTypeOfDtype(std::string_view dtype)
{
    using hdf5::ElementType;
    struct Row {
        std::string_view dtype;
        ElementType type;
    };
    static constexpr std::array kRows{
        Row{"float16", ElementType::Float16}, Row{"bfloat16", ElementType::UInt16},
        Row{"float32", ElementType::Float32}, Row{"float64", ElementType::Float64},
        Row{"int8", ElementType::Int8},       Row{"int16", ElementType::Int16},
        Row{"int32", ElementType::Int32},     Row{"int64", ElementType::Int64},
        Row{"uint8", ElementType::UInt8},     Row{"bool", ElementType::UInt8},
    };
    for (const Row& row : kRows) {
        if (row.dtype == dtype) {
            return row.type;
        }
    }
    fail(ErrorCode::Unsupported, "a packed file cannot hold the dtype \"", dtype, "\"");
}

void requireConsistent(const PackedActivation& activation, ErrorCode code)
{
    const std::string& name = activation.name;
    BITLOOM_REQUIRE(activation.bits >= 0 && activation.bits <= 32, code, "activation ", name,
                    " has ", activation.bits, " bits; 0 to 16, or 32 for none, are possible");
    BITLOOM_REQUIRE(activation.zeroPoint.size() == activation.scale.size(), code, "activation ",
                    name, " has ", activation.scale.size(), " scales and ",
                    activation.zeroPoint.size(), " zero points");
    BITLOOM_REQUIRE(activation.perChannel || activation.scale.size() <= 1, code, "activation ",
                    name, " is per tensor and has ", activation.scale.size(), " scales");
    for (const float scale : activation.scale) {
        BITLOOM_REQUIRE(std::isfinite(scale), ErrorCode::NonFinite, "scale of activation ", name,
                        " is ", scale, ", a finite number was expected");
        BITLOOM_REQUIRE(scale >= 0, code, "scale of activation ", name, " is ", scale,
                        ", it must not be negative");
    }
    BITLOOM_REQUIRE(std::isfinite(activation.low) && std::isfinite(activation.high),
                    ErrorCode::NonFinite, "range of activation ", name, " is ", activation.low,
                    " to ", activation.high, ", finite numbers were expected");
}

} // namespace bitloom::io
