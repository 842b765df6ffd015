// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/bitpack/bitpack_file.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/ops/tensor_bytes.h"
#include "core/ops/torch_errors.h"
#include "core/pack/value_packer.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <array>
#include <limits>

namespace bitloom::io {

namespace {

/// Codes of 0 bits take no space, so a tiny file could ask for any amount of memory.
constexpr std::int64_t kMaxCodesWithoutBits = std::int64_t{1} << 28;

at::Tensor decodeOnCpu(const BitPackEntry& entry)
{
    at::Tensor integers = at::empty(entry.shape, at::kInt);
    const std::span out(integers.mutable_data_ptr<std::int32_t>(),
                        static_cast<std::size_t>(integers.numel()));
    unpackValues(bytesOfTensor(entry.stored), entry.bits, BitOrder::MsbFirst, entry.offset, out);
    return integers;
}

/// Errors: those of decode().
void requireDecodable(const BitPackEntry& entry)
{
    constexpr std::int64_t kLargest = std::numeric_limits<std::int32_t>::max();
    const std::int64_t highest = (1 << entry.bits) - 1;
    BITLOOM_REQUIRE(entry.offset <= kLargest + 1 && entry.offset >= highest - kLargest,
                    ErrorCode::CorruptFile, "tensor ", entry.name, " has the offset ", entry.offset,
                    ", with which its codes do not fit 32 bits");
    BITLOOM_REQUIRE(entry.bits > 0 ||
                        checkedNumel(entry.shape, "tensor " + entry.name) <= kMaxCodesWithoutBits,
                    ErrorCode::UnsafeFile, "refused: tensor ", entry.name, " claims more than ",
                    kMaxCodesWithoutBits, " elements of 0 bits, which take no space in the file");
}

} // namespace

std::int64_t BitPackEntry::storedBytes() const
{
    return static_cast<std::int64_t>(stored.nbytes());
}

std::int64_t BitPackEntry::paddingBits() const
{
    return isPacked() ? storedBytes() * 8 - checkedNumel(shape, "tensor " + name) * bits : 0;
}

at::Tensor decodeByOperators(const BitPackEntry& entry, c10::Device device)
{
    // Each code lies in two neighbouring bytes.
    constexpr std::int64_t kCodesAtOnce = std::int64_t{1} << 22;
    const std::int64_t count = checkedNumel(entry.shape, "tensor " + entry.name);
    at::Tensor integers = at::empty({count}, at::TensorOptions(at::kInt).device(device));
    // Two bytes more, so that the last code has both even where there are no bits.
    const at::Tensor bytes =
        at::cat({entry.stored.reshape({-1}), at::zeros({2}, at::TensorOptions(at::kByte))})
            .to(device);
    for (std::int64_t first = 0; first < count; first += kCodesAtOnce) {
        const std::int64_t length = std::min(kCodesAtOnce, count - first);
        const at::Tensor bit =
            at::arange(first, first + length, at::TensorOptions(at::kLong).device(device))
                .mul(entry.bits);
        const at::Tensor byte = bit.bitwise_right_shift(3);
        const at::Tensor pair = bytes.index_select(0, byte).to(at::kLong).mul(256).add(
            bytes.index_select(0, byte.add(1)).to(at::kLong));
        const at::Tensor shift = bit.bitwise_and(7).neg().add(16 - entry.bits);
        integers.narrow(0, first, length)
            .copy_(pair.bitwise_right_shift(shift)
                       .bitwise_and((1 << entry.bits) - 1)
                       .sub(entry.offset));
    }
    return integers.reshape(entry.shape);
}

at::Tensor decode(const BitPackEntry& entry, c10::Device device)
{
    return withTorchErrors([&] {
        if (!entry.isPacked()) {
            return entry.stored.to(device);
        }
        requireDecodable(entry);
        return device.is_cpu() ? decodeOnCpu(entry) : decodeByOperators(entry, device);
    });
}

void decodePiece(const BitPackEntry& entry, std::int64_t first, std::span<std::int32_t> integers)
{
    requireDecodable(entry);
    const std::int64_t count = checkedNumel(entry.shape, "tensor " + entry.name);
    BITLOOM_REQUIRE(first >= 0 && first <= count &&
                        static_cast<std::int64_t>(integers.size()) <= count - first,
                    ErrorCode::ShapeMismatch, "tensor ", entry.name, " has ", count,
                    " elements, not ", integers.size(), " from element ", first, " on");
    const std::int64_t early = first % 8; // codes begin at a whole byte after each 8 of them
    const auto from = [&](std::int64_t code) {
        return bytesOfTensor(entry.stored).subspan(static_cast<std::size_t>(code / 8 * entry.bits));
    };
    if (early != 0) {
        std::array<std::int32_t, 8> eight{};
        const std::int64_t there = std::min<std::int64_t>(8, count - (first - early));
        unpackValues(from(first - early), entry.bits, BitOrder::MsbFirst, entry.offset,
                     std::span(eight).first(static_cast<std::size_t>(there)));
        const std::size_t taken =
            std::min(integers.size(), static_cast<std::size_t>(there - early));
        std::copy_n(eight.begin() + early, taken, integers.begin());
        integers = integers.subspan(taken);
        first += static_cast<std::int64_t>(taken);
    }
    if (!integers.empty()) {
        unpackValues(from(first), entry.bits, BitOrder::MsbFirst, entry.offset, integers);
    }
}

void decodeInPieces(const BitPackEntry& entry,
                    const std::function<void(std::int64_t first, const at::Tensor& piece)>& use)
{
    constexpr std::int64_t kCodesAtOnce = std::int64_t{1} << 16; // stay in the cache
    withTorchErrors([&] {
        requireDecodable(entry);
        const std::int64_t count = checkedNumel(entry.shape, "tensor " + entry.name);
        const at::Tensor room = at::empty({std::min(kCodesAtOnce, count)}, at::kInt);
        for (std::int64_t first = 0; first < count; first += kCodesAtOnce) {
            const at::Tensor piece = room.narrow(0, 0, std::min(kCodesAtOnce, count - first));
            decodePiece(entry, first,
                        std::span(piece.mutable_data_ptr<std::int32_t>(),
                                  static_cast<std::size_t>(piece.numel())));
            use(first, piece);
        }
    });
}

} // namespace bitloom::io
