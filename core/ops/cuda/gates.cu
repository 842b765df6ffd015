// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/bop_layers.h"
#include "core/ops/cuda/gates.h"
#include "core/ops/hard_concrete.h"
#include "core/ops/level_prices.h"
#include "core/ops/philox.h"

#include <cuda_runtime.h>

namespace bitloom::ops::cuda {
namespace {

constexpr int kThreads = 128;
constexpr int kWarp = 32;
constexpr int kWarps = 32; ///< of the one block that adds up a price
constexpr unsigned kAllLanes = 0xffffffffU;
constexpr std::int64_t kLevelGates = 4;

__device__ GateValue gateOf(float logit, std::int64_t index, GateMode mode, const GateDraws& draws)
{
    switch (mode) {
    case GateMode::L0:
        return stochasticGate(
            logit, draws.uniforms != nullptr
                       ? draws.uniforms[index]
                       : uniformAt(draws.seed, draws.step, static_cast<std::uint64_t>(index)));
    case GateMode::Fixed:
        return fixedGate(logit);
    default:
        return evaluationGate(logit);
    }
}

__global__ void gatesKernel(GateRows rows, GateMode mode, GateDraws draws, float* gates,
                            float* slopes)
{
    const std::int64_t begin = rows.offsets[blockIdx.x];
    const std::int64_t end = rows.offsets[blockIdx.x + 1];
    const std::int64_t levels = end - kLevelGates;
    if (begin < 0 || levels < begin || end > rows.numGates) {
        return;
    }
    for (std::int64_t i = begin + threadIdx.x; i < end; i += blockDim.x) {
        bool isCut = false;
        for (std::int64_t level = levels; level <= i; ++level) {
            isCut =
                isCut || (mode != GateMode::Evaluation && rows.logits[level] <= kAbsorbingLogit);
        }
        const GateValue gate =
            isCut ? GateValue{0.0F, 0.0F} : gateOf(rows.logits[i], i, mode, draws);
        gates[i] = gate.z;
        slopes[i] = gate.slope;
    }
}

/// The sum over a warp, the same in all its lanes.
__device__ double sumOfWarp(double value)
{
    for (int half = kWarp / 2; half > 0; half /= 2) {
        value += __shfl_xor_sync(kAllLanes, value, half);
    }
    return value;
}

/// Writes the sum of what the first lanes of all warps hold; for a block of kWarps warps.
__device__ void storeTotal(double ofWarp, float* total)
{
    __shared__ double sums[kWarps];
    const int warp = static_cast<int>(threadIdx.x) / kWarp;
    if (static_cast<int>(threadIdx.x) % kWarp == 0) {
        sums[warp] = ofWarp;
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        double all = 0;
        for (const double one : sums) {
            all += one;
        }
        *total = static_cast<float>(all);
    }
}

__global__ void __launch_bounds__(kWarp* kWarps)
    regulariserKernel(GateRows rows, const float* levelWeights, float* total, float* shares,
                      float* gradient)
{
    const int warp = static_cast<int>(threadIdx.x) / kWarp;
    const int lane = static_cast<int>(threadIdx.x) % kWarp;
    double sum = 0;
    for (std::int64_t q = warp; q < rows.numQuantizers; q += kWarps) {
        const std::int64_t begin = rows.offsets[q];
        const std::int64_t levels = rows.offsets[q + 1] - kLevelGates;
        if (begin < 0 || levels < begin || levels + kLevelGates > rows.numGates) {
            continue;
        }
        const auto channels = static_cast<double>(levels - begin);
        double mean = 0;
        for (std::int64_t i = begin + lane; i < levels; i += kWarp) {
            mean += static_cast<double>(probabilityOn(rows.logits[i]));
        }
        mean = channels > 0 ? sumOfWarp(mean) / channels : 0.0;
        const LevelPrices prices = levelPrices(
            rows.logits + levels, levelWeights + q * (kLevelGates + 1), channels > 0, mean);
        for (std::int64_t i = begin + lane; i < levels; i += kWarp) {
            const auto p = static_cast<double>(probabilityOn(rows.logits[i]));
            gradient[i] = static_cast<float>(prices.meanSlope * p * (1.0 - p) / channels);
        }
        if (lane == 0) {
            for (std::int64_t j = 0; j < kLevelGates; ++j) {
                gradient[levels + j] = static_cast<float>(prices.levelSlope[j]);
            }
            shares[q] = static_cast<float>(prices.price);
            sum += prices.price;
        }
    }
    storeTotal(sum, total);
}

/// Where the expectation keeps what its phases tell each other.
class BopWork {
public:
    __device__ BopWork(const GateRows& rows, const BopRows& bops)
        : m_bits(bops.work), m_kept(bops.work + rows.numQuantizers * kBopWorkPerQuantizer)
    {
    }
    /// E[bits], then its slopes to the logits of the four levels.
    __device__ double* bits(std::int64_t quantizer) const
    {
        return m_bits + quantizer * kBopWorkPerQuantizer;
    }
    __device__ double bitsOrGiven(std::int64_t quantizer) const
    {
        return quantizer < 0 ? kGivenBits : *bits(quantizer);
    }
    /// Kept connections; of a layer without groups then kept outputs and inputs.
    __device__ double* kept(std::int64_t layer) const { return m_kept + layer * kBopWorkPerLayer; }

private:
    double* m_bits;
    double* m_kept;
};

__device__ bool isInside(const GateRows& rows, std::int64_t quantizer)
{
    const std::int64_t begin = rows.offsets[quantizer];
    const std::int64_t end = rows.offsets[quantizer + 1];
    return begin >= 0 && begin + kLevelGates <= end && end <= rows.numGates;
}

/// One layer of the table with its channels.
struct BopRow {
    __device__ BopRow(const GateRows& rows, const BopRows& bops, std::int64_t index)
        : layer(bopLayerAt(bops.layers, index)), scale(bops.scales[index])
    {
        fits = namesQuantizers(layer, rows.numQuantizers);
        const std::int64_t named[] = {layer.weight, layer.activation, layer.outputs, layer.inputs};
        for (const std::int64_t quantizer : named) {
            fits = fits && (quantizer < 0 || isInside(rows, quantizer));
        }
        if (fits) {
            outputs = gatedChannels(rows.offsets, layer.outputs, 0, kLevelGates);
            inputs = gatedChannels(rows.offsets, layer.inputs, layer.inputChannels, kLevelGates);
            fits = dividesInto(outputs, layer.groups) && dividesInto(inputs, layer.groups);
        }
    }

