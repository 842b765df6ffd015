// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/packed_detail.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/io/packed_tensor_codec.h"
#include "core/methods/histogram_counter.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

namespace bitloom {

namespace {

constexpr std::int64_t kMostIntegers = std::int64_t{1} << 20;

const io::PackedTensorHeader& tensorNamed(const io::PackedSource& file, const std::string& name)
{
    if (const io::PackedTensorHeader* found = file.find(name)) {
        return *found;
    }
    std::vector<std::string> names;
    for (const io::PackedTensorHeader& header : file.tensors()) {
        names.push_back(header.name);
    }
    fail(ErrorCode::NotFound, "the file has no tensor '", name, "'; the nearest names are ",
         joinForPeople(nearestNames(name, names)));
}

struct IntegerRange {
    std::int64_t low = 0;
    std::int64_t high = 0;
};

/// All integers that an encoding can express at a width.
IntegerRange expressible(const io::PackedTensor& tensor, int bits)
{
    const std::int64_t codes = std::int64_t{1} << bits;
    switch (tensor.encoding) {
    case io::CodeEncoding::OffsetBinary:
        return {-(codes / 2), codes - 1 - codes / 2};
    case io::CodeEncoding::Unsigned:
        return {0, codes - 1};
    case io::CodeEncoding::Bipolar:
        return {1 - codes, codes - 1};
    case io::CodeEncoding::MinShift:
        break;
    }
    if (tensor.origin.empty()) {
        return {0, codes - 1};
    }
    const auto [low, high] = std::ranges::minmax(tensor.origin);
    return {low, std::int64_t{high} + codes - 1};
}

double entropyOf(std::span<const std::int64_t> counts)
{
    double total = 0;
    for (const std::int64_t count : counts) {
        total += static_cast<double>(count);
    }
    double bits = 0;
    for (const std::int64_t count : counts) {
        if (count > 0) {
            const double share = static_cast<double>(count) / total;
            bits -= share * std::log2(share);
        }
    }
    return bits;
}

/// False when cancelled.
bool countCodes(const io::PackedTensor& tensor, RunControl& control, PackedDetail& detail)
{
    const IntegerRange range = expressible(tensor, detail.bits);
    BITLOOM_REQUIRE(range.high - range.low < kMostIntegers, ErrorCode::InvalidArgument, tensor.name,
                    " has integers from ", range.low, " to ", range.high,
                    ", which is too far apart to count each");
    detail.first = range.low;
    detail.counts.assign(static_cast<std::size_t>(range.high - range.low + 1), 0);
    bool goesOn = true;
    io::visitIntegers(tensor, [&](std::int64_t, std::span<const std::int32_t> integers) {
        goesOn = goesOn && !control.shouldStop();
        if (goesOn) {
            for (const std::int32_t q : integers) {
                ++detail.counts[static_cast<std::size_t>(q - range.low)];
            }
        }
    });
    detail.entropyBits = entropyOf(detail.counts);
    return goesOn;
}

/// result.weights.bits is left to the caller.
FloatComparison compare(const io::PackedTensor& tensor, const at::Tensor& weight, int bins)
{
    BITLOOM_REQUIRE(weight.sizes() == at::IntArrayRef(tensor.shape), ErrorCode::ShapeMismatch,
                    tensor.name, " has another shape in the file than in the model, where it is ",
                    weight.sizes());
    const at::Tensor floats = weight.detach().to(at::kCPU, at::kFloat).contiguous();
    const at::Tensor stored = decodeParameter(tensor).to(at::kFloat).contiguous();
    FloatComparison result;
    if (floats.numel() > 0) {
        const ValueRange range = ChannelRows(floats, -1).ranges().front();
        HistogramCounter counter(range, bins,
                                 hasGrid(tensor) ? std::optional(gridOf(tensor)) : std::nullopt);
        counter.add(ChannelRows(floats, counter.axis()));
        result.weights = counter.finish();
    }
    const std::span w(floats.const_data_ptr<float>(), static_cast<std::size_t>(floats.numel()));
    const float* const decoded = stored.const_data_ptr<float>();
    double signal = 0;
    double noise = 0;
    for (std::size_t i = 0; i < w.size(); ++i) {
        const double error = std::abs(double{w[i]} - double{decoded[i]});
        signal += double{w[i]} * double{w[i]};
        noise += error * error;
        if (error > result.maxAbsError) {
            result.maxAbsError = error;
            result.maxAt = static_cast<std::int64_t>(i);
        }
    }
    result.meanSquaredError = w.empty() ? 0 : noise / static_cast<double>(w.size());
    if (signal > 0 && noise > 0) {
        result.sqnrDb = 10 * std::log10(signal / noise);
    }
    return result;
}

} // namespace

std::optional<PackedDetail> packedDetail(const io::PackedSource& file, const std::string& name,
                                         const LoadedModel* against, int bins, RunControl& control)
{
    const io::PackedTensorHeader& header = tensorNamed(file, name);
    BITLOOM_REQUIRE(header.kind == io::PackedKind::Int, ErrorCode::InvalidArgument, name,
                    " has no codes: it is stored as ", header.dtype);
    const io::PackedTensor tensor = file.readTensor(name);
    PackedDetail detail;
    detail.tensor = name;
    detail.shape = tensor.shape;
    detail.bits = std::max(tensor.layout().widestBits(), 0); // without rows there is none
    if (!countCodes(tensor, control, detail)) {
        return std::nullopt;
    }
    if (against != nullptr) {
        const graph::Parameter* parameter = against->graph->findParameter(name);
        BITLOOM_REQUIRE(parameter != nullptr, ErrorCode::NotFound, "the model ", against->info.name,
                        " has no tensor ", name);
        detail.against =
            withContext(name, [&] { return compare(tensor, parameter->tensor, bins); });
        detail.against->weights.bits = detail.bits;
    }
    return detail;
}

} // namespace bitloom
