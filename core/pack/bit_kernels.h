// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal to core/pack. The per-ISA files are compiled with extra instruction sets, so this header
// stays free of inline functions and templates of the standard library: the linker could otherwise
// keep their wide version for everybody.
#include <cstddef>
#include <cstdint>

namespace bitloom::detail {

/// Packs count codes into exactly ceil(count*bits/8) bytes, unused high bits of the last byte 0
/// (low bits for the MSB-first order). Returns the bitwise OR of all codes, so that the caller sees
/// whether they fit.
using Pack8 = unsigned (*)(const std::uint8_t* codes, std::size_t count, std::uint8_t* packed);
using Pack16 = unsigned (*)(const std::uint16_t* codes, std::size_t count, std::uint8_t* packed);
/// Reads exactly ceil(count*bits/8) bytes and writes exactly count codes.
using Unpack8 = void (*)(const std::uint8_t* packed, std::size_t count, std::uint8_t* codes);
using Unpack16 = void (*)(const std::uint8_t* packed, std::size_t count, std::uint16_t* codes);

inline constexpr int kLsb = 0;
inline constexpr int kMsb = 1;

/// Kernels by bit order and width: 8-bit codes for widths 1..8, 16-bit codes for 9..16; other
/// entries are null.
struct BitKernels {
    Pack8 pack8[2][9];
    Unpack8 unpack8[2][9];
    Pack16 pack16[2][17];
    Unpack16 unpack16[2][17];
};

extern const BitKernels kScalarKernels;
#ifdef BITLOOM_PACK_X86
extern const BitKernels kAvx2Kernels;
extern const BitKernels kAvx512Kernels;
#endif

} // namespace bitloom::detail

/// The initializer of a BitKernels from four templates on <bits, order>, with the copying kernels
/// for full bytes.
#define BITLOOM_BIT_KERNELS(PACK8, UNPACK8, PACK16, UNPACK16, FULL)                                \
    {                                                                                              \
        {BITLOOM_ROW8(PACK8, kLsb, FULL::pack8), BITLOOM_ROW8(PACK8, kMsb, FULL::pack8)},          \
            {BITLOOM_ROW8(UNPACK8, kLsb, FULL::unpack8),                                           \
             BITLOOM_ROW8(UNPACK8, kMsb, FULL::unpack8)},                                          \
            {BITLOOM_ROW16(PACK16, kLsb, FULL::pack16<kLsb>),                                      \
             BITLOOM_ROW16(PACK16, kMsb, FULL::pack16<kMsb>)},                                     \
        {                                                                                          \
            BITLOOM_ROW16(UNPACK16, kLsb, FULL::unpack16<kLsb>),                                   \
                BITLOOM_ROW16(UNPACK16, kMsb, FULL::unpack16<kMsb>)                                \
        }                                                                                          \
    }
#define BITLOOM_ROW8(F, ORDER, FULL)                                                               \
    {                                                                                              \
        nullptr, F<1, ORDER>, F<2, ORDER>, F<3, ORDER>, F<4, ORDER>, F<5, ORDER>, F<6, ORDER>,     \
            F<7, ORDER>, FULL                                                                      \
    }
#define BITLOOM_ROW16(F, ORDER, FULL)                                                              \
    {                                                                                              \
        nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr,           \
            F<9, ORDER>, F<10, ORDER>, F<11, ORDER>, F<12, ORDER>, F<13, ORDER>, F<14, ORDER>,     \
            F<15, ORDER>, FULL                                                                     \
    }

namespace bitloom::detail::full_width {
// Widths 8 and 16: nothing to pack, bytes are copied (MSB-first 16-bit codes with their bytes
// swapped).
unsigned pack8(const std::uint8_t* codes, std::size_t count, std::uint8_t* packed);
void unpack8(const std::uint8_t* packed, std::size_t count, std::uint8_t* codes);
template <int Order>
unsigned pack16(const std::uint16_t* codes, std::size_t count, std::uint8_t* packed);
template <int Order>
void unpack16(const std::uint8_t* packed, std::size_t count, std::uint16_t* codes);
extern template unsigned pack16<kLsb>(const std::uint16_t*, std::size_t, std::uint8_t*);
extern template unsigned pack16<kMsb>(const std::uint16_t*, std::size_t, std::uint8_t*);
extern template void unpack16<kLsb>(const std::uint8_t*, std::size_t, std::uint16_t*);
extern template void unpack16<kMsb>(const std::uint8_t*, std::size_t, std::uint16_t*);
} // namespace bitloom::detail::full_width
