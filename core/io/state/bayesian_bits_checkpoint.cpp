// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/bayesian_bits_checkpoint.h"

#include "core/base/error.h"
#include "core/io/state/state_match.h"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace bitloom::io {

namespace {

constexpr std::string_view kWeightQuantizer = ".weight_quantizer.quantizer.";
constexpr std::string_view kOutputQuantizer = ".activation_quantizer.quantizer.";

/// Takes the tensors of a state dict apart; what nobody asked for is left.
class Parts {
public:
    explicit Parts(StateDict& state)
    {
        for (auto& [name, tensor] : state.tensors) {
            m_left.emplace(name, std::move(tensor));
        }
    }

    bool has(const std::string& name) const { return m_left.contains(name); }

    /// Undefined where it is not there.
    at::Tensor takeIfThere(const std::string& name)
    {
        const auto entry = m_left.extract(name);
        if (entry.empty()) {
            return {};
        }
        const at::Tensor& stored = entry.mapped();
        // Else a few bytes could claim to be any number of elements.
        BITLOOM_REQUIRE(stored.numel() == 0 || stored.is_non_overlapping_and_dense(),
                        ErrorCode::Unsupported, "\"", name,
                        "\" does not lie in one piece in the file; save its contiguous()");
        const at::Tensor tensor = stored.to(at::kFloat).contiguous();
        BITLOOM_REQUIRE(tensor.isfinite().all().item<bool>(), ErrorCode::NonFinite, "\"", name,
                        "\" holds NaN or infinity");
        return tensor;
    }

    /// Undefined, and noted, where it is missing or has another shape.
    at::Tensor take(const std::string& name, at::IntArrayRef shape)
    {
        at::Tensor tensor = takeIfThere(name);
        if (!tensor.defined()) {
            m_mismatch.missing.push_back(name);
        } else if (tensor.sizes() != shape) {
            m_mismatch.misshapen.push_back({name, shape.vec(), tensor.sizes().vec()});
            tensor = at::Tensor();
        }
        return tensor;
    }

    double takeNumber(const std::string& name)
    {
        const at::Tensor number = take(name, {1});
        return number.defined() ? number.item<double>() : 0;
    }

