// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/pack/pack_selftest.h"

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/pack/bit_packer.h"
#include "core/pack/bitpack_layout.h"
#include "core/pack/block_layout.h"

#include <array>
#include <span>

namespace bitloom {

namespace {

// Around the 8, 32 and 64 codes of the kernels' steps and the 4096 of their buffer.
constexpr std::array<std::size_t, 22> kLengths{
    0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 255, 257, 4095, 4097, 10'001};

/// The definition of the two bit orders, one bit at a time.
template <typename Code>
std::vector<std::byte> packBitByBit(std::span<const Code> codes, int bits, BitOrder order)
{
    std::vector<std::byte> packed(packedStreamBytes(codes.size(), bits));
    std::size_t at = 0;
    for (const Code code : codes) {
        for (int i = 0; i < bits; ++i, ++at) {
            const int bit = order == BitOrder::LsbFirst ? i : bits - 1 - i;
            const auto place = order == BitOrder::LsbFirst ? at % 8 : 7 - at % 8;
            packed[at / 8] |= std::byte((static_cast<unsigned>(code) >> bit & 1U) << place);
        }
    }
    return packed;
}

template <typename Code>
void tryOne(PackSelfTest& result, Rng& rng, Isa isa, BitOrder order, int bits, std::size_t length)
{
    std::vector<Code> codes(length);
    for (Code& code : codes) {
        code = static_cast<Code>(rng.next() & ((std::uint64_t{1} << bits) - 1));
    }
    std::vector<std::byte> packed(packedStreamBytes(length, bits));
    std::vector<Code> back(length);
    packBits(std::span<const Code>(codes), bits, order, packed, isa);
    unpackBits(packed, bits, order, std::span(back), isa);
    const bool sameBytes = packed == packBitByBit(std::span<const Code>(codes), bits, order);
    if (!sameBytes || back != codes) {
        result.failures.push_back(
            std::string(toString(isa)) + ": " + std::to_string(length) + " codes of " +
            std::to_string(bits) + " bits, " +
            (order == BitOrder::LsbFirst ? "lowest" : "highest") + " bit first, " +
            (sameBytes ? "do not unpack to what was packed" : "are packed to other bytes"));
    }
    ++result.cases;
    result.codes += static_cast<std::int64_t>(length);
}

void tryBitPackExample(PackSelfTest& result, Rng& rng, Isa isa)
{
    const std::vector<std::int64_t> shape{68, 68, 7, 7};
    std::vector<std::uint8_t> codes(std::size_t{68} * 68 * 7 * 7);
    for (std::uint8_t& code : codes) {
        code = static_cast<std::uint8_t>(rng.next() % 64);
    }
    const std::vector<std::byte> packed = bitPack(codes, shape, 6, isa);
    if (packed.size() != codes.size() / 8 * 6 || bitUnpack(packed, shape, 6, isa) != codes) {
        result.failures.push_back(
            std::string(toString(isa)) +
            ": BitPack's example of 68 x 68 x 7 x 7 codes of 6 bits is wrong");
    }
    ++result.cases;
    result.codes += static_cast<std::int64_t>(codes.size());
}

} // namespace

PackSelfTest runPackSelfTest(std::uint64_t seed, RunControl& control)
{
    PackSelfTest result;
    Rng rng(seed);
    for (const Isa isa : supportedIsas()) {
        result.isas.push_back(isa);
        for (int bits = 0; bits <= kMaxPackedBits; ++bits) {
            if (control.shouldStop()) {
                return result;
            }
            for (const BitOrder order : {BitOrder::LsbFirst, BitOrder::MsbFirst}) {
                for (const std::size_t length : kLengths) {
                    if (bits <= 8) {
                        tryOne<std::uint8_t>(result, rng, isa, order, bits, length);
                    }
                    tryOne<std::uint16_t>(result, rng, isa, order, bits, length);
                }
            }
            control.report(
                {"self-test " + std::string(toString(isa)), bits, kMaxPackedBits, "widths"});
        }
        tryBitPackExample(result, rng, isa);
    }
    result.finished = true;
    return result;
}

} // namespace bitloom
