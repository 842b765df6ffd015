// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/layer_sums.h"

#include <algorithm>

namespace bitloom::ui {

namespace {
void widen(std::optional<BitRange>& range, const std::optional<BitRange>& other)
{
    if (!range) {
        range = other;
    } else if (other) {
        range->lowest = std::min(range->lowest, other->lowest);
        range->highest = std::max(range->highest, other->highest);
    }
}

/// Only what the scheme column shows takes part in the comparison of layers.
QuantSpec schemeOnly(const QuantSpec& spec)
{
    QuantSpec scheme;
    scheme.scheme = spec.scheme;
    scheme.granularity = spec.granularity;
    scheme.observer = spec.observer;
    return scheme;
}
} // namespace

LayerSums sumsOf(const LayerRow& row)
{
    LayerSums sums;
    sums.layers = 1;
    sums.locked = row.locked ? 1 : 0;
    sums.macs = row.macs;
    sums.parameters = row.parameters;
    sums.bytes = row.bytes;
    sums.bops = row.bops;
    sums.bopsShare = row.bopsShare;
    if (row.hasWeight) {
        sums.weightBits = BitRange{row.weight.bits, row.weight.bits};
    }
    sums.activationBits = BitRange{row.activation.bits, row.activation.bits};
    if (row.secondActivationBits) {
        widen(sums.activationBits, BitRange{*row.secondActivationBits, *row.secondActivationBits});
    }
    sums.kind = row.kind;
    sums.weight = schemeOnly(row.hasWeight ? row.weight : row.activation);
    sums.sensitivity = row.sensitivity;
    sums.predictedLoss = row.predictedLoss;
    return sums;
}

void add(LayerSums& sum, const LayerSums& other)
{
    if (sum.layers == 0) {
        sum = other;
        return;
    }
    if (other.layers == 0) {
        return;
    }
    sum.layers += other.layers;
    sum.locked += other.locked;
    sum.macs += other.macs;
    sum.parameters += other.parameters;
    sum.bytes += other.bytes;
    sum.bops += other.bops;
    sum.bopsShare += other.bopsShare;
    widen(sum.weightBits, other.weightBits);
    widen(sum.activationBits, other.activationBits);
    if (sum.kind != other.kind) {
        sum.kind.reset();
    }
    if (sum.weight != other.weight) {
        sum.weight.reset();
    }
    if (other.sensitivity) {
        sum.sensitivity =
            std::max(sum.sensitivity.value_or(*other.sensitivity), *other.sensitivity);
    }
    if (sum.predictedLoss && other.predictedLoss) {
        *sum.predictedLoss += *other.predictedLoss;
    } else {
        sum.predictedLoss.reset();
    }
}

} // namespace bitloom::ui
