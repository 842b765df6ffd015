// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/executor.h"
#include "core/io/loaded_model.h"
#include "core/methods/bayesian_bits/bit_operations.h"
#include "core/methods/bayesian_bits/bop_table.h"
#include "core/methods/bayesian_bits/folded_norm.h"
#include "core/methods/bayesian_bits/gates.h"
#include "core/methods/bayesian_bits/quantizer_sites.h"
#include "core/methods/bayesian_bits/regulariser_weights.h"
#include "core/types/layer_lock.h"

#include <c10/core/Device.h>

#include <array>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace bitloom::bayesian_bits {

/// What the quantizers do.
enum class QuantizerMode {
    Gated,       ///< the decomposed quantizer; its gates choose the width
    FixedWidths, ///< given widths; only channels have gates
    PruneOnly,   ///< nothing is quantized; only channels have gates
    Decided,     ///< widths and kept channels are given; nothing has gates
};

struct NetworkOptions {
    SiteOptions sites;
    // What is not quantized counts 32 bits; its channels may have gates all the same.
    bool quantizeWeights = true;
    bool quantizeActivations = true;
    QuantizerMode mode = QuantizerMode::Gated;
    int fixedWeightBits = 8; ///< of FixedWidths: 2, 4, 8, 16 or 32
    int fixedActivationBits = 8;
    std::vector<QuantizerWidth> decided = {};      ///< of Decided: one per quantizer
    std::array<double, 4> levelLogits{6, 6, 6, 6}; ///< at the start: 4, 8, 16 and 32 bits
    double channelLogit = 6;
    Gating gating = Gating::Stochastic;
    NormStatistics statistics = NormStatistics::Exact;
    /// Quantizes what max pooling leaves, which gives the same values on fewer elements; while
    /// training, gradients then go to the largest values before rounding instead of to the first
    /// of those that round alike. Evaluation does it anyway.
    bool poolFirst = false;
    RegulariserType regulariser = RegulariserType::BitOperations;
};

/// The random numbers of one pass: either those of a step of a seed, the same on every device, or
/// given ones.
struct GateNoise {
    std::uint64_t seed = 0;
    std::int64_t step = 0;
    std::optional<at::Tensor> uniforms = std::nullopt; ///< (gates) in [0, 1)
};

/// The values that a quantizer sees, and how many of them lie outside its range. NaN where nothing
/// is quantized.
struct TensorRange {
    float low = 0;
    float high = 0;
    float clippedPercent = 0;
};

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

/// Any network with a Bayesian Bits quantizer at each of its sites: the weights, gates and ranges
/// that train, and the two ways to run them.
///
/// Normalisations that can fold into their layer do so, while training too. The tensors are the
/// network's own copies on one device. Before the first training step ranges must be set, by
/// observing images or by restore().
/// Source: van Baalen et al., "Bayesian Bits", NeurIPS 2020. Differs: ranges start from the largest
/// magnitude over calibration images with nothing quantized (see observe()); compatible behaviour
/// is initializeFromFirstTensors().
/// Threads: one at a time.
class GatedNetwork {
public:
    /// Errors: those of findQuantizerSites(); InvalidArgument for fixed widths the grid lacks.
    GatedNetwork(const LoadedModel& model, NetworkOptions options, c10::Device device);
    ~GatedNetwork();
    GatedNetwork(const GatedNetwork&) = delete;
    GatedNetwork& operator=(const GatedNetwork&) = delete;

    const QuantizerSites& sites() const { return m_sites; }
    const GateLayout& layout() const { return m_layout; }
    const NetworkOptions& options() const { return m_options; }
    c10::Device device() const { return m_device; }

    /// The network's parameters that train, by name; folded normalisations' too.
    NamedTensors weights() const;
    /// Leaf: the logits of all gates, in the order of layout().
    const at::Tensor& logits() const { return m_logits; }
    /// Leaf: x_max, (quantizers).
    const at::Tensor& ranges() const { return m_ranges; }
    bool isSigned(std::size_t quantizer) const { return m_signed[quantizer]; }
    /// Its values are rounded and clipped; false where there are channel gates at most.
    bool quantizes(std::size_t quantizer) const;
    /// Smallest values that ranges may take, (quantizers): a millionth of where they started.
    const at::Tensor& rangeFloors() const { return m_floors; }

