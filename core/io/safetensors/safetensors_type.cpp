// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/safetensors/safetensors_type.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace bitloom::io {

namespace {

struct TypeInfo {
    SafetensorsType type;
    std::string_view name;
    int bits;
};

using enum SafetensorsType;
constexpr auto kTypes = std::to_array<TypeInfo>({{Bool, "BOOL", 8},
                                                 {F4, "F4", 4},
                                                 {F6E2M3, "F6_E2M3", 6},
                                                 {F6E3M2, "F6_E3M2", 6},
                                                 {U8, "U8", 8},
                                                 {I8, "I8", 8},
                                                 {F8E5M2, "F8_E5M2", 8},
                                                 {F8E4M3, "F8_E4M3", 8},
                                                 {F8E8M0, "F8_E8M0", 8},
                                                 {F8E4M3Fnuz, "F8_E4M3FNUZ", 8},
                                                 {F8E5M2Fnuz, "F8_E5M2FNUZ", 8},
                                                 {I16, "I16", 16},
                                                 {U16, "U16", 16},
                                                 {F16, "F16", 16},
                                                 {BF16, "BF16", 16},
                                                 {I32, "I32", 32},
                                                 {U32, "U32", 32},
                                                 {F32, "F32", 32},
                                                 {C64, "C64", 64},
                                                 {F64, "F64", 64},
                                                 {I64, "I64", 64},
                                                 {U64, "U64", 64}});

constexpr bool isInOrder()
{
    for (std::size_t i = 0; i < kTypes.size(); ++i) {
        if (static_cast<std::size_t>(kTypes[i].type) != i) {
            return false;
        }
    }
    return true;
}
static_assert(isInOrder(), "the table is indexed by the type");

} // namespace

std::string_view toString(SafetensorsType type)
{
    return kTypes[static_cast<std::size_t>(type)].name;
}

std::optional<SafetensorsType> safetensorsTypeFrom(std::string_view name)
{
    const auto* const found = std::ranges::find(kTypes, name, &TypeInfo::name);
    return found == kTypes.end() ? std::nullopt : std::optional(found->type);
}

int bitsOf(SafetensorsType type)
{
    return kTypes[static_cast<std::size_t>(type)].bits;
}

} // namespace bitloom::io
