// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/histogram.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// A packed tensor beside the floating point weights that it was made of.
struct FloatComparison {
    std::string model;     ///< whose weights, as it was opened
    GridHistogram weights; ///< the floats, with the packed tensor's grid where it has one grid
    double maxAbsError = 0;
    std::int64_t maxAt = 0; ///< index of that weight, C order
    double meanSquaredError = 0;
    /// 10 log10(mean w^2 / meanSquaredError); absent where either is 0.
    std::optional<double> sqnrDb;
};

/// What the codes of one packed tensor are.
struct PackedDetail {
    std::string tensor;
    std::vector<std::int64_t> shape;
    int bits = 0; ///< of a code, the widest one where rows differ
    /// The integers q that the codes stand for: counts[i] of them are first + i. All that the width
    /// can express are there, also those that do not occur.
    std::int64_t first = 0;
    std::vector<std::int64_t> counts;
    /// Bits a code would take on average under the best code for these counts: what is stored above
    /// it could be saved.
    double entropyBits = 0;
    std::optional<FloatComparison> against;
};

/// One line (docs/formats.md, "packed detail"). Errors: NonFinite, InvalidArgument (not UTF-8).
std::string toJson(const PackedDetail& detail);
/// Errors: CorruptFile, InvalidArgument with the key's path.
PackedDetail packedDetailFromJson(std::string_view text);

} // namespace bitloom
