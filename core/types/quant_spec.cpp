// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/quant_spec.h"

#include <array>
#include <utility>

namespace bitloom {

namespace {
template <typename Enum, std::size_t N>
using Names = std::array<std::pair<Enum, std::string_view>, N>;

constexpr Names<QScheme, 2> kSchemes{{{QScheme::Affine, "affine"}, {QScheme::Symmetric, "symmetric"}}};
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

std::string_view toString(QScheme scheme) { return nameOf(kSchemes, scheme); }
std::string_view toString(Granularity granularity) { return nameOf(kGranularities, granularity); }
std::string_view toString(Observer observer) { return nameOf(kObservers, observer); }
std::optional<QScheme> qSchemeFrom(std::string_view text) { return valueOf(kSchemes, text); }
std::optional<Granularity> granularityFrom(std::string_view text) { return valueOf(kGranularities, text); }
std::optional<Observer> observerFrom(std::string_view text) { return valueOf(kObservers, text); }

} // namespace bitloom
