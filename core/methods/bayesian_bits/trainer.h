// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/methods/bayesian_bits/gated_network.h"
#include "core/methods/bayesian_bits/learning_rate.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace bitloom::bayesian_bits {

struct OptimizerOptions {
    bool useSgd = false; ///< false: Adam (0.9, 0.999, 1e-8); true: SGD, Nesterov momentum 0.9
    double learningRate = 1e-3;
};

/// What trains. Biases alone: those of layers and the shifts of normalisations.
struct LearnedGroups {
    bool weights = true; ///< biases included
    bool biases = false; ///< without weights
    bool gates = true;
    bool ranges = true;
};

struct TrainerOptions {
    OptimizerOptions weights;
    std::optional<OptimizerOptions> gates = OptimizerOptions();  ///< absent: see Trainer
    std::optional<OptimizerOptions> ranges = OptimizerOptions(); ///< absent: see Trainer
    LearnedGroups learned;
    double lambda = 0;      ///< strength of the gates' regulariser, >= 0
    double weightDecay = 0; ///< L2 on everything but gates and ranges, part of the loss, >= 0
    LearningRateSchedule schedule;
    int epochs = 25; ///< the schedule is laid out for them
    std::uint64_t seed = 0;
    std::int64_t stepsBefore = 0; ///< of an earlier stage: numbering goes on
};

/// The losses of one step, on the network's device: reading them waits for it.
struct StepLosses {
    at::Tensor loss;         ///< all of it
    at::Tensor crossEntropy; ///< mean over the images
    at::Tensor regulariser;  ///< of the gates, not yet times lambda
    at::Tensor logits;       ///< (images, classes)
};

/// Trains weights, gates and ranges of a network step by step.
///
/// A step: all gates are sampled, cross-entropy + lambda * regulariser (+ weight decay) is
/// minimised by the optimizers of weights, gates and ranges in this order, ranges stay above their
/// floors. A group without an optimizer is merged into the one before it, with its schedule.
/// Source: van Baalen et al., "Bayesian Bits", NeurIPS 2020, and its published code. Differs:
/// ranges have a floor.
/// Determinism: a step depends on the state, the images and the seed only: on one device with one
/// number of threads, training that was restored goes on to the last bit as if nothing had
/// happened. Networks with dropout draw from LibTorch's global generator, which is seeded anew in
/// each step.
/// Threads: one at a time; gradients must be enabled on the calling thread.
class Trainer {
public:
    /// Errors: InvalidArgument for negative numbers, or nothing to train.
    Trainer(GatedNetwork& network, TrainerOptions options);
    ~Trainer();
    Trainer(const Trainer&) = delete;
    Trainer& operator=(const Trainer&) = delete;

    /// Sets the learning rates of an epoch, from 0.
    void startEpoch(int epoch);
    /// The same for schedules that are laid out over other units, such as steps.
    void setRatesAt(int unit, int units);
    /// images and labels (int64) on any device. nullopt when stopped: nothing has changed then but
    /// running statistics.
    std::optional<StepLosses> step(const at::Tensor& images, const at::Tensor& labels,
                                   const std::stop_token& stop = {});
    /// The same with given numbers in place of random ones.
    std::optional<StepLosses> step(const at::Tensor& images, const at::Tensor& labels,
                                   const GateNoise& noise, const std::stop_token& stop = {});

    /// One pass that moves the normalisations' statistics as a step does, with decided gates, and
    /// nothing else. False when stopped.
    bool feedStatistics(const at::Tensor& images, const std::stop_token& stop = {});

    std::int64_t stepsDone() const { return m_steps; }
    const TrainerOptions& options() const { return m_options; }
    /// Of weights, gates and ranges in this epoch.
    std::array<double, 3> learningRates() const { return m_rates; }

    /// Everything that the next step depends on: the network's state, the optimizers', the number
    /// of steps. restore() may throw what GatedNetwork::restore() throws.
    NamedTensors state() const;
    void restore(const NamedTensors& state);

private:
    struct Optimizers;

    void seedDropout() const;

    GatedNetwork& m_network;
    TrainerOptions m_options;
    std::unique_ptr<Optimizers> m_optimizers;
    std::vector<at::Tensor> m_decayed; ///< what weight decay is about
    std::int64_t m_steps = 0;
    std::array<std::size_t, 3>
        m_groupOf{}; ///< of weights, gates, ranges: whose optimizer they have
    std::array<double, 3> m_rates{};
    bool m_hasDropout = false;
};

} // namespace bitloom::bayesian_bits
