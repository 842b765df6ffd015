// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Internal to core/pack; free of the standard library for the reason given in bit_kernels.h.
#include <cstddef>
#include <cstdint>

namespace bitloom::detail {

/// The kernels of one type of values and one of codes (unsigned, 8 or 16 bits).
template <typename T, typename Code>
struct CodeKernels {
    /// codes[i] = values[i] + offset for offsets of narrowOffsets; returns the OR of all codes
    /// before they are cut to their type (floats: all ones where a value is no integer between low
    /// and high), so that the caller sees whether they fit.
    std::uint64_t (*narrow)(const T* values, std::size_t count, std::int64_t offset, unsigned top,
                            Code* codes);
    /// values[i] = codes[i] - offset, which fits T.
    void (*widen)(const Code* codes, std::size_t count, std::int64_t offset, T* values);
};

/// Of one type of values.
template <typename T>
struct ValueKernels {
    CodeKernels<T, std::uint8_t> to8;
    CodeKernels<T, std::uint16_t> to16;
    /// Widens [minimum, maximum] by the values. False where it cannot say: a value that is no
    /// integer, or one beyond what the kernel's arithmetic holds.
    bool (*scan)(const T* values, std::size_t count, std::int64_t* minimum, std::int64_t* maximum);
    /// True where each value is its integer, surely: floats up to 2^24.
    bool (*equal)(const T* values, const std::int32_t* integers, std::size_t count);
};

struct ValueKernelTable {
    ValueKernels<std::uint8_t> uint8;
    ValueKernels<std::int8_t> int8;
    ValueKernels<std::int16_t> int16;
    ValueKernels<std::int32_t> int32;
    ValueKernels<std::int64_t> int64;
    ValueKernels<float> float32;
    void (*floatsOfHalves)(const std::uint16_t* halves, std::size_t count, float* floats);
    /// Of integers up to 2048, which are exact.
    void (*halvesOfFloats)(const float* floats, std::size_t count, std::uint16_t* halves);
};

extern const ValueKernelTable kScalarValueKernels;
#ifdef BITLOOM_PACK_X86
extern const ValueKernelTable kAvx2ValueKernels;
extern const ValueKernelTable kAvx512ValueKernels;
#endif

} // namespace bitloom::detail

/// Instantiates what is declared of every type that values come in: BITLOOM_INSTANTIATE(T).
#define BITLOOM_INSTANTIATE_FOR_VALUES                                                             \
    BITLOOM_INSTANTIATE(std::uint8_t)                                                              \
    BITLOOM_INSTANTIATE(std::int8_t)                                                               \
    BITLOOM_INSTANTIATE(std::int16_t)                                                              \
    BITLOOM_INSTANTIATE(std::int32_t)                                                              \
    BITLOOM_INSTANTIATE(std::int64_t)                                                              \
    BITLOOM_INSTANTIATE(Half)                                                                      \
    BITLOOM_INSTANTIATE(float)
