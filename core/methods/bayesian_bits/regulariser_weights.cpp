// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/regulariser_weights.h"

namespace bitloom::bayesian_bits {

std::vector<LevelWeights> regulariserWeights(const QuantizerSites& sites, RegulariserType type)
{
    constexpr LevelWeights bits{2, 4, 8, 16, 32};
    std::vector<LevelWeights> weights;
    for (const QuantizerSite& site : sites.quantizers) {
        LevelWeights each{1, 1, 1, 1, 1};
        if (type == RegulariserType::BitOperations && site.macs > 0) {
            const double share =
                static_cast<double>(site.macs) / static_cast<double>(sites.largestLayerMacs);
            for (std::size_t k = 0; k < each.size(); ++k) {
                each[k] = bits[k] * share;
            }
        }
        weights.push_back(each);
    }
    return weights;
}

} // namespace bitloom::bayesian_bits
