// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/pack/value_packer.h"

#include "core/base/error.h"
#include "core/pack/stream_writer.h"
#include "core/pack/value_kernels.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

namespace bitloom {

namespace {

// Values per piece: codes, floats of halves and packed bytes of one piece stay in the first-level
// cache; a multiple of 8, so that every piece starts at a whole byte.
constexpr std::size_t kPiece = 4096;
constexpr int kWidestCode = 16;
constexpr std::int64_t kTop16 = 0xFFFF;
constexpr std::int64_t kExactFloat = std::int64_t{1} << 24; // every integer up to here is a float
constexpr std::int64_t kExactHalf = 2048;

const detail::ValueKernelTable& tableFor(Isa isa)
{
    requireSupported(isa, "packing");
#ifdef BITLOOM_PACK_X86
    switch (isa) {
    case Isa::Scalar:
        break;
    case Isa::Avx2:
        return detail::kAvx2ValueKernels;
    case Isa::Avx512:
        return detail::kAvx512ValueKernels;
    }
#endif
    return detail::kScalarValueKernels;
}

template <typename T>
const auto& kernelsOf(const detail::ValueKernelTable& table)
{
    if constexpr (std::is_same_v<T, std::uint8_t>) {
        return table.uint8;
    } else if constexpr (std::is_same_v<T, std::int8_t>) {
        return table.int8;
    } else if constexpr (std::is_same_v<T, std::int16_t>) {
        return table.int16;
    } else if constexpr (std::is_same_v<T, std::int32_t>) {
        return table.int32;
    } else if constexpr (std::is_same_v<T, std::int64_t>) {
        return table.int64;
    } else {
        static_assert(std::is_same_v<T, float> || std::is_same_v<T, Half>);
        return table.float32;
    }
}

template <typename Code, typename Kernels>
const auto& codeKernelsOf(const Kernels& kernels)
{
    if constexpr (sizeof(Code) == 1) {
        return kernels.to8;
    } else {
        return kernels.to16;
    }
}

/// Halves become floats piece by piece; everything else is used where it lies.
template <typename T>
class PieceReader {
public:
    explicit PieceReader(const detail::ValueKernelTable& /*table*/) {}
    const T* operator()(std::span<const T> piece) { return piece.data(); }
};
template <>
class PieceReader<Half> {
public:
    // Filling 16 KiB with zeros first would cost small tensors more than their packing.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
    explicit PieceReader(const detail::ValueKernelTable& table) : m_table(table) {}
    const float* operator()(std::span<const Half> piece)
    {
        m_table.floatsOfHalves(&piece.data()->bits, piece.size(), m_floats);
        return m_floats;
    }

private:
    const detail::ValueKernelTable& m_table;
    alignas(64) float m_floats[kPiece];
};

/// nullopt for what is no integer of 64 bits.
template <typename T>
std::optional<std::int64_t> integerOf(T value)
{
    if constexpr (std::is_integral_v<T>) {
        return value;
    } else {
        const bool isInteger =
            value >= -0x1p63F && value < 0x1p63F && value == std::trunc(value); // false for NaN
        return isInteger ? std::optional(static_cast<std::int64_t>(value)) : std::nullopt;
    }
}

/// Where the kernels' arithmetic cannot mistake another value for a code; see LaneOf.
template <typename T, typename Code>
bool suitsKernels(std::int64_t offset)
{
    if constexpr (!std::is_integral_v<T>) {
        return offset >= -kExactFloat + kTop16 && offset <= kExactFloat - kTop16;
    } else if constexpr (sizeof(T) == 8) {
        return offset >= std::numeric_limits<std::int64_t>::min() + kTop16 + 1;
    } else if constexpr (sizeof(T) == 1 && sizeof(Code) == 1) {
        return offset >= std::numeric_limits<std::int16_t>::min() &&
               offset <= std::numeric_limits<std::int16_t>::max();
    } else {
        constexpr std::int64_t kHalfRange = std::int64_t{1} << 31;
        return offset >= -kHalfRange + kTop16 + 1 && offset <= kHalfRange;
    }
}

/// One value after the other, for what the kernels refuse: says which value it is, or finds that
/// the kernel was too careful.
template <typename T, typename Code>
void narrowExactly(const T* values, std::size_t count, std::size_t first, std::int64_t offset,
                   int bits, Code* codes)
{
    for (std::size_t i = 0; i < count; ++i) {
        const std::optional<std::int64_t> integer = integerOf(values[i]);
        BITLOOM_REQUIRE(integer.has_value(), ErrorCode::InvalidArgument, "value ", values[i],
                        " at index ", first + i, " is no integer");
        std::int64_t code = 0;
        const bool overflows = __builtin_add_overflow(*integer, offset, &code);
        BITLOOM_REQUIRE(!overflows && code >= 0 && code >> bits == 0, ErrorCode::InvalidArgument,
                        "value ", *integer, " at index ", first + i, " does not fit ", bits,
                        " bits with the offset ", offset, ": value + offset may be 0 to ",
                        (std::int64_t{1} << bits) - 1);
        codes[i] = static_cast<Code>(code);
    }
}

template <typename Code, typename T>
void packAs(std::span<const T> values, std::int64_t offset, int bits, BitOrder order,
            std::span<std::byte> out, Isa isa, const detail::ValueKernelTable& table)
{
    const auto& kernels = codeKernelsOf<Code>(kernelsOf<T>(table));
    using Value = std::remove_cvref_t<decltype(*PieceReader<T>(table)({}))>;
    const bool isFast = suitsKernels<Value, Code>(offset);
    const unsigned top = (1U << bits) - 1U;
    const std::size_t bytes = packedStreamBytes(values.size(), bits);
    const bool streams = bytes >= detail::kStreamingBytes;
    alignas(64) Code codes[kPiece];
    alignas(64) std::byte packed[kPiece * sizeof(Code)];
    PieceReader<T> read(table);
    detail::StreamWriter writer(out.data());
    std::size_t done = 0;
    for (std::size_t first = 0; first < values.size(); first += kPiece) {
        const auto piece = values.subspan(first, std::min(kPiece, values.size() - first));
        const Value* from = read(piece);
        const bool fits =
            isFast && kernels.narrow(from, piece.size(), offset, top, codes) >> bits == 0;
        if (!fits) {
            narrowExactly(from, piece.size(), first, offset, bits, codes);
        }
        const std::size_t size = packedStreamBytes(piece.size(), bits);
        const std::span<std::byte> to =
            streams ? std::span(packed).first(size) : out.subspan(done, size);
        packBits(std::span<const Code>(codes, piece.size()), bits, order, to, isa);
        if (streams) {
            writer.append(packed, size);
        }
        done += size;
    }
    writer.finish();
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(bytes), out.end(), std::byte{0});
}

template <typename T>
constexpr std::pair<std::int64_t, std::int64_t> exactRange()
{
    if constexpr (std::is_same_v<T, Half>) {
        return {-kExactHalf, kExactHalf};
    } else if constexpr (std::is_same_v<T, float>) {
        return {-kExactFloat, kExactFloat};
    } else {
        return {std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
    }
}

template <typename T>
void requireRoom(int bits, std::int64_t offset)
{
    const auto [low, high] = exactRange<T>();
    std::int64_t smallest = 0;
    std::int64_t largest = 0;
    const bool overflows = __builtin_sub_overflow(std::int64_t{0}, offset, &smallest) ||
                           __builtin_sub_overflow((std::int64_t{1} << bits) - 1, offset, &largest);
    BITLOOM_REQUIRE(!overflows && smallest >= low && largest <= high, ErrorCode::InvalidArgument,
                    bits, " bits with the offset ", offset,
                    " hold values that the output's type cannot hold exactly: it holds ", low,
                    " to ", high);
}

template <typename Code, typename T>
void unpackAs(std::span<const std::byte> packed, int bits, BitOrder order, std::int64_t offset,
              std::span<T> values, Isa isa, const detail::ValueKernelTable& table)
{
    const auto& kernels = codeKernelsOf<Code>(kernelsOf<T>(table));
    const bool streams = values.size_bytes() >= detail::kStreamingBytes;
    alignas(64) Code codes[kPiece];
    alignas(64) T buffer[kPiece];
    detail::StreamWriter writer(reinterpret_cast<std::byte*>(values.data()));
    for (std::size_t first = 0; first < values.size(); first += kPiece) {
        const std::size_t count = std::min(kPiece, values.size() - first);
        const std::size_t size = packedStreamBytes(count, bits);
        unpackBits(packed.first(size), bits, order, std::span<Code>(codes, count), isa);
        packed = packed.subspan(size);
        T* to = streams ? buffer : values.data() + first;
        if constexpr (std::is_same_v<T, Half>) {
            alignas(64) float floats[kPiece];
            kernels.widen(codes, count, offset, floats);
            table.halvesOfFloats(floats, count, &to->bits);
        } else {
            kernels.widen(codes, count, offset, to);
        }
        if (streams) {
            writer.append(reinterpret_cast<const std::byte*>(buffer), count * sizeof(T));
        }
    }
    writer.finish();
}

void requireWidth(int bits)
{
    BITLOOM_REQUIRE(bits >= 0 && bits <= kWidestCode, ErrorCode::InvalidArgument, "width ", bits,
                    " is not possible; it may be 0 to ", kWidestCode);
}

} // namespace

template <typename T>
ScannedRange scanValues(std::span<const T> values, Isa isa)
{
    const detail::ValueKernelTable& table = tableFor(isa);
    ScannedRange range;
    if (values.empty()) {
        return range;
    }
    range.minimum = std::numeric_limits<std::int64_t>::max();
    range.maximum = std::numeric_limits<std::int64_t>::min();
    PieceReader<T> read(table);
    for (std::size_t first = 0; first < values.size(); first += kPiece) {
        const auto piece = values.subspan(first, std::min(kPiece, values.size() - first));
        const auto* from = read(piece);
        ScannedRange widened = range;
        if (kernelsOf<T>(table).scan(from, piece.size(), &widened.minimum, &widened.maximum)) {
            range = widened;
            continue;
        }
        for (std::size_t i = 0; i < piece.size(); ++i) {
            const std::optional<std::int64_t> integer = integerOf(from[i]);
            if (!integer) {
                range.firstOther = first + i;
                return range;
            }
            range.minimum = std::min(range.minimum, *integer);
            range.maximum = std::max(range.maximum, *integer);
        }
    }
    return range;
}

template <typename T>
bool equalsIntegers(std::span<const T> values, std::span<const std::int32_t> integers, Isa isa)
{
    BITLOOM_REQUIRE(values.size() == integers.size(), ErrorCode::ShapeMismatch, values.size(),
                    " values cannot be compared with ", integers.size(), " integers");
    const detail::ValueKernelTable& table = tableFor(isa);
    PieceReader<T> read(table);
    for (std::size_t first = 0; first < values.size(); first += kPiece) {
        const auto piece = values.subspan(first, std::min(kPiece, values.size() - first));
        const auto* from = read(piece);
        if (!kernelsOf<T>(table).equal(from, integers.data() + first, piece.size())) {
            return false;
        }
    }
    return true;
}

template <typename T>
void packValues(std::span<const T> values, std::int64_t offset, int bits, BitOrder order,
                std::span<std::byte> out, Isa isa)
{
    requireWidth(bits);
    const detail::ValueKernelTable& table = tableFor(isa);
    const std::size_t bytes = packedStreamBytes(values.size(), bits);
    BITLOOM_REQUIRE(out.size() >= bytes, ErrorCode::ShapeMismatch, values.size(), " values of ",
                    bits, " bits need ", bytes, " bytes, the output has ", out.size());
    if (bits <= 8) {
        packAs<std::uint8_t>(values, offset, bits, order, out, isa, table);
    } else {
        packAs<std::uint16_t>(values, offset, bits, order, out, isa, table);
    }
}

template <typename T>
void unpackValues(std::span<const std::byte> packed, int bits, BitOrder order, std::int64_t offset,
                  std::span<T> values, Isa isa)
{
    requireWidth(bits);
    const detail::ValueKernelTable& table = tableFor(isa);
    const std::size_t bytes = packedStreamBytes(values.size(), bits);
    BITLOOM_REQUIRE(packed.size() >= bytes, ErrorCode::ShapeMismatch, values.size(), " values of ",
                    bits, " bits need ", bytes, " bytes, the input has ", packed.size());
    requireRoom<T>(bits, offset);
    if (bits <= 8) {
        unpackAs<std::uint8_t>(packed, bits, order, offset, values, isa, table);
    } else {
        unpackAs<std::uint16_t>(packed, bits, order, offset, values, isa, table);
    }
}

#define BITLOOM_INSTANTIATE(T)                                                                     \
    template ScannedRange scanValues<T>(std::span<const T>, Isa);                                  \
    template bool equalsIntegers<T>(std::span<const T>, std::span<const std::int32_t>, Isa);       \
    template void packValues<T>(std::span<const T>, std::int64_t, int, BitOrder,                   \
                                std::span<std::byte>, Isa);                                        \
    template void unpackValues<T>(std::span<const std::byte>, int, BitOrder, std::int64_t,         \
                                  std::span<T>, Isa);
BITLOOM_INSTANTIATE_FOR_VALUES
#undef BITLOOM_INSTANTIATE

} // namespace bitloom