    void requireNothingLeft(const std::vector<std::string>& order)
    {
        for (const std::string& name : order) {
            if (m_left.contains(name)) {
                m_mismatch.unexpected.push_back(name);
            }
        }
        BITLOOM_REQUIRE(m_mismatch.empty(), ErrorCode::ModelMismatch,
                        "the checkpoint is not whole: ", m_mismatch.text());
    }

private:
    std::map<std::string, at::Tensor> m_left;
    StateMismatch m_mismatch;
};

CheckpointQuantizer takeQuantizer(Parts& parts, const std::string& prefix)
{
    CheckpointQuantizer quantizer;
    quantizer.low = parts.takeNumber(prefix + "x_min");
    quantizer.high = parts.takeNumber(prefix + "x_max");
    int level = 4;
    for (float& logit : quantizer.levelLogits) {
        logit = static_cast<float>(parts.takeNumber(prefix + "gamma_" + std::to_string(level)));
        level *= 2;
    }
    quantizer.channelLogits = parts.takeIfThere(prefix + "gamma_2");
    return quantizer;
}

std::optional<CheckpointQuantizer> takeQuantizerIfThere(Parts& parts, const std::string& prefix)
{
    return parts.has(prefix + "gamma_4") ? std::optional(takeQuantizer(parts, prefix))
                                         : std::nullopt;
}

std::optional<CheckpointLayer::Norm> takeNormIfThere(Parts& parts, const std::string& name,
                                                     std::int64_t channels)
{
    if (!parts.has(name + ".gamma")) {
        return std::nullopt;
    }
    CheckpointLayer::Norm norm;
    norm.gamma = parts.take(name + ".gamma", {channels});
    norm.beta = parts.take(name + ".beta", {channels});
    norm.mean = parts.take(name + ".running_mean", {channels});
    norm.variance = parts.take(name + ".running_var", {channels});
    return norm;
}

/// The module that an entry of a layer or of a block's quantizer belongs to, in the file's order.
std::vector<std::string> modulesOf(const std::vector<std::string>& names, std::string_view ending)
{
    std::vector<std::string> modules;
    for (const std::string& name : names) {
        if (name.size() > ending.size() && name.ends_with(ending)) {
            modules.push_back(name.substr(0, name.size() - ending.size()));
        }
    }
    return modules;
}

/// Which of the program's files it is, if it is one.
void requireSearched(const std::vector<std::string>& names)
{
    const auto has = [&names](const std::string& ending) {
        return std::ranges::any_of(
            names, [&ending](const std::string& name) { return name.ends_with(ending); });
    };
    const std::string quantizer = "_quantizer.quantizer.";
    BITLOOM_REQUIRE(has(quantizer + "gamma_4") || has(quantizer + "x_max"),
                    ErrorCode::UnknownFormat, "no checkpoint of Bayesian Bits: none of its ",
                    names.size(),
                    " tensors is called ...weight_quantizer.quantizer.gamma_4; the weights of a "
                    "plain network are opened as arch:NAME@FILE");
    BITLOOM_REQUIRE(has(quantizer + "gamma_4"), ErrorCode::Unsupported,
                    "the checkpoint was saved after the fine-tuning with fixed gates, and such a "
                    "file does not hold the widths; take epoch_FINAL_PRE_FT.pth and fine-tune "
                    "with --fixed-gate-finetune-epochs");
    BITLOOM_REQUIRE(has(quantizer + "x_max"), ErrorCode::Unsupported,
                    "the checkpoint is of a training without --learned-scale range, and such a "
                    "file does not hold the ranges");
}

} // namespace

BayesianBitsCheckpoint bayesianBitsCheckpoint(StateDict state)
{
    std::vector<std::string> names;
    for (const auto& [name, tensor] : state.tensors) {
        names.push_back(name);
    }
    requireSearched(names);
    BayesianBitsCheckpoint checkpoint;
    checkpoint.notes = std::move(state.notes);
    Parts parts(state);
    std::set<std::string> layers;
    for (std::string& name : modulesOf(names, ".weight")) {
        CheckpointLayer layer;
        layer.weight = parts.takeIfThere(name + ".weight");
        BITLOOM_REQUIRE(layer.weight.dim() >= 2, ErrorCode::ModelMismatch, "\"", name,
                        ".weight\" has ", layer.weight.dim(),
                        " dimensions; the weight of a convolution or linear layer was expected");
        layer.bias = parts.takeIfThere(name + ".bias");
        layer.norm = takeNormIfThere(parts, name, layer.weight.size(0));
        layer.weightQuantizer = takeQuantizerIfThere(parts, name + std::string(kWeightQuantizer));
        layer.outputQuantizer = takeQuantizerIfThere(parts, name + std::string(kOutputQuantizer));
        layers.insert(name);
        layer.name = std::move(name);
        checkpoint.layers.push_back(std::move(layer));
    }
    for (const std::string_view kind : {kOutputQuantizer, kWeightQuantizer}) {
        for (std::string& name : modulesOf(names, std::string(kind) + "gamma_4")) {
            if (layers.contains(name)) {
                continue;
            }
            CheckpointQuantizer quantizer = takeQuantizer(parts, name + std::string(kind));
            if (kind == kOutputQuantizer) { // a block's weight quantizer never has anything to do
                checkpoint.blocks.push_back({std::move(name), std::move(quantizer)});
            }
        }
    }
    parts.requireNothingLeft(names);
    return checkpoint;
}

BayesianBitsCheckpoint readBayesianBitsCheckpoint(const std::filesystem::path& file)
{
    StateDict state = readStateDict(file);
    return withContext(file.string(), [&] { return bayesianBitsCheckpoint(std::move(state)); });
}

} // namespace bitloom::io