    /// Runs calibration images through the network as in training, with nothing quantized, and
    /// notes the values at each quantizer. Running statistics that nobody has touched (means 0,
    /// variances 1) take on the mean of the images'. Call it once per batch, then
    /// finishObserving(), which sets signs and ranges.
    void observe(const at::Tensor& images);
    void finishObserving();
    /// The published start, for comparisons: one training pass over a few images with sampled
    /// gates; each quantizer takes its sign from the first tensor it sees, and its range from the
    /// largest value, whatever the smallest.
    void initializeFromFirstTensors(const at::Tensor& images, const GateNoise& noise);
    bool hasRanges() const { return m_hasRanges; }
    /// Ranges and signs of a network with the same quantizers. Errors: ShapeMismatch.
    void takeRanges(const GatedNetwork& other);

    /// One training pass: samples all gates and runs the network. Returns logits. nullopt when
    /// stopped.
    std::optional<at::Tensor> forward(const at::Tensor& images, const GateNoise& noise,
                                      const std::stop_token& stop = {});
    /// A training pass with decided gates for its effect on running statistics. False when stopped.
    bool feedStatistics(const at::Tensor& images, const std::stop_token& stop = {});
    /// Of the logits as they are, unscaled. Where widths are given, a channel's price is that of
    /// all its levels, or what it is expected to cost at these widths.
    at::Tensor regulariser() const;
    /// What each layer adds to it: its weight's part and, of what it reads, its part among the
    /// readers, by MACs where these are the price. Quantizers that no layer reads (residual inputs)
    /// belong to none. Waits for the device.
    std::vector<double> layerRegularisers() const;

    /// Forces gates open or closed, in addition to those that are already; a lock that is free
    /// gives the gates of the layer's weight and input back, as they were at the start. State keeps
    /// them. Errors: InvalidArgument for a layer that is not there or has no such quantizer, bits
    /// that no quantizer has or that are not chosen in this mode, and two widths for one tensor;
    /// nothing is locked then.
    void lock(const std::vector<LayerLock>& locks);

    /// Ranges below their floors become the floors. Call it after each change of the ranges.
    void keepRangesAboveFloors();
    /// True if training passes draw from LibTorch's global generator.
    bool hasDropout() const;

    /// To be called after anything changed weights, gates or ranges: the next evaluation quantizes
    /// the weights anew.
    void invalidateEvaluation() { m_evaluationIsCurrent = false; }
    /// The network as it will be used: gates decided, running statistics, weights quantized once.
    /// Valid until something changes.
    const graph::Executor& evaluation();

    /// Per quantizer what it sees in evaluation: of weights, and of activations over these images.
    std::vector<TensorRange> tensorRanges(const at::Tensor& images);

    /// Statistics of normalisations stop moving from here on.
    void freezeStatistics() { m_options.statistics = NormStatistics::Frozen; }

    /// Decided gates as widths; fixed widths where there are no gates.
    std::vector<QuantizerWidth> widths() const;
    std::vector<GateProbabilities> probabilities() const;
    /// Level logits at or below kAbsorbingLogit.
    std::int64_t absorbedLogits() const;

    /// Everything that training changes, on the CPU. Two networks of the same model and options
    /// with the same state behave the same to the last bit.
    NamedTensors state() const;
    /// Errors: NotFound for a missing entry, ShapeMismatch for one of another shape.
    void restore(const NamedTensors& state);

    /// The network with its normalisations folded into their layers, on the CPU.
    struct Folded {
        graph::Graph graph;
        std::vector<std::string> siteNames; ///< of the quantized values, per quantizer
    };
    /// Weights as evaluation has them: quantized, pruned channels zero.
    Folded foldedForEvaluation() const;
    /// Weights as they train.
    Folded folded() const;

private:
    struct Norm;
    struct Runner;
    struct Measured;
    enum class Phase { Training, Observing, Initializing };
    /// Gates and ranges of one pass, taken apart per quantizer.
    struct Pass {
        GateLayout::Parts gates;
        std::vector<at::Tensor> ranges;
    };

