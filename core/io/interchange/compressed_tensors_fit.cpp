// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"
#include "core/io/interchange/compressed_tensors.h"

#include <algorithm>
#include <utility>

namespace bitloom::io {

namespace {

constexpr int kMaxCompatibleBits = 8;

CompressedTensorsFit outside(PhraseId why, std::vector<Phrase> about = {})
{
    return {false, {why, std::move(about)}};
}

Phrase numberText(std::int64_t number)
{
    return std::to_string(number);
}

/// What q of the layout is smaller by than the tensor's own q; nullopt where the two are not apart
/// by one number for the whole tensor.
std::optional<std::int64_t> shiftOf(const PackedTensor& tensor)
{
    const std::int64_t half = (std::int64_t{1} << tensor.bits) / 2;
    switch (tensor.encoding) {
    case CodeEncoding::OffsetBinary:
        return 0;
    case CodeEncoding::Unsigned:
        return half;
    case CodeEncoding::MinShift:
        return tensor.origin.size() == 1 ? std::optional(tensor.origin[0] + half) : std::nullopt;
    case CodeEncoding::Bipolar:
        return std::nullopt;
    }
    return std::nullopt;
}

bool groupsAreEqual(const PackedTensor& tensor, std::int64_t cols)
{
    std::vector<std::int64_t> sizes(static_cast<std::size_t>(cols / tensor.groupSize));
    for (const std::int32_t group : tensor.gIdx) {
        ++sizes[static_cast<std::size_t>(group)];
    }
    return std::ranges::all_of(sizes, [&](std::int64_t size) { return size == tensor.groupSize; });
}

} // namespace

std::optional<std::vector<std::int32_t>> compressedZeroPoints(const PackedTensor& parameters)
{
    const auto shift = shiftOf(parameters);
    if (!shift) {
        return std::nullopt;
    }
    const std::size_t count =
        parameters.zeroPoint.empty() && *shift != 0
            ? std::max<std::size_t>(parameters.scale.size(), 1) // they stand for 0 of their own q
            : parameters.zeroPoint.size();
    const std::int64_t half = (std::int64_t{1} << parameters.bits) / 2;
    std::vector<std::int32_t> result;
    for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t own = parameters.zeroPoint.empty() ? 0 : parameters.zeroPoint[i];
        const std::int64_t zero = own - *shift;
        if (zero < -half || zero >= half) {
            return std::nullopt;
        }
        result.push_back(static_cast<std::int32_t>(zero));
    }
    return result;
}

CompressedTensorsFit compressedTensorsFit(const PackedTensor& parameters)
{
    const PackedTensor& tensor = parameters;
    if (tensor.kind != PackedKind::Int) {
        return {tensor.kind == PackedKind::Raw, {}};
    }
    if (!tensor.name.ends_with(".weight") || tensor.name.size() == 7) {
        return outside(PhraseId::NotNamedWeight, {tensor.name});
    }
    if (tensor.shape.size() != 2 || tensor.axis != 0) {
        return outside(PhraseId::NotTwoDimensional, {shapeText(tensor.shape)});
    }
    if (tensor.bits == PackedTensorHeader::kBitsPerRow) {
        return outside(PhraseId::RowWidths);
    }
    if (tensor.bits < 1 || tensor.bits > kMaxCompatibleBits) {
        return outside(PhraseId::BitsBeyond,
                       {numberText(tensor.bits), numberText(kMaxCompatibleBits)});
    }
    if (tensor.shape[0] == 0 || tensor.shape[1] == 0) {
        return outside(PhraseId::IsEmpty);
    }
    const std::int64_t cols = tensor.shape[1];
    if (tensor.groupSize > 0 && cols % tensor.groupSize != 0) {
        return outside(PhraseId::GroupsDoNotDivide,
                       {numberText(cols), numberText(tensor.groupSize)});
    }
    if (!tensor.gIdx.empty() && !groupsAreEqual(tensor, cols)) {
        return outside(PhraseId::GroupsAreUnequal, {numberText(tensor.groupSize)});
    }
    if (!compressedZeroPoints(tensor)) {
        return outside(PhraseId::ZeroPointsOutside, {std::string(toString(tensor.encoding))});
    }
    const bool everyReader = kMaxCompatibleBits % tensor.bits == 0;
    return {true,
            everyReader ? Phrase() : Phrase(PhraseId::NeedsDenseCodes, {numberText(tensor.bits)})};
}

} // namespace bitloom::io
