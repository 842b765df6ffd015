// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/pack/bit_packer.h"

#include "core/base/error.h"
#include "core/pack/bit_kernels.h"
#include "core/pack/stream_writer.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace bitloom {

namespace {

// Codes per piece where a piece passes through a buffer in the first-level cache; a multiple of 8,
// so that every piece starts at a whole byte.
constexpr std::size_t kPieceCodes = 4096;

const detail::BitKernels& kernelsFor(Isa isa)
{
    requireSupported(isa, "packing");
#ifdef BITLOOM_PACK_X86
    // The 512-bit kernels permute bytes, which the first processors with AVX-512 cannot do.
    static const bool hasBytePermutes = __builtin_cpu_supports("avx512vbmi") != 0;
    if (isa == Isa::Avx512 && hasBytePermutes) {
        return detail::kAvx512Kernels;
    }
    if (isa != Isa::Scalar) {
        return detail::kAvx2Kernels;
    }
#endif
    return detail::kScalarKernels;
}

template <typename Code>
void requireWidth(int bits)
{
    constexpr int kWidest = 8 * static_cast<int>(sizeof(Code));
    BITLOOM_REQUIRE(bits >= 0 && bits <= kWidest, ErrorCode::InvalidArgument, "width ", bits,
                    " is not possible for ", kWidest, "-bit codes; it may be 0 to ", kWidest);
}

/// The width-and-order kernel of each code type.
template <typename Code>
struct KernelChoice;
template <>
struct KernelChoice<std::uint8_t> {
    static auto pack(const detail::BitKernels& k, int order, int bits)
    {
        return k.pack8[order][bits];
    }
    static auto unpack(const detail::BitKernels& k, int order, int bits)
    {
        return k.unpack8[order][bits];
    }
};
template <>
struct KernelChoice<std::uint16_t> {
    static auto pack(const detail::BitKernels& k, int order, int bits)
    {
        return k.pack16[order][bits];
    }
    static auto unpack(const detail::BitKernels& k, int order, int bits)
    {
        return k.unpack16[order][bits];
    }
};

template <typename Code>
void requireFit(unsigned orOfCodes, std::span<const Code> codes, std::size_t first, int bits)
{
    if (orOfCodes >> bits == 0) {
        return;
    }
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if (codes[i] >> bits != 0) {
            fail(ErrorCode::InvalidArgument, "code ", static_cast<unsigned>(codes[i]), " at index ",
                 first + i, " needs ", std::bit_width(unsigned{codes[i]}), " bits, ", bits,
                 " given");
        }
    }
}

template <typename Code>
void requireZero(std::span<const Code> codes)
{
    unsigned all = 0;
    for (const Code code : codes) {
        all |= code;
    }
    requireFit(all, codes, 0, 0);
}

/// Packs piece by piece through a small buffer: produce(piece, bytes) fills bytes, the writer
/// streams them out.
template <typename Code, typename Produce>
void packPieces(std::span<const Code> codes, int bits, std::byte* out, Produce produce)
{
    alignas(64) std::byte buffer[kPieceCodes * sizeof(Code)];
    detail::StreamWriter writer(out);
    for (std::size_t first = 0; first < codes.size(); first += kPieceCodes) {
        const auto piece = codes.subspan(first, std::min(kPieceCodes, codes.size() - first));
        const unsigned all = produce(piece, reinterpret_cast<std::uint8_t*>(buffer));
        requireFit(all, piece, first, bits);
        writer.append(buffer, packedStreamBytes(piece.size(), bits));
    }
    writer.finish();
}

template <typename Code>
void packStream(std::span<const Code> codes, int bits, int order, std::span<std::byte> out,
                const detail::BitKernels& kernels)
{
    const auto kernel = KernelChoice<Code>::pack(kernels, order, bits);
    const std::size_t bytes = packedStreamBytes(codes.size(), bits);
    if (bytes < detail::kStreamingBytes || bits == 8 * static_cast<int>(sizeof(Code))) {
        requireFit(kernel(codes.data(), codes.size(), reinterpret_cast<std::uint8_t*>(out.data())),
                   codes, 0, bits);
        return;
    }
    packPieces(codes, bits, out.data(), [&](std::span<const Code> piece, std::uint8_t* buffer) {
        return kernel(piece.data(), piece.size(), buffer);
    });
}

/// 16-bit codes of at most 8 bits: narrowed piece by piece, then packed by the 8-bit kernels.
void packNarrow(std::span<const std::uint16_t> codes, int bits, int order, std::span<std::byte> out,
                const detail::BitKernels& kernels)
{
    std::uint8_t narrow[kPieceCodes];
    auto* to = reinterpret_cast<std::uint8_t*>(out.data());
    for (std::size_t first = 0; first < codes.size(); first += kPieceCodes) {
        const auto piece = codes.subspan(first, std::min(kPieceCodes, codes.size() - first));
        unsigned all = 0;
        for (std::size_t i = 0; i < piece.size(); ++i) {
            all |= piece[i];
            narrow[i] = static_cast<std::uint8_t>(piece[i]);
        }
        requireFit(all, piece, first, bits);
        kernels.pack8[order][bits](narrow, piece.size(), to);
        to += packedStreamBytes(piece.size(), bits);
    }
}