    /// model is on the device.
    GatedNetwork(NetworkOptions options, c10::Device device, const LoadedModel& model);
    void copyTensors(const LoadedModel& model);
    void addNorms(const LoadedModel& model);
    void findAbsorbedRelus();
    at::Tensor& tensorNamed(const std::string& name);

    std::unique_ptr<Runner> makeRunner(bool withBias, bool isTraining);
    Runner& trainingRunner();
    Pass passWith(const at::Tensor& gates) const;
    Pass trainingPass(const GateNoise& noise) const;
    std::optional<at::Tensor> runTraining(Pass pass, const at::Tensor& images,
                                          const std::stop_token& stop);
    at::Tensor quantize(const Pass& pass, std::size_t quantizer, const at::Tensor& x) const;
    at::Tensor trainingQuantize(std::size_t quantizer, const at::Tensor& x);
    at::Tensor evaluationQuantize(std::size_t quantizer, const at::Tensor& x);
    at::Tensor withAbsorbedRelu(std::size_t quantizer, const at::Tensor& x) const;
    at::Tensor evaluationWeight(std::size_t quantizer);
    at::Tensor trainingWeight(std::size_t quantizer, const at::Tensor& weight);
    at::Tensor trainingOutput(Norm& norm, const at::Tensor& y) const;
    void note(std::size_t quantizer, const at::Tensor& x);
    void measure(std::size_t quantizer, const at::Tensor& x) const;
    void setRange(std::size_t quantizer, double range, bool isSigned);
    bool isWeight(std::size_t quantizer) const;
    bool hasChannels() const;
    bool quantizesAny() const;
    void decideGates();
    std::size_t layerNamed(const std::string& name) const;
    void startGates(std::size_t quantizer);
    void forceBits(std::size_t quantizer, int bits);
    int givenBits(std::size_t quantizer) const;
    at::Tensor regulariserTensor() const;
    std::tuple<at::Tensor, at::Tensor> price() const;
    at::Tensor decidedGates() const;
    std::vector<graph::ValueIndex> quantizedValues(const graph::Graph& network,
                                                   graph::ValueIndex value) const;
    Folded foldedWith(const Pass* pass) const;

    NetworkOptions m_options;
    c10::Device m_device;
    std::shared_ptr<const graph::Graph> m_original;
    std::vector<graph::LayerSite> m_layers;
    QuantizerSites m_sites;
    GateLayout m_layout;

    NamedTensors m_tensors; ///< all parameters and buffers of the original, own copies
    std::unordered_map<std::string, std::size_t> m_tensorIndex;
    std::vector<std::unique_ptr<Norm>> m_norms;
    std::vector<Norm*> m_normOfQuantizer;                  ///< of weights; null without
    std::unordered_set<graph::ValueIndex> m_absorbedRelus; ///< their outputs

    at::Tensor m_logits;
    at::Tensor m_ranges;
    at::Tensor m_floors;
    at::Tensor m_regulariserWeights; ///< (quantizers, 5)
    BopTable m_bopTable;
    std::vector<bool> m_signed;
    bool m_hasRanges = false;

    Phase m_phase = Phase::Training;
    std::vector<ValueRange> m_seen; ///< per quantizer, while observing
    std::int64_t m_observedBatches = 0;
    std::vector<Measured>* m_measured = nullptr; ///< per quantizer, while tensorRanges() runs
    Pass m_training;
    Pass m_decided;

    std::unique_ptr<Runner> m_normalizing; ///< with batch statistics
    std::unique_ptr<Runner> m_frozen;
    std::unique_ptr<Runner> m_evaluator;
    bool m_evaluationIsCurrent = false;
};

/// The second stage of a search: what the gates decided is final, normalisations are folded for
/// good, quantizers take one step, and weights, biases and ranges train on. Published with SGD at
/// 1e-4 for the weights, Adam at 1e-4 for the ranges, lambda 0 and a cosine over all steps (a
/// Trainer whose epochs are steps).
/// Source: van Baalen et al., "Bayesian Bits", NeurIPS 2020, section 4. Differs: any network.
std::unique_ptr<GatedNetwork> makeDecidedNetwork(const GatedNetwork& searched);

} // namespace bitloom::bayesian_bits
