// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/quant/scale_search.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/ops/cpu/kernels.h"
#include "core/ops/parallel.h"

#include <algorithm>
#include <cmath>

namespace bitloom {
namespace {

constexpr std::int64_t kValuesPerItem = 65536;
/// Far enough from float32's ends that scaled data, scales and their inverses all stay normal
/// numbers.
constexpr int kLargestExponent = 100;

float powerOfTwoFor(ValueRange range)
{
    const float largest = std::max(std::fabs(range.low), std::fabs(range.high));
    int exponent = 0;
    std::frexp(largest, &exponent);
    return std::ldexp(1.0F, std::clamp(-exponent, -kLargestExponent, kLargestExponent));
}

using Candidates = std::array<ops::ScaleCandidate, kNumShrinks>;

Candidates candidatesOf(const std::array<ScaleZero, kNumShrinks>& grids, CodeRange codes,
                        float factor)
{
    Candidates candidates{};
    for (std::size_t i = 0; i < grids.size(); ++i) {
        const float scale = grids[i].scale * factor;
        candidates[i] = {.scale = scale,
                         // Multiplying by the inverse moves a value only across a tie of two
                         // equally distant levels, which leaves its error as it is.
                         .inverseScale = 1.0F / scale,
                         .low = static_cast<float>(codes.min - grids[i].zeroPoint),
                         .high = static_cast<float>(codes.max - grids[i].zeroPoint)};
    }
    return candidates;
}

void scoreValues(std::span<const float> values, float factor, const Candidates& candidates,
                 double* sums)
{
    std::array<float, ops::kScoreBlock> block{};
    const ops::Kernels& kernel = ops::kernels();
    for (std::size_t start = 0; start < values.size(); start += block.size()) {
        const std::size_t count = std::min(block.size(), values.size() - start);
        for (std::size_t i = 0; i < count; ++i) {
            block[i] = values[start + i] * factor;
        }
        kernel.scoreBlock(block.data(), static_cast<std::int64_t>(count), candidates.data(),
                          kNumShrinks, sums);
    }
}

} // namespace

ScaleSearch::ScaleSearch(const std::vector<ValueRange>& ranges, int bits, QScheme scheme)
    : m_channels(ranges.size()), m_codes(codeRange(bits, scheme))
{
    const auto factors = shrinkFactors();
    for (std::size_t c = 0; c < ranges.size(); ++c) {
        const ValueRange full = searchableRange(ranges[c], bits, scheme);
        for (std::size_t i = 0; i < factors.size(); ++i) {
            const ValueRange shrunk = {full.low * factors[i], full.high * factors[i]};
            m_channels[c].grids[i] = gridOf(shrunk, bits, scheme, RangeArithmetic::Float32);
        }
        m_channels[c].factor = powerOfTwoFor(ranges[c]);
    }
}

void ScaleSearch::add(const ChannelRows& rows)
{
    const std::int64_t numChannels = rows.numChannels();
    BITLOOM_REQUIRE(numChannels == static_cast<std::int64_t>(m_channels.size()),
                    ErrorCode::ShapeMismatch, "expected ", m_channels.size(), " channels, got ",
                    numChannels);
    const std::int64_t itemsPerChannel = ceilDivide(rows.perChannel(), kValuesPerItem);
    std::vector<std::array<double, kNumShrinks>> partial(
        static_cast<std::size_t>(numChannels * itemsPerChannel));
    ops::parallelFor(numChannels * itemsPerChannel, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t item = begin; item < end; ++item) {
            const std::int64_t channel = item / itemsPerChannel;
            const auto start = static_cast<std::size_t>(item % itemsPerChannel * kValuesPerItem);
            const std::span<const float> row = rows.row(channel);
            const std::size_t count = std::min<std::size_t>(kValuesPerItem, row.size() - start);
            const Channel& search = m_channels[static_cast<std::size_t>(channel)];
            scoreValues(row.subspan(start, count), search.factor,
                        candidatesOf(search.grids, m_codes, search.factor),
                        partial[static_cast<std::size_t>(item)].data());
        }
    });
    for (std::size_t item = 0; item < partial.size(); ++item) {
        Channel& search = m_channels[item / static_cast<std::size_t>(itemsPerChannel)];
        for (std::size_t i = 0; i < search.sums.size(); ++i) {
            search.sums[i] += partial[item][i];
        }
    }
    m_perChannel += rows.perChannel();
}

ScaleSearch::Winner ScaleSearch::best(std::int64_t channel) const
{
    const Channel& search = m_channels[static_cast<std::size_t>(channel)];
    std::size_t winner = 0;
    for (std::size_t i = 0; i < search.sums.size(); ++i) {
        BITLOOM_REQUIRE(std::isfinite(search.sums[i]), ErrorCode::NonFinite,
                        "the observed data hold NaN or infinite values");
        if (search.sums[i] < search.sums[winner]) {
            winner = i;
        }
    }
    return {search.grids[winner], static_cast<int>(winner)};
}

std::array<double, kNumShrinks> ScaleSearch::meanScores(std::int64_t channel) const
{
    const Channel& search = m_channels[static_cast<std::size_t>(channel)];
    const double unit =
        std::pow(static_cast<double>(search.factor), -2.4) / static_cast<double>(m_perChannel);
    std::array<double, kNumShrinks> means{};
    std::transform(search.sums.begin(), search.sums.end(), means.begin(),
                   [unit](double sum) { return sum * unit; });
    return means;
}

} // namespace bitloom
