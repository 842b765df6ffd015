// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/interchange/safetensors_values.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <span>
#include <string_view>

namespace bitloom::io {

namespace {

struct DtypeRow {
    SafetensorsType type;
    std::string_view dtype;
};
constexpr auto kDtypes = std::to_array<DtypeRow>({{SafetensorsType::F16, "float16"},
                                                  {SafetensorsType::BF16, "bfloat16"},
                                                  {SafetensorsType::F32, "float32"},
                                                  {SafetensorsType::F64, "float64"},
                                                  {SafetensorsType::I8, "int8"},
                                                  {SafetensorsType::I16, "int16"},
                                                  {SafetensorsType::I32, "int32"},
                                                  {SafetensorsType::I64, "int64"},
                                                  {SafetensorsType::U8, "uint8"},
                                                  {SafetensorsType::U16, "uint16"},
                                                  {SafetensorsType::U32, "uint32"},
                                                  {SafetensorsType::U64, "uint64"},
                                                  {SafetensorsType::Bool, "bool"},
                                                  {SafetensorsType::C64, "complex64"}});

/// IEEE binary16: sign, 5 exponent bits of bias 15, 10 mantissa bits.
float floatOfHalf(std::uint16_t half)
{
    const std::uint32_t sign = (half & 0x8000U) << 16;
    const std::uint32_t exponent = (half >> 10) & 0x1FU;
    const std::uint32_t mantissa = half & 0x3FFU;
    if (exponent == 0) { // zero and subnormal numbers: mantissa * 2^-24
        const float magnitude = static_cast<float>(mantissa) * 0x1p-24F;
        return sign == 0 ? magnitude : -magnitude;
    }
    const std::uint32_t wide = exponent == 0x1F ? 0xFFU : exponent - 15 + 127;
    return std::bit_cast<float>(sign | (wide << 23) | (mantissa << 13));
}

float floatOfBrain(std::uint16_t brain)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(brain) << 16);
}

} // namespace

std::string dtypeOf(SafetensorsType type)
{
    const auto* const known = std::ranges::find(kDtypes, type, &DtypeRow::type);
    return std::string(known == kDtypes.end() ? toString(type) : known->dtype);
}

SafetensorsType safetensorsTypeOf(const PackedTensorHeader& header)
{
    const auto* const known = std::ranges::find(kDtypes, header.dtype, &DtypeRow::dtype);
    BITLOOM_REQUIRE(known != kDtypes.end(), ErrorCode::Unsupported, "tensor ", header.name,
                    " is of the type ", header.dtype,
                    bytesOfDtype(header.dtype)
                        ? ", which a safetensors file cannot hold; convert to hdf5, or the tensor "
                          "to another type with PyTorch"
                        : ", which is not converted; convert the tensor to another type with "
                          "PyTorch");
    return known->type;
}

std::vector<float> readFloats(const SafetensorsPlace& place)
{
    const SafetensorsType type = place->type;
    if (type == SafetensorsType::F32) {
        return valuesOf<float>(place.bytes());
    }
    BITLOOM_REQUIRE(type == SafetensorsType::F16 || type == SafetensorsType::BF16,
                    ErrorCode::Unsupported, place->name, " is of the type ", toString(type),
                    "; F16, BF16 or F32 were expected");
    std::vector<float> values;
    for (const std::uint16_t bits : valuesOf<std::uint16_t>(place.bytes())) {
        values.push_back(type == SafetensorsType::F16 ? floatOfHalf(bits) : floatOfBrain(bits));
    }
    return values;
}

std::vector<std::int32_t> readInts(const SafetensorsPlace& place)
{
    BITLOOM_REQUIRE(place->type == SafetensorsType::I32, ErrorCode::CorruptFile, place->name,
                    " is of the type ", toString(place->type), ", I32 was expected");
    return valuesOf<std::int32_t>(place.bytes());
}

PackedTensorHeader rawHeader(const SafetensorsEntry& entry)
{
    PackedTensorHeader header;
    header.name = entry.name;
    header.kind = PackedKind::Raw;
    header.shape = entry.shape;
    header.dtype = dtypeOf(entry.type);
    header.payloadBytes = static_cast<std::int64_t>(entry.end - entry.begin);
    return header;
}

PackedTensor readRaw(const SafetensorsPlace& place)
{
    PackedTensor tensor{rawHeader(*place.entry), {}, {}, {}, {}, {}, {}, {}};
    tensor.data = valuesOf<std::byte>(place.bytes());
    requireConsistent(tensor, ErrorCode::CorruptFile);
    return tensor;
}

} // namespace bitloom::io
