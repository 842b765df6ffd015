// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed/packed_format.h"

#include <array>

namespace bitloom::io {

hdf5::ElementType elementTypeOfDtype(std::string_view dtype)
{
    using hdf5::ElementType;
    struct Row {
        std::string_view dtype;
        ElementType type;
    };
    static constexpr std::array kRows{
        Row{"float16", ElementType::Float16},
        Row{"bfloat16", ElementType::UInt16},
        Row{"float32", ElementType::Float32},
        Row{"float64", ElementType::Float64},
        Row{"int8", ElementType::Int8},
        Row{"int16", ElementType::Int16},
        Row{"int32", ElementType::Int32},
        Row{"int64", ElementType::Int64},
        Row{"uint8", ElementType::UInt8},
        Row{"uint16", ElementType::UInt16},
        Row{"uint32", ElementType::UInt32},
        Row{"uint64", ElementType::UInt64},
        Row{"bool", ElementType::UInt8},
        Row{"complex64", ElementType::Complex64},
        Row{"complex128", ElementType::Complex128},
    };
    for (const Row& row : kRows) {
        if (row.dtype == dtype) {
            return row.type;
        }
    }
    fail(ErrorCode::Unsupported, "a packed file cannot hold the dtype \"", dtype, "\"");
}

} // namespace bitloom::io
