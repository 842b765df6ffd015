// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/plan_edit_flags.h"

#include <CLI/CLI.hpp>

#include <charconv>
#include <cmath>
#include <functional>
#include <string>
#include <string_view>

namespace bitloom::cli {

namespace {

std::optional<float> finiteFloat(std::string_view text)
{
    float value = 0;
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const auto [stop, failure] = std::from_chars(begin, end, value);
    const bool whole = failure == std::errc() && stop == end && std::isfinite(value);
    return whole ? std::optional(value) : std::nullopt;
}

/// "LOW:HIGH", or "none".
RangeEdit rangeFrom(const char* flag, const std::string& text)
{
    if (text == "none") {
        return std::nullopt;
    }
    const std::string_view view = text;
    const std::size_t colon = view.find(':');
    const auto low = finiteFloat(view.substr(0, colon));
    const auto high =
        colon == std::string_view::npos ? std::nullopt : finiteFloat(view.substr(colon + 1));
    if (!low || !high) {
        throw CLI::ValidationError(
            flag, "expected two 32-bit numbers LOW:HIGH, such as -0.5:0.5, or none, found '" +
                      text + "'");
    }
    return ValueRange{*low, *high};
}

/// The options that weights and activations both have.
struct SpecFlags {
    CLI::App& app;

    template <typename Value>
    void choice(const char* flag, std::vector<std::string> legal,
                std::optional<Value> (*from)(std::string_view), std::optional<Value>& target,
                const char* help) const
    {
        app.add_option_function<std::string>(
               flag, [&target, from](const std::string& text) { target = from(text); }, help)
            ->check(CLI::IsMember(std::move(legal)));
    }
    void scheme(const char* flag, std::optional<QScheme>& target) const
    {
        choice(flag, {"affine", "symmetric"}, &qSchemeFrom, target,
               "Codes with or without a zero point");
    }
    void observer(const char* flag, std::optional<Observer>& target) const
    {
        choice(flag, {"minmax", "percentile", "mse"}, &observerFrom, target,
               "How the range is chosen");
    }
    void percentile(const char* flag, std::optional<double>& target) const
    {
        app.add_option(flag, target, "Percentile of that observer, above 50 and up to 100");
    }
    void range(const char* flag, std::optional<RangeEdit>& target, const char* help) const
    {
        app.add_option_function<std::string>(
            flag,
            [&target, flag](const std::string& text) { target.emplace(rangeFrom(flag, text)); },
            help);
    }
};

} // namespace

void declarePlanEdit(CLI::App& app, PlanEdit& edit)
{
    const SpecFlags flags{app};
    app.add_option("--weight-bits", edit.weightBits, "0..16 or 32");
    app.add_option("--activation-bits", edit.activationBits,
                   "0..16 or 32, of the tensors these layers read");
    flags.scheme("--weight-scheme", edit.weightScheme);
    flags.choice("--weight-granularity", {"per_channel", "per_tensor"}, &granularityFrom,
                 edit.weightGranularity, "One scale per output channel or one for all");
    flags.observer("--weight-observer", edit.weightObserver);
    flags.percentile("--weight-percentile", edit.weightPercentile);
    flags.range("--weight-range", edit.weightRange,
                "LOW:HIGH, a fixed range instead of an observer (per_tensor only); none: the "
                "observer again");
    flags.scheme("--activation-scheme", edit.activationScheme);
    flags.observer("--activation-observer", edit.activationObserver);
    flags.percentile("--activation-percentile", edit.activationPercentile);
    flags.range("--activation-range", edit.activationRange,
                "LOW:HIGH, a fixed range instead of an observer; none: the observer again");
}

} // namespace bitloom::cli
