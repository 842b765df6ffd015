// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed/packed_source.h"

#include "core/base/hash.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <ctime>

namespace bitloom::io {

std::string creationTime()
{
    std::time_t seconds = std::time(nullptr);
    if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH"); epoch != nullptr && *epoch != '\0') {
        const std::string_view text = epoch;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
        BITLOOM_REQUIRE(error == std::errc() && end == text.data() + text.size(),
                        ErrorCode::InvalidArgument, "SOURCE_DATE_EPOCH=", text,
                        " is not a number of seconds");
    }
    std::tm utc{};
    std::array<char, 64> text{};
    BITLOOM_REQUIRE(gmtime_r(&seconds, &utc) != nullptr &&
                        std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc) > 0,
                    ErrorCode::InvalidArgument, "the time ", seconds,
                    " cannot be written as a date");
    return text.data();
}

void requireConsistent(const PackedActivation& activation, ErrorCode code)
{
    const std::string& name = activation.name;
    const bool isFloat = activation.bits == 32;
    BITLOOM_REQUIRE(isFloat || (activation.bits >= 0 && activation.bits <= kMaxPackedBits), code,
                    "activation ", name, " has ", activation.bits, " bits; 0 to ", kMaxPackedBits,
                    ", or 32 for none, are possible");
    BITLOOM_REQUIRE(activation.zeroPoint.size() == activation.scale.size(), code, "activation ",
                    name, " has ", activation.scale.size(), " scales and ",
                    activation.zeroPoint.size(), " zero points");
    BITLOOM_REQUIRE(activation.perChannel || activation.scale.size() <= 1, code, "activation ",
                    name, " is per tensor and has ", activation.scale.size(), " scales");
    for (const float scale : activation.scale) {
        BITLOOM_REQUIRE(std::isfinite(scale), ErrorCode::NonFinite, "scale of activation ", name,
                        " is ", scale, ", a finite number was expected");
        BITLOOM_REQUIRE(scale >= 0, code, "scale of activation ", name, " is ", scale,
                        ", it must not be negative");
    }
    BITLOOM_REQUIRE(std::isfinite(activation.low) && std::isfinite(activation.high),
                    ErrorCode::NonFinite, "range of activation ", name, " is ", activation.low,
                    " to ", activation.high, ", finite numbers were expected");
}

void requireUsefulScales(const PackedTensor& tensor, ErrorCode code)
{
    if (tensor.kind != PackedKind::Int ||
        std::ranges::find(tensor.scale, 0.0F) == tensor.scale.end()) {
        return;
    }
    const MatrixView view = tensor.matrix();
    const std::int64_t groups = tensor.scale.size() == 1 || view.rows == 0
                                    ? 1
                                    : static_cast<std::int64_t>(tensor.scale.size()) / view.rows;
    std::map<std::int64_t, std::int32_t> first; // of each scale of 0, its first integer
    visitIntegers(tensor, [&](std::int64_t at, std::span<const std::int32_t> integers) {
        for (const std::int32_t integer : integers) {
            const std::int64_t row = at / view.inner % view.rows;
            const std::int64_t col = at / (view.inner * view.rows) * view.inner + at % view.inner;
            ++at;
            const std::int64_t group = groups == 1 ? 0
                                       : tensor.gIdx.empty()
                                           ? col / tensor.groupSize
                                           : tensor.gIdx[static_cast<std::size_t>(col)];
            const std::int64_t scale = tensor.scale.size() == 1 ? 0 : row * groups + group;
            if (tensor.scale[static_cast<std::size_t>(scale)] != 0.0F) {
                continue;
            }
            const auto [known, isNew] = first.emplace(scale, integer);
            BITLOOM_REQUIRE(known->second == integer, code, "the scale of ", tensor.name,
                            " in row ", row, " is 0, but its codes differ (", known->second,
                            " and ", integer, "); only a constant row may have it");
        }
    });
}

const std::vector<PackedActivation>& PackedSource::activations() const
{
    static const std::vector<PackedActivation> kNone;
    return kNone;
}

PackedTensor PackedSource::withoutPayload(const PackedTensorHeader& header) const
{
    return header.kind == PackedKind::Int ? readParameters(header.name)
                                          : PackedTensor{header, {}, {}, {}, {}, {}, {}, {}};
}

PackedTensor PackedSource::readWithChecksums(std::string_view name,
                                             TensorChecksums& checksums) const
{
    PackedTensor tensor = readTensor(name);
    checksums = {crc32(tensor.payload()), {}};
    return tensor;
}

std::string PackedSource::wrongDigest(const std::map<std::string, std::string>&) const
{
    return {};
}

const PackedTensorHeader* PackedSource::find(std::string_view name) const
{
    const std::vector<PackedTensorHeader>& all = tensors();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const auto& header) { return header.name == name; });
    return found == all.end() ? nullptr : &*found;
}

const PackedTensorHeader& PackedSource::require(std::string_view name) const
{
    const PackedTensorHeader* const found = find(name);
    BITLOOM_REQUIRE(found != nullptr, ErrorCode::NotFound, "there is no tensor ", name);
    return *found;
}

} // namespace bitloom::io
