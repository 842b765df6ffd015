// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/sensitivity_baseline.h"

#include "core/base/error.h"
#include "core/methods/bayesian_bits/forced_gates.h"
#include "core/methods/bayesian_bits/gated_network_parts.h"
#include "core/methods/evaluation.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

namespace bitloom::bayesian_bits {

namespace {

class Baseline {
public:
    Baseline(GatedNetwork& network, BatchLoader& images, RunControl& control)
        : m_network(network), m_images(images), m_control(control)
    {
        const at::NoGradGuard noGradients;
        for (std::size_t q = 0; q < m_network.sites().quantizers.size(); ++q) {
            const GateLayout& layout = m_network.layout();
            m_network.logits()
                .narrow(0, layout.channelsAt(q), layout.channelsOf(q))
                .fill_(kForcedLogit);
            if (m_network.quantizes(q)) {
                setBits(q, kBaselineStartBits);
                m_quantizers.push_back(q);
            }
        }
    }

    std::optional<std::vector<BaselinePoint>> run(const std::vector<int>& bits)
    {
        m_total = static_cast<std::int64_t>(2 * m_quantizers.size() * bits.size() + 1);
        std::map<int, std::vector<std::size_t>> orders;
        for (const int width : bits) {
            auto order = orderAt(width);
            if (!order) {
                return std::nullopt;
            }
            orders[width] = std::move(*order);
        }
        std::vector<BaselinePoint> points;
        if (!addPoint(std::nullopt, points)) {
            return std::nullopt;
        }
        for (const int width : bits) {
            for (const std::size_t quantizer : orders[width]) {
                setBits(quantizer, width);
                if (!addPoint(quantizer, points)) {
                    return std::nullopt;
                }
            }
        }
        return points;
    }

private:
    void setBits(std::size_t quantizer, int bits)
    {
        const at::NoGradGuard noGradients;
        forceWidth(m_network.logits(), m_network.layout(), quantizer, bits);
        m_network.invalidateEvaluation();
    }

    /// nullopt when cancelled.
    std::optional<EvalResult> measure()
    {
        m_control.report({"sensitivity baseline", m_done, m_total, "evaluations"});
        EvalResult result =
            evaluate(m_network.evaluation(), m_images, m_network.device(), m_control);
        ++m_done;
        return result.finished ? std::optional(std::move(result)) : std::nullopt;
    }

    /// Quantizers by what the width costs where they alone have it, the cheapest first.
    std::optional<std::vector<std::size_t>> orderAt(int bits)
    {
        std::map<std::size_t, std::int64_t> correct;
        for (const std::size_t quantizer : m_quantizers) {
            setBits(quantizer, bits);
            const auto result = measure();
            setBits(quantizer, kBaselineStartBits);
            if (!result) {
                return std::nullopt;
            }
            correct[quantizer] = result->correct;
        }
        std::vector<std::size_t> order = m_quantizers;
        std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t q) {
            return std::pair(correct[q], m_network.sites().quantizers[q].macs);
        });
        return order;
    }

    bool addPoint(std::optional<std::size_t> quantizer, std::vector<BaselinePoint>& points)
    {
        const auto result = measure();
        if (!result) {
            return false;
        }
        std::vector<QuantizerWidth> widths = m_network.widths();
        const BitOperations bops = countBitOperations(m_network.sites(), widths);
        points.push_back({quantizer, std::move(widths), result->top1Percent(),
                          bops.relativePercent(), bops.bops});
        return true;
    }

    GatedNetwork& m_network;
    BatchLoader& m_images;
    RunControl& m_control;
    std::vector<std::size_t> m_quantizers;
    std::int64_t m_done = 0;
    std::int64_t m_total = 0;
};

} // namespace

std::optional<std::vector<BaselinePoint>> sensitivityBaseline(GatedNetwork& network,
                                                              const std::vector<int>& bits,
                                                              BatchLoader& images,
                                                              RunControl& control)
{
    BITLOOM_REQUIRE(network.options().mode == QuantizerMode::Gated && network.hasRanges(),
                    ErrorCode::InvalidArgument,
                    "the sensitivity baseline needs quantizers with gates and ranges");
    const bool areLegal = std::ranges::all_of(
        bits, [](int each) { return each < kBaselineStartBits && isGridWidth(each); });
    BITLOOM_REQUIRE(!bits.empty() && areLegal && std::ranges::is_sorted(bits, std::greater()),
                    ErrorCode::InvalidArgument,
                    "the sensitivity baseline lowers quantizers to 8, 4 and 2 bits, in this order");
    return Baseline(network, images, control).run(bits);
}

} // namespace bitloom::bayesian_bits
