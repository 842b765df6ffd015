// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/integer_encoding.h"

#include "core/base/error.h"
#include "core/io/bitpack/integer_tensor.h"
#include "core/io/packed_tensor_codec.h"
#include "core/pack/bitpack_layout.h"
#include "core/pack/row_packer.h"

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bitloom::io {

namespace {

struct RowRange {
    std::vector<std::uint8_t> bits;
    std::vector<std::int32_t> origin;
};

/// Width and smallest value of each channel; nullopt where one needs more than 16 bits.
std::optional<RowRange> rowRanges(const std::string& name, const at::Tensor& integers)
{
    RowRange rows;
    for (std::int64_t row = 0; row < integers.size(0); ++row) {
        const IntegerRange range = *rangeOf(name, integers.select(0, row).contiguous());
        const int bits = tightBitWidth(range.span());
        if (bits > kMaxPackedBits) {
            return std::nullopt;
        }
        rows.bits.push_back(static_cast<std::uint8_t>(bits));
        rows.origin.push_back(static_cast<std::int32_t>(range.low));
    }
    return rows;
}

/// The scale that belongs to a weight; empty where the checkpoint has none.
std::vector<float> scaleOf(const std::string& weight, const IntegerCheckpoint& checkpoint)
{
    const auto scale = checkpoint.scaleOf.find(weight);
    if (scale == checkpoint.scaleOf.end()) {
        return {};
    }
    const auto carried =
        std::find_if(checkpoint.carried.begin(), checkpoint.carried.end(),
                     [&](const NamedTensor& one) { return one.first == scale->second; });
    const at::Tensor values = carried->second.to(at::kFloat).reshape({-1}).contiguous();
    return {values.const_data_ptr<float>(), values.const_data_ptr<float>() + values.numel()};
}

/// What is added to an integer to get its code: one for all rows or one per row. Not of Bipolar.
std::vector<std::int64_t> offsetsOf(const PackedTensor& tensor)
{
    std::vector<std::int64_t> offsets;
    if (tensor.encoding == CodeEncoding::MinShift) {
        for (const std::int32_t origin : tensor.origin) {
            offsets.push_back(-std::int64_t{origin});
        }
    } else if (tensor.encoding == CodeEncoding::OffsetBinary && !tensor.rowBits.empty()) {
        for (const std::uint8_t bits : tensor.rowBits) {
            offsets.push_back((std::int64_t{1} << bits) / 2);
        }
    } else {
        const bool isOffset = tensor.encoding == CodeEncoding::OffsetBinary;
        offsets.push_back(isOffset ? (std::int64_t{1} << tensor.bits) / 2 : 0);
    }
    return offsets;
}

} // namespace

bool isToBePacked(const NamedTensor& one, const IntegerInput& input)
{
    const c10::ScalarType type = one.second.scalar_type();
    return isIntegerType(type) || (input.forcePackFp && c10::isFloatingType(type));
}

at::Tensor integersToPack(const NamedTensor& one, const IntegerInput& input)
{
    const bool forced = input.forcePackFp && c10::isFloatingType(one.second.scalar_type());
    return forced ? packableIntegers(one.first, one.second, input.tolerance)
                  : one.second.contiguous();
}

std::optional<PackedTensor> integerParameters(const NamedTensor& source, const at::Tensor& integers,
                                              const IntegerCheckpoint& checkpoint,
                                              bool widthPerChannel)
{
    const auto range = rangeOf(source.first, integers);
    if (!range || !range->fitsInt32()) {
        return std::nullopt;
    }
    PackedTensor tensor;
    tensor.name = source.first;
    tensor.shape = source.second.sizes().vec();
    tensor.dtype = dtypeName(source.first, source.second.scalar_type());
    tensor.encoding = CodeEncoding::MinShift;
    tensor.bits = tightBitWidth(range->span());
    tensor.origin = {static_cast<std::int32_t>(range->low)};
    if (widthPerChannel && integers.dim() > 0) {
        if (auto rows = rowRanges(source.first, integers)) {
            tensor.bits = PackedTensorHeader::kBitsPerRow;
            tensor.rowBits = std::move(rows->bits);
            tensor.origin = std::move(rows->origin);
        }
    }
    if (tensor.bits > kMaxPackedBits) {
        return std::nullopt;
    }
    tensor.scale = scaleOf(source.first, checkpoint);
    const MatrixView view = tensor.matrix();
    tensor.unit =
        tensor.rowBits.empty() ? choosePackUnit(view.rows, view.cols, tensor.bits) : PackUnit::Row;
    tensor.payloadBytes = tensor.layout().words() * kPackWordBytes;
    tensor.parameterBytes = static_cast<std::int64_t>(
        tensor.rowBits.size() + 4 * (tensor.scale.size() + tensor.origin.size()));
    return tensor;
}

void packIntegers(PackedTensor& tensor, const at::Tensor& integers)
{
    if (tensor.axis != 0 || tensor.encoding == CodeEncoding::Bipolar) { // not one row after another
        const at::Tensor all = integers.to(at::kInt).contiguous();
        packIntegers(tensor, std::span(all.const_data_ptr<std::int32_t>(),
                                       static_cast<std::size_t>(all.numel())));
        return;
    }
    const PackedLayout layout = tensor.layout();
    const std::vector<std::int64_t> offsets = offsetsOf(tensor);
    tensor.words.assign(static_cast<std::size_t>(layout.words()), 0);
    withContext(tensor.name, [&] {
        visitPackable(integers, [&](auto values) {
            packMatrixValues(values, std::span(offsets), layout, std::span(tensor.words));
        });
    });
}

std::vector<NamedTensor> carriedApart(const IntegerCheckpoint& checkpoint)
{
    std::set<std::string> withCodes;
    for (const auto& [weight, scale] : checkpoint.scaleOf) {
        withCodes.insert(scale);
    }
    std::vector<NamedTensor> apart;
    for (const NamedTensor& one : checkpoint.carried) {
        if (!withCodes.contains(one.first)) {
            apart.push_back(one);
        }
    }
    return apart;
}

} // namespace bitloom::io
