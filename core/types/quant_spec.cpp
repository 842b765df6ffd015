// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/quant_spec.h"

#include "core/base/error.h"

#include <array>
#include <cmath>
#include <utility>

namespace bitloom {

namespace {
template <typename Enum, std::size_t N>
using Names = std::array<std::pair<Enum, std::string_view>, N>;

constexpr Names<QScheme, 2> kSchemes{
    {{QScheme::Affine, "affine"}, {QScheme::Symmetric, "symmetric"}}};
constexpr Names<Granularity, 2> kGranularities{
    {{Granularity::PerTensor, "per_tensor"}, {Granularity::PerChannel, "per_channel"}}};
constexpr Names<Observer, 3> kObservers{
    {{Observer::MinMax, "minmax"}, {Observer::Percentile, "percentile"}, {Observer::Mse, "mse"}}};

template <typename Enum, std::size_t N>
std::string_view nameOf(const Names<Enum, N>& names, Enum value)
{
    for (const auto& [key, name] : names) {
        if (key == value) {
            return name;
        }
    }
    return {};
}

template <typename Enum, std::size_t N>
std::optional<Enum> valueOf(const Names<Enum, N>& names, std::string_view text)
{
    for (const auto& [key, name] : names) {
        if (name == text) {
            return key;
        }
    }
    return std::nullopt;
}
} // namespace

void requireValid(const QuantSpec& spec, std::string_view path)
{
    BITLOOM_REQUIRE(isLegalBitWidth(spec.bits), ErrorCode::InvalidArgument, path, ".bits: found ",
                    spec.bits, ", allowed are 0..", kMaxIntegerBits, " and ", kFloatBits);
    BITLOOM_REQUIRE(spec.scheme != QScheme::Symmetric || spec.bits != 1, ErrorCode::InvalidArgument,
                    path, ".bits: found 1, the symmetric scheme needs at least 2");
    BITLOOM_REQUIRE(!spec.narrow || spec.scheme == QScheme::Symmetric, ErrorCode::InvalidArgument,
                    path,
                    ".narrow_range: found true with the affine scheme, which starts at 0; it "
                    "needs the symmetric scheme");
    BITLOOM_REQUIRE(spec.percentile > 50.0 && spec.percentile <= 100.0, ErrorCode::InvalidArgument,
                    path, ".percentile: found ", spec.percentile,
                    ", allowed are values above 50 and up to 100");
    if (spec.range) {
        const auto [low, high] = *spec.range;
        BITLOOM_REQUIRE(std::isfinite(low) && std::isfinite(high), ErrorCode::InvalidArgument, path,
                        ".range: found ", low, "..", high,
                        ", both ends must be finite 32-bit floats");
        BITLOOM_REQUIRE(low <= high, ErrorCode::InvalidArgument, path, ".range: found ", low, "..",
                        high, ", the low end must come first");
        BITLOOM_REQUIRE(
            spec.granularity == Granularity::PerTensor, ErrorCode::InvalidArgument, path,
            ".range: a fixed range needs the granularity per_tensor, found per_channel");
    }
}

std::string_view toString(QScheme scheme)
{
    return nameOf(kSchemes, scheme);
}
std::string_view toString(Granularity granularity)
{
    return nameOf(kGranularities, granularity);
}
std::string_view toString(Observer observer)
{
    return nameOf(kObservers, observer);
}
std::optional<QScheme> qSchemeFrom(std::string_view text)
{
    return valueOf(kSchemes, text);
}
std::optional<Granularity> granularityFrom(std::string_view text)
{
    return valueOf(kGranularities, text);
}
std::optional<Observer> observerFrom(std::string_view text)
{
    return valueOf(kObservers, text);
}

} // namespace bitloom