    BopLayer layer;
    double scale;
    bool fits;
    GatedChannels outputs{};
    GatedChannels inputs{};
};

__device__ double openAt(const GateRows& rows, std::int64_t gate)
{
    return static_cast<double>(probabilityOn(rows.logits[gate]));
}

__device__ double meanOfGroup(const GateRows& rows, const GatedChannels& side, std::int64_t groups,
                              std::int64_t group)
{
    if (side.gates == 0) {
        return 1;
    }
    double sum = 0;
    visitGroup(side, groups, group, [&](std::int64_t gate, std::int64_t channels) {
        sum += static_cast<double>(channels) * openAt(rows, side.firstGate + gate);
    });
    return sum / static_cast<double>(side.channels / groups);
}

/// By all lanes of a warp, for a layer of one group.
__device__ double meanOfAll(const GateRows& rows, const GatedChannels& side, int lane)
{
    if (side.gates == 0) {
        return 1;
    }
    double sum = 0;
    for (std::int64_t gate = lane; gate < side.gates; gate += kWarp) {
        sum += openAt(rows, side.firstGate + gate);
    }
    return sumOfWarp(sum) / static_cast<double>(side.gates);
}

/// By all lanes of a warp. Returns what the layer costs.
__device__ double costOfLayer(const GateRows& rows, const BopRow& row, const BopWork& work,
                              double* kept, int lane)
{
    const double bits = work.bitsOrGiven(row.layer.weight) * work.bitsOrGiven(row.layer.activation);
    double connections = 0;
    double outputs = 1;
    double inputs = 1;
    if (row.layer.groups == 1) {
        outputs = meanOfAll(rows, row.outputs, lane);
        inputs = meanOfAll(rows, row.inputs, lane);
        connections = outputs * inputs;
    } else {
        for (std::int64_t g = lane; g < row.layer.groups; g += kWarp) {
            connections += meanOfGroup(rows, row.outputs, row.layer.groups, g) *
                           meanOfGroup(rows, row.inputs, row.layer.groups, g);
        }
        connections = sumOfWarp(connections) / static_cast<double>(row.layer.groups);
    }
    if (lane == 0) {
        kept[0] = connections;
        kept[1] = outputs;
        kept[2] = inputs;
    }
    return row.scale * bits * connections;
}

/// What the gate of one side adds to the mean over the groups of kept outputs times kept inputs,
/// per probability. ofOther: the other side's mean, of a layer of one group.
__device__ double slopeOfGate(const GateRows& rows, const GatedChannels& side,
                              const GatedChannels& other, double ofOther, std::int64_t groups,
                              std::int64_t gate)
{
    if (groups == 1) {
        return ofOther / static_cast<double>(side.gates);
    }
    const std::int64_t repeat = side.channels / side.gates;
    const std::int64_t size = side.channels / groups;
    double slope = 0;
    for (std::int64_t g = gate * repeat / size; g * size < (gate + 1) * repeat; ++g) {
        visitGroup(side, groups, g, [&](std::int64_t each, std::int64_t channels) {
            if (each == gate) {
                slope += static_cast<double>(channels) * meanOfGroup(rows, other, groups, g);
            }
        });
    }
    return slope / static_cast<double>(side.channels);
}

__global__ void __launch_bounds__(kWarp* kWarps)
    expectedBopsKernel(GateRows rows, BopRows bops, float* total, float* shares, float* gradient)
{
    const int warp = static_cast<int>(threadIdx.x) / kWarp;
    const int lane = static_cast<int>(threadIdx.x) % kWarp;
    const BopWork work(rows, bops);
    for (std::int64_t q = threadIdx.x; q < rows.numQuantizers; q += kWarp * kWarps) {
        if (isInside(rows, q)) {
            const LevelPrices prices =
                expectedBits(rows.logits + rows.offsets[q + 1] - kLevelGates);
            work.bits(q)[0] = prices.price;
            for (int j = 0; j < kLevelGates; ++j) {
                work.bits(q)[j + 1] = prices.levelSlope[j];
            }
        }
    }
    __syncthreads();
    double sum = 0;
    for (std::int64_t l = warp; l < bops.numLayers; l += kWarps) {
        const BopRow row(rows, bops, l);
        const double cost = row.fits ? costOfLayer(rows, row, work, work.kept(l), lane) : 0.0;
        if (lane == 0) {
            shares[l] = static_cast<float>(cost);
            sum += cost;
        }
    }
    storeTotal(sum, total); // after which all layers are seen by all warps
    for (std::int64_t q = warp; q < rows.numQuantizers; q += kWarps) {
        if (!isInside(rows, q)) {
            continue;
        }
        double ofBits = 0;
        for (std::int64_t l = lane; l < bops.numLayers; l += kWarp) {
            const BopRow row(rows, bops, l);
            if (row.fits && row.layer.weight == q) {
                ofBits += row.scale * work.bitsOrGiven(row.layer.activation) * *work.kept(l);
            }
            if (row.fits && row.layer.activation == q) {
                ofBits += row.scale * work.bitsOrGiven(row.layer.weight) * *work.kept(l);
            }
        }
        ofBits = sumOfWarp(ofBits);
        const std::int64_t levels = rows.offsets[q + 1] - kLevelGates;
        if (lane < kLevelGates) {
            gradient[levels + lane] = static_cast<float>(ofBits * work.bits(q)[lane + 1]);
        }
        for (std::int64_t i = rows.offsets[q] + lane; i < levels; i += kWarp) {
            const std::int64_t gate = i - rows.offsets[q];
            double slope = 0;
            for (std::int64_t l = 0; l < bops.numLayers; ++l) {
                const BopRow row(rows, bops, l);
                if (!row.fits || (row.layer.outputs != q && row.layer.inputs != q)) {
                    continue;
                }
                const double cost = row.scale * work.bitsOrGiven(row.layer.weight) *
                                    work.bitsOrGiven(row.layer.activation);
                if (row.layer.outputs == q) {
                    slope += cost * slopeOfGate(rows, row.outputs, row.inputs, work.kept(l)[2],
                                                row.layer.groups, gate);
                }
                if (row.layer.inputs == q) {
                    slope += cost * slopeOfGate(rows, row.inputs, row.outputs, work.kept(l)[1],
                                                row.layer.groups, gate);
                }
            }
            const double p = openAt(rows, i);
            gradient[i] = static_cast<float>(slope * p * (1.0 - p));
        }
    }
}

} // namespace

Status launchGates(const GateRows& rows, GateMode mode, const GateDraws& draws, float* gates,
                   float* slopes, Stream stream)
{
    gatesKernel<<<static_cast<unsigned>(rows.numQuantizers), kThreads, 0, stream>>>(
        rows, mode, draws, gates, slopes);
    return cudaGetLastError();
}

Status launchRegulariser(const GateRows& rows, const float* levelWeights, float* total,
                         float* shares, float* gradient, Stream stream)
{
    regulariserKernel<<<1, kWarp * kWarps, 0, stream>>>(rows, levelWeights, total, shares,
                                                        gradient);
    return cudaGetLastError();
}

Status launchExpectedBops(const GateRows& rows, const BopRows& bops, float* total, float* shares,
                          float* gradient, Stream stream)
{
    expectedBopsKernel<<<1, kWarp * kWarps, 0, stream>>>(rows, bops, total, shares, gradient);
    return cudaGetLastError();
}

} // namespace bitloom::ops::cuda
