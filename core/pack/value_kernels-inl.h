// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// No include guard: each instruction set's file includes it once, inside a namespace of its own,
// and its compiler turns the loops into that set's instructions. Before it:
// core/pack/value_kernels.h, and floatsOfHalves and halvesOfFloats in the same namespace.

/// The arithmetic in which no value + offset that is not a code looks like one, for the offsets
/// that value_packer.cpp lets through: wider than the codes, and at least as wide as the values.
template <std::size_t ValueBytes, std::size_t CodeBytes>
struct LaneOf {
    using Type = std::uint32_t;
};
template <>
struct LaneOf<1, 1> {
    using Type = std::uint16_t;
};
template <std::size_t CodeBytes>
struct LaneOf<8, CodeBytes> {
    using Type = std::uint64_t;
};

template <typename T, typename Code>
std::uint64_t narrowIntegers(const T* values, std::size_t count, std::int64_t offset,
                             unsigned /*top*/, Code* codes)
{
    using Lane = typename LaneOf<sizeof(T), sizeof(Code)>::Type;
    const Lane add = static_cast<Lane>(offset);
    Lane all = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const Lane code = static_cast<Lane>(static_cast<Lane>(values[i]) + add);
        all |= code;
        codes[i] = static_cast<Code>(code);
    }
    return all;
}

template <typename T, typename Code>
void widenIntegers(const Code* codes, std::size_t count, std::int64_t offset, T* values)
{
    using Lane = typename LaneOf<sizeof(T), sizeof(Code)>::Type;
    const Lane subtract = static_cast<Lane>(offset);
    for (std::size_t i = 0; i < count; ++i) {
        values[i] = static_cast<T>(static_cast<Lane>(codes[i] - subtract));
    }
}

template <typename T>
bool scanIntegers(const T* values, std::size_t count, std::int64_t* minimum, std::int64_t* maximum)
{
    T low = values[0];
    T high = values[0];
    for (std::size_t i = 1; i < count; ++i) {
        low = values[i] < low ? values[i] : low;
        high = values[i] > high ? values[i] : high;
    }
    *minimum = low < *minimum ? low : *minimum;
    *maximum = high > *maximum ? high : *maximum;
    return true;
}

/// A value outside [low, high], a fraction and NaN all differ from what they are cut to.
inline std::int32_t cutToInteger(float value, float low, float high, std::int32_t* differs)
{
    float cut = value > low ? value : low; // NaN: low
    cut = cut > high ? high : cut;
    const auto integer = static_cast<std::int32_t>(cut);
    *differs |= static_cast<std::int32_t>(static_cast<float>(integer) != value);
    return integer;
}

template <typename Code>
std::uint64_t narrowFloats(const float* values, std::size_t count, std::int64_t offset,
                           unsigned top, Code* codes)
{
    const auto add = static_cast<std::int32_t>(offset);
    const auto low = static_cast<float>(-add);
    const auto high = static_cast<float>(static_cast<std::int32_t>(top) - add);
    std::int32_t differs = 0;
    for (std::size_t i = 0; i < count; ++i) {
        codes[i] = static_cast<Code>(cutToInteger(values[i], low, high, &differs) + add);
    }
    return differs != 0 ? ~std::uint64_t{0} : 0;
}

template <typename Code>
void widenFloats(const Code* codes, std::size_t count, std::int64_t offset, float* values)
{
    const auto subtract = static_cast<std::int32_t>(offset);
    for (std::size_t i = 0; i < count; ++i) {
        values[i] = static_cast<float>(static_cast<std::int32_t>(codes[i]) - subtract);
    }
}

/// Integers up to 2^22 by their place in the fraction of 1.5 * 2^23 + value: without a comparison,
/// of which g++ would make a branch instead of vectors.
inline std::int32_t smallInteger(float value, std::int32_t* differs)
{
    constexpr float kMagic = 12582912.0F;
    const auto integer =
        static_cast<std::int32_t>(__builtin_bit_cast(std::uint32_t, value + kMagic) -
                                  __builtin_bit_cast(std::uint32_t, kMagic));
    *differs |= static_cast<std::int32_t>(static_cast<float>(integer) != value);
    return integer;
}

inline bool scanFloats(const float* values, std::size_t count, std::int64_t* minimum,
                       std::int64_t* maximum)
{
    std::int32_t differs = 0;
    std::int32_t low = INT32_MAX;
    std::int32_t high = INT32_MIN;
    for (std::size_t i = 0; i < count; ++i) {
        const std::int32_t integer = smallInteger(values[i], &differs);
        low = integer < low ? integer : low;
        high = integer > high ? integer : high;
    }
    *minimum = low < *minimum ? low : *minimum;
    *maximum = high > *maximum ? high : *maximum;
    return differs == 0;
}

template <typename T>
bool equalIntegers(const T* values, const std::int32_t* integers, std::size_t count)
{
    using Wide = decltype(values[0] + integers[0]); // 32 bits, of 64 bit integers 64
    Wide differs = 0;
    for (std::size_t i = 0; i < count; ++i) {
        differs |= static_cast<Wide>(values[i]) ^ static_cast<Wide>(integers[i]);
    }
    return differs == 0;
}

inline bool equalFloats(const float* values, const std::int32_t* integers, std::size_t count)
{
    constexpr std::uint32_t kExact = 1U << 24U;
    std::uint32_t differs = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t distance = static_cast<std::uint32_t>(integers[i]) + kExact;
        differs |= static_cast<std::uint32_t>(distance > 2 * kExact) |
                   static_cast<std::uint32_t>(static_cast<float>(integers[i]) != values[i]);
    }
    return differs == 0;
}

template <typename T>
constexpr ValueKernels<T> integerKernels()
{
    return {{&narrowIntegers<T, std::uint8_t>, &widenIntegers<T, std::uint8_t>},
            {&narrowIntegers<T, std::uint16_t>, &widenIntegers<T, std::uint16_t>},
            &scanIntegers<T>,
            &equalIntegers<T>};
}

constexpr ValueKernelTable valueKernels()
{
    return {integerKernels<std::uint8_t>(),
            integerKernels<std::int8_t>(),
            integerKernels<std::int16_t>(),
            integerKernels<std::int32_t>(),
            integerKernels<std::int64_t>(),
            {{&narrowFloats<std::uint8_t>, &widenFloats<std::uint8_t>},
             {&narrowFloats<std::uint16_t>, &widenFloats<std::uint16_t>},
             &scanFloats,
             &equalFloats},
            &floatsOfHalves,
            &halvesOfFloats};
}
