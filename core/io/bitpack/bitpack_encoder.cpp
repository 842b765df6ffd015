// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/bitpack/bitpack_encoder.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/io/bitpack/integer_tensor.h"
#include "core/ops/torch_errors.h"
#include "core/pack/bitpack_layout.h"
#include "core/pack/value_packer.h"
#include "core/types/phrase.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <vector>

namespace bitloom::io {

namespace {

constexpr std::uint64_t kWidestSpan = 255;
constexpr std::int64_t kLargestByte = 255;

/// Gives the sink the packed bytes and, where their shape has more, zeros behind them.
void pack(const at::Tensor& integers, std::int64_t offset, int bits, std::int64_t bytes,
          const ByteSink& sink)
{
    constexpr std::size_t kCodesAtOnce = std::size_t{1} << 18; // ends with a whole byte
    std::vector<std::byte> packed;
    visitPackable(integers, [&](auto values) {
        for (std::size_t first = 0; first < values.size(); first += kCodesAtOnce) {
            const auto piece = values.subspan(first, std::min(kCodesAtOnce, values.size() - first));
            packed.resize(packedStreamBytes(piece.size(), bits));
            packValues(piece, offset, bits, BitOrder::MsbFirst, std::span(packed));
            sink(packed);
            bytes -= static_cast<std::int64_t>(packed.size());
        }
    });
    packed.assign(static_cast<std::size_t>(bytes), std::byte{0});
    sink(packed);
}

BitPackEntry rawEntry(const std::string& name, const at::Tensor& tensor)
{
    BitPackEntry entry;
    entry.name = name;
    entry.shape = tensor.sizes().vec();
    entry.stored = tensor;
    return entry;
}

BitPackEntry packedEntry(const std::string& name, const at::Tensor& integers, std::int64_t offset,
                         int bits)
{
    BitPackEntry entry;
    entry.name = name;
    entry.shape = integers.sizes().vec();
    entry.bits = bits;
    entry.offset = offset;
    entry.deferred = [integers, offset, bits, shape = entry.shape](const ByteSink& sink) {
        pack(integers, offset, bits, checkedNumel(bitPackShape(shape, bits), "packed bytes"), sink);
    };
    return entry;
}

BitPackEntry encodeSafely(const std::string& name, const at::Tensor& tensor, bool isInteger)
{
    if (!isInteger || tensor.dim() == 0 || tensor.numel() == 0) {
        return rawEntry(name, tensor);
    }
    const at::Tensor integers = tensor.contiguous();
    const IntegerRange range = *rangeOf(name, integers);
    if (range.span() > kWidestSpan || !range.fitsInt32()) {
        return rawEntry(name, tensor);
    }
    const int tight = std::max(1, tightBitWidth(range.span()));
    const bool fromZero = range.low >= 0 && range.high <= kLargestByte &&
                          tightBitWidth(static_cast<std::uint64_t>(range.high)) <= tight;
    return packedEntry(name, integers, fromZero ? 0 : -range.low, tight);
}

[[noreturn]] void refuse(const std::string& name, const Phrase& why)
{
    throw PhraseError(ErrorCode::InvalidArgument, {PhraseId::BitPackStops, {name, why}});
}

BitPackEntry encodeExactly(const std::string& name, const at::Tensor& tensor, bool isInteger)
{
    if (!isInteger) {
        refuse(name, {PhraseId::ExactType, {c10::toString(tensor.scalar_type())}});
    }
    if (tensor.dim() == 0 || tensor.numel() == 0) {
        refuse(name, tensor.dim() == 0 ? PhraseId::ExactNoDimensions : PhraseId::IsEmpty);
    }
    const at::Tensor integers = tensor.contiguous();
    const IntegerRange range = *rangeOf(name, integers);
    const auto values = [&range](std::vector<Phrase> more = {}) {
        more.insert(more.begin(), {std::to_string(range.low), std::to_string(range.high)});
        return more;
    };
    if (range.low >= 0) {
        refuse(name, {PhraseId::ExactNoNegative, values()});
    }
    if (range.low < -kLargestByte) {
        refuse(name, {PhraseId::ExactOffset, values({std::to_string(-range.low)})});
    }
    if (range.span() > kWidestSpan) {
        refuse(name, {PhraseId::ExactSpan, values({std::to_string(range.span())})});
    }
    if (tensor.scalar_type() == at::kChar && (range.low == -128 || range.span() > 127)) {
        refuse(name, {PhraseId::ExactInt8, values()});
    }
    return packedEntry(name, integers, -range.low, publishedBitPackWidth(range.span()));
}

} // namespace

BitPackEntry encodeDeferred(const std::string& name, const at::Tensor& tensor, BitPackMode mode,
                            bool isInteger)
{
    return withTorchErrors([&] {
        return mode == BitPackMode::Exact ? encodeExactly(name, tensor, isInteger)
                                          : encodeSafely(name, tensor, isInteger);
    });
}

BitPackEntry encode(const std::string& name, const at::Tensor& tensor, BitPackMode mode)
{
    BitPackEntry entry = encodeDeferred(name, tensor, mode, isIntegerType(tensor.scalar_type()));
    if (entry.deferred) {
        entry.stored = at::empty(bitPackShape(entry.shape, entry.bits), at::kByte);
        auto* out = static_cast<std::byte*>(entry.stored.mutable_data_ptr());
        entry.deferred([&out](std::span<const std::byte> piece) {
            out = std::copy(piece.begin(), piece.end(), out);
        });
        entry.deferred = nullptr;
    }
    return entry;
}

} // namespace bitloom::io