template <typename Code>
void unpackStream(const std::uint8_t* packed, int bits, int order, std::span<Code> codes,
                  const detail::BitKernels& kernels)
{
    const auto kernel = KernelChoice<Code>::unpack(kernels, order, bits);
    if (codes.size_bytes() < detail::kStreamingBytes ||
        bits == 8 * static_cast<int>(sizeof(Code))) {
        kernel(packed, codes.size(), codes.data());
        return;
    }
    alignas(64) Code buffer[kPieceCodes];
    detail::StreamWriter writer(reinterpret_cast<std::byte*>(codes.data()));
    for (std::size_t first = 0; first < codes.size(); first += kPieceCodes) {
        const std::size_t count = std::min(kPieceCodes, codes.size() - first);
        kernel(packed, count, buffer);
        writer.append(reinterpret_cast<const std::byte*>(buffer), count * sizeof(Code));
        packed += packedStreamBytes(count, bits);
    }
    writer.finish();
}

void unpackNarrow(const std::uint8_t* packed, int bits, int order, std::span<std::uint16_t> codes,
                  const detail::BitKernels& kernels)
{
    std::uint8_t narrow[kPieceCodes];
    for (std::size_t first = 0; first < codes.size(); first += kPieceCodes) {
        const std::size_t count = std::min(kPieceCodes, codes.size() - first);
        kernels.unpack8[order][bits](packed, count, narrow);
        std::copy_n(narrow, count, codes.data() + first);
        packed += packedStreamBytes(count, bits);
    }
}

template <typename Code>
void packChecked(std::span<const Code> codes, int bits, BitOrder order, std::span<std::byte> out,
                 Isa isa)
{
    requireWidth<Code>(bits);
    const detail::BitKernels& kernels = kernelsFor(isa);
    const std::size_t bytes = packedStreamBytes(codes.size(), bits);
    BITLOOM_REQUIRE(out.size() >= bytes, ErrorCode::ShapeMismatch, codes.size(), " codes of ", bits,
                    " bits need ", bytes, " bytes, the output has ", out.size());
    const int msb = order == BitOrder::MsbFirst ? detail::kMsb : detail::kLsb;
    if (bits == 0) {
        requireZero(codes);
    } else if (codes.empty()) {
        // nothing; kernels take no null pointers
    } else if constexpr (sizeof(Code) == 1) {
        packStream(codes, bits, msb, out, kernels);
    } else if (bits <= 8) {
        packNarrow(codes, bits, msb, out, kernels);
    } else {
        packStream(codes, bits, msb, out, kernels);
    }
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(bytes), out.end(), std::byte{0});
}

template <typename Code>
void unpackChecked(std::span<const std::byte> packed, int bits, BitOrder order,
                   std::span<Code> codes, Isa isa)
{
    requireWidth<Code>(bits);
    const detail::BitKernels& kernels = kernelsFor(isa);
    const std::size_t bytes = packedStreamBytes(codes.size(), bits);
    BITLOOM_REQUIRE(packed.size() >= bytes, ErrorCode::ShapeMismatch, codes.size(), " codes of ",
                    bits, " bits need ", bytes, " bytes, the input has ", packed.size());
    const int msb = order == BitOrder::MsbFirst ? detail::kMsb : detail::kLsb;
    const auto* from = reinterpret_cast<const std::uint8_t*>(packed.data());
    if (bits == 0 || codes.empty()) {
        std::fill(codes.begin(), codes.end(), Code{0});
    } else if constexpr (sizeof(Code) == 1) {
        unpackStream(from, bits, msb, codes, kernels);
    } else if (bits <= 8) {
        unpackNarrow(from, bits, msb, codes, kernels);
    } else {
        unpackStream(from, bits, msb, codes, kernels);
    }
}

} // namespace

std::size_t packedStreamBytes(std::size_t count, int bits)
{
    const auto width = static_cast<std::size_t>(bits);
    return count / 8 * width + (count % 8 * width + 7) / 8;
}

void packBits(std::span<const std::uint8_t> codes, int bits, BitOrder order,
              std::span<std::byte> out, Isa isa)
{
    packChecked(codes, bits, order, out, isa);
}

void packBits(std::span<const std::uint16_t> codes, int bits, BitOrder order,
              std::span<std::byte> out, Isa isa)
{
    packChecked(codes, bits, order, out, isa);
}

void unpackBits(std::span<const std::byte> packed, int bits, BitOrder order,
                std::span<std::uint8_t> codes, Isa isa)
{
    unpackChecked(packed, bits, order, codes, isa);
}

void unpackBits(std::span<const std::byte> packed, int bits, BitOrder order,
                std::span<std::uint16_t> codes, Isa isa)
{
    unpackChecked(packed, bits, order, codes, isa);
}

} // namespace bitloom
