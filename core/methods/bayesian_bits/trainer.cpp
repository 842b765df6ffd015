// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/trainer.h"

#include "core/base/error.h"
#include "core/base/rng.h"

#include <ATen/Context.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <torch/optim/adam.h>
#include <torch/optim/sgd.h>

#include <algorithm>
#include <mutex>
#include <string>

namespace bitloom::bayesian_bits {

namespace {

constexpr std::array kGroupNames{"weights", "gates", "ranges"};

/// One group of tensors with the optimizer that moves it.
struct Group {
    std::vector<std::pair<std::string, at::Tensor>> tensors;
    OptimizerOptions options;
    std::unique_ptr<torch::optim::Optimizer> optimizer;
    void make()
    {
        std::vector<at::Tensor> leaves;
        for (const auto& [name, tensor] : tensors) {
            leaves.push_back(tensor);
        }
        if (leaves.empty()) {
            return;
        }
        if (options.useSgd) {
            optimizer = std::make_unique<torch::optim::SGD>(
                leaves,
                torch::optim::SGDOptions(options.learningRate).momentum(0.9).nesterov(true));
        } else {
            optimizer = std::make_unique<torch::optim::Adam>(
                leaves, torch::optim::AdamOptions(options.learningRate));
        }
    }
};

/// One-dimensional parameters are biases of layers and shifts of normalisations, except the
/// normalisations' factors, which are called "weight".
bool isBias(const std::string& name, const at::Tensor& tensor)
{
    return tensor.dim() == 1 && (name == "bias" || name.ends_with(".bias"));
}

} // namespace

struct Trainer::Optimizers {
    std::array<Group, 3> groups; ///< weights, gates, ranges

