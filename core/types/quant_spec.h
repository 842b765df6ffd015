// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// Bit widths a plan may hold: 0 = pruned (all zero), 1..16 = integer codes, 32 = left in floating
/// point.
inline constexpr int kPrunedBits = 0;
inline constexpr int kMaxIntegerBits = 16;
inline constexpr int kFloatBits = 32;
constexpr bool isLegalBitWidth(int bits)
{
    return (bits >= kPrunedBits && bits <= kMaxIntegerBits) || bits == kFloatBits;
}

enum class QScheme {
    Affine,    ///< codes 0 .. 2^b-1 with a zero point
    Symmetric, ///< codes -2^(b-1) .. 2^(b-1)-1, zero point 0; needs b >= 2
};
enum class Granularity { PerTensor, PerChannel };
/// How a range is chosen from data.
enum class Observer {
    MinMax,     ///< smallest and largest value, zero forced into the range
    Percentile, ///< the given percentile from both ends, zero forced into the range
    Mse,        ///< 80 shrunken candidates, lowest mean |x - y|^2.4 (see quant/observer.h)
};

struct ValueRange {
    float low = 0;
    float high = 0;
    bool operator==(const ValueRange&) const = default;
};

/// What a plan says about one tensor.
struct QuantSpec {
    int bits = kFloatBits;
    QScheme scheme = QScheme::Affine;
    Granularity granularity = Granularity::PerTensor;
    Observer observer = Observer::MinMax;
    double percentile = 99.99;       ///< percent, used by Observer::Percentile only, in (50, 100]
    std::optional<ValueRange> range; ///< a fixed range replaces the observer (per tensor only)
    std::string
        extra; ///< keys of the file that this version does not know: a JSON object, or empty
    /// Symmetric only: as many codes below zero as above, -(2^(b-1)-1) .. 2^(b-1)-1.
    bool narrow = false;

    bool isFloat() const { return bits == kFloatBits; }
    bool isPruned() const { return bits == kPrunedBits; }
    bool operator==(const QuantSpec&) const = default;
};

/// The numbers that a QuantSpec becomes once a range is known.
/// w = scale[c] * (q - zeroPoint[c]),  q in [quantMin, quantMax].
struct QuantParams {
    std::vector<float> scale; ///< 1 entry, or one per channel
    std::vector<std::int32_t>
        zeroPoint; ///< same length as scale; signed, may lie outside [quantMin, quantMax]
    std::int32_t quantMin = 0;
    std::int32_t quantMax = 0;
    int axis = -1; ///< channel axis; -1 = per tensor
    bool operator==(const QuantParams&) const = default;
};

/// Checks what the fields promise: a legal width, symmetric with at least 2 bits, narrow only with
/// symmetric, a percentile in (50, 100], a range that is finite, ordered and per tensor. Errors:
/// InvalidArgument,
/// "<path>.bits: found 17, allowed are 0..16 and 32".
void requireValid(const QuantSpec& spec, std::string_view path);

std::string_view toString(QScheme scheme);          ///< "affine" | "symmetric"
std::string_view toString(Granularity granularity); ///< "per_tensor" | "per_channel"
std::string_view toString(Observer observer);       ///< "minmax" | "percentile" | "mse"
std::optional<QScheme> qSchemeFrom(std::string_view text);
std::optional<Granularity> granularityFrom(std::string_view text);
std::optional<Observer> observerFrom(std::string_view text);

} // namespace bitloom