    void zeroGradients()
    {
        for (Group& group : groups) {
            for (auto& [name, tensor] : group.tensors) {
                tensor.mutable_grad().reset();
            }
        }
    }
};

Trainer::Trainer(GatedNetwork& network, TrainerOptions options)
    : m_network(network), m_options(std::move(options)),
      m_optimizers(std::make_unique<Optimizers>()), m_steps(m_options.stepsBefore),
      m_hasDropout(network.hasDropout())
{
    BITLOOM_REQUIRE(m_options.lambda >= 0 && m_options.weightDecay >= 0 && m_options.epochs >= 0,
                    ErrorCode::InvalidArgument, "lambda ", m_options.lambda, ", weight decay ",
                    m_options.weightDecay, " and epochs ", m_options.epochs,
                    " must not be negative");
    auto& groups = m_optimizers->groups;
    const LearnedGroups& learned = m_options.learned;
    for (const auto& [name, tensor] : network.weights()) {
        m_decayed.push_back(tensor);
        if (learned.weights || (learned.biases && isBias(name, tensor))) {
            groups[0].tensors.emplace_back(name, tensor);
        } else {
            tensor.set_requires_grad(false);
        }
    }
    const auto addOrFreeze = [](Group& group, const char* name, const at::Tensor& tensor,
                                bool isLearned) {
        if (isLearned && tensor.requires_grad()) {
            group.tensors.emplace_back(name, tensor);
        } else {
            tensor.set_requires_grad(false);
        }
    };
    const std::size_t gates = m_options.gates ? 1 : 0;
    m_groupOf = {0, gates, m_options.ranges ? 2 : gates};
    addOrFreeze(groups[m_groupOf[1]], "logits", network.logits(), learned.gates);
    addOrFreeze(groups[m_groupOf[2]], "x_max", network.ranges(), learned.ranges);
    groups[0].options = m_options.weights;
    groups[1].options = m_options.gates.value_or(OptimizerOptions());
    groups[2].options = m_options.ranges.value_or(OptimizerOptions());
    bool isEmpty = true;
    for (Group& group : groups) {
        BITLOOM_REQUIRE(group.options.learningRate >= 0, ErrorCode::InvalidArgument,
                        "learning rates must not be negative, found ", group.options.learningRate);
        group.make();
        isEmpty = isEmpty && group.tensors.empty();
    }
    BITLOOM_REQUIRE(!isEmpty, ErrorCode::InvalidArgument,
                    "nothing is left to train: choose weights, biases, gates or ranges");
    setRatesAt(0, std::max(m_options.epochs, 1));
}

Trainer::~Trainer() = default;

void Trainer::startEpoch(int epoch)
{
    setRatesAt(epoch, m_options.epochs);
}

void Trainer::setRatesAt(int unit, int units)
{
    for (std::size_t g = 0; g < m_rates.size(); ++g) {
        Group& group = m_optimizers->groups[m_groupOf[g]];
        m_rates[g] = learningRate(m_options.schedule, group.options.learningRate, unit, units,
                                  m_groupOf[g] == 0);
        if (group.optimizer) {
            for (auto& parameters : group.optimizer->param_groups()) {
                parameters.options().set_lr(m_rates[g]);
            }
        }
    }
}

std::optional<StepLosses> Trainer::step(const at::Tensor& images, const at::Tensor& labels,
                                        const std::stop_token& stop)
{
    return step(images, labels, GateNoise{m_options.seed, m_steps, std::nullopt}, stop);
}

std::optional<StepLosses> Trainer::step(const at::Tensor& images, const at::Tensor& labels,
                                        const GateNoise& noise, const std::stop_token& stop)
{
    m_optimizers->zeroGradients();
    seedDropout();
    auto logits = m_network.forward(images, noise, stop);
    if (!logits) {
        return std::nullopt;
    }
    StepLosses losses;
    losses.logits = logits->detach();
    const at::Tensor crossEntropy = at::cross_entropy_loss(*logits, labels.to(m_network.device()));
    const at::Tensor regulariser = m_network.regulariser();
    at::Tensor loss = crossEntropy + regulariser * m_options.lambda;
    if (m_options.weightDecay > 0) {
        for (const at::Tensor& tensor : m_decayed) {
            loss = loss + tensor.square().sum() * (0.5 * m_options.weightDecay);
        }
    }
    losses.loss = loss.detach();
    losses.crossEntropy = crossEntropy.detach();
    losses.regulariser = regulariser.detach();
    loss.backward();
    for (Group& group : m_optimizers->groups) {
        if (group.optimizer) {
            group.optimizer->step();
        }
    }
    m_network.keepRangesAboveFloors();
    ++m_steps;
    return losses;
}

bool Trainer::feedStatistics(const at::Tensor& images, const std::stop_token& stop)
{
    seedDropout();
    return m_network.feedStatistics(images, stop);
}

void Trainer::seedDropout() const
{
    if (!m_hasDropout) {
        return;
    }
    const auto seed =
        Rng(m_options.seed ^ 0x9e3779b97f4a7c15ULL, static_cast<std::uint64_t>(m_steps)).next();
    at::Generator generator = at::globalContext().defaultGenerator(m_network.device());
    const std::lock_guard lock(generator.mutex());
    generator.set_current_seed(seed);
}

NamedTensors Trainer::state() const
{
    NamedTensors state = m_network.state();
    const auto add = [&state](const std::string& name, const at::Tensor& tensor) {
        state.emplace_back(name, tensor.detach().to(at::kCPU).clone());
    };
    for (std::size_t g = 0; g < kGroupNames.size(); ++g) {
        const Group& group = m_optimizers->groups[g];
        for (const auto& [name, tensor] : group.tensors) {
            const auto& all = group.optimizer->state();
            const auto found = all.find(tensor.unsafeGetTensorImpl());
            if (found == all.end()) {
                continue; // never had a gradient
            }
            const std::string prefix = std::string("optimizer/") + kGroupNames[g] + "/" + name;
            if (group.options.useSgd) {
                const auto& each = static_cast<const torch::optim::SGDParamState&>(*found->second);
                add(prefix + "/momentum", each.momentum_buffer());
            } else {
                const auto& each = static_cast<const torch::optim::AdamParamState&>(*found->second);
                add(prefix + "/first", each.exp_avg());
                add(prefix + "/second", each.exp_avg_sq());
                state.emplace_back(prefix + "/steps", at::full({1}, each.step(), at::kLong));
            }
        }
    }
    state.emplace_back("optimizer/steps", at::full({1}, m_steps, at::kLong));
    return state;
}

void Trainer::restore(const NamedTensors& state)
{
    m_network.restore(state);
    const auto find = [&state](const std::string& name) -> const at::Tensor* {
        const auto found = std::ranges::find(state, name, &NamedTensors::value_type::first);
        return found == state.end() ? nullptr : &found->second;
    };
    const auto need = [&find](const std::string& name, const at::Tensor& like) {
        const at::Tensor* found = find(name);
        BITLOOM_REQUIRE(found != nullptr, ErrorCode::NotFound, "the checkpoint has no \"", name,
                        "\"; it is of other options");
        BITLOOM_REQUIRE(found->sizes() == like.sizes(), ErrorCode::ShapeMismatch,
                        "the checkpoint's \"", name, "\" has another shape than the model's");
        return found->to(like.device()).clone();
    };
    for (std::size_t g = 0; g < kGroupNames.size(); ++g) {
        Group& group = m_optimizers->groups[g];
        if (!group.optimizer) {
            continue;
        }
        auto& all = group.optimizer->state();
        all.clear();
        for (const auto& [name, tensor] : group.tensors) {
            const std::string prefix = std::string("optimizer/") + kGroupNames[g] + "/" + name;
            if (group.options.useSgd && find(prefix + "/momentum") != nullptr) {
                auto each = std::make_unique<torch::optim::SGDParamState>();
                each->momentum_buffer(need(prefix + "/momentum", tensor));
                all[tensor.unsafeGetTensorImpl()] = std::move(each);
            } else if (!group.options.useSgd && find(prefix + "/first") != nullptr) {
                auto each = std::make_unique<torch::optim::AdamParamState>();
                each->exp_avg(need(prefix + "/first", tensor));
                each->exp_avg_sq(need(prefix + "/second", tensor));
                each->step(need(prefix + "/steps", at::empty({1}, at::kLong)).item<std::int64_t>());
                all[tensor.unsafeGetTensorImpl()] = std::move(each);
            }
        }
    }
    m_steps = need("optimizer/steps", at::empty({1}, at::kLong)).item<std::int64_t>();
}

} // namespace bitloom::bayesian_bits
