// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/methods/bayesian_bits/options.h"

#include "core/base/error.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <sstream>
#include <string_view>

namespace bitloom::bayesian_bits {

namespace {

constexpr double kMost = std::numeric_limits<double>::max();

const char* const kGroupSearch = "Search";
const char* const kGroupGates = "Gates and quantizers";
const char* const kGroupTraining = "Training";
const char* const kGroupRun = "Run";

/// A group without an optimizer of its own is merged into the one before it.
constexpr std::string_view kNoOptimizer = "none";

OptionSpec option(std::string group, std::string name, OptionType type, OptionValue fallback,
                  std::string help)
{
    OptionSpec made;
    made.group = std::move(group);
    made.name = std::move(name);
    made.type = type;
    made.fallback = std::move(fallback);
    made.help = std::move(help);
    return made;
}

OptionSpec flag(std::string group, std::string name, std::string help)
{
    return option(std::move(group), std::move(name), OptionType::Flag, false, std::move(help));
}

OptionSpec count(std::string group, std::string name, std::int64_t fallback, double low,
                 std::string unit, std::string help)
{
    OptionSpec made =
        option(std::move(group), std::move(name), OptionType::Integer, fallback, std::move(help));
    made.low = low;
    made.high = 1e9;
    made.unit = std::move(unit);
    return made;
}

OptionSpec number(std::string group, std::string name, double fallback, double low, double high,
                  std::string help)
{
    OptionSpec made =
        option(std::move(group), std::move(name), OptionType::Real, fallback, std::move(help));
    made.low = low;
    if (high < kMost) {
        made.high = high;
    }
    return made;
}

OptionSpec choice(std::string group, std::string name, std::vector<std::string> choices,
                  std::string help)
{
    OptionSpec made = option(std::move(group), std::move(name), OptionType::Choice, choices.front(),
                             std::move(help));
    made.choices = std::move(choices);
    return made;
}

std::vector<OptionSpec> describeOptions()
{
    OptionSpec lambda = number(kGroupSearch, "lambda", 0.1, 0, kMost,
                               "Strength of the pressure towards few bits: larger gives cheaper "
                               "networks");
    lambda.originalName = "gating-lambda";
    OptionSpec schedule =
        option(kGroupTraining, "lr-schedule", OptionType::Text, std::string("linear-tail"),
               "How learning rates fall: constant, linear-tail (weights only, to "
               "zero over the last third), multistep:EPOCH:EPOCH, or "
               "cosine:SMALLEST");
    OptionSpec checkpoint =
        option(kGroupSearch, kCheckpointOption, OptionType::Text, std::string(),
               "A checkpoint of the published program (.pth) that weights, gates and ranges come "
               "from; with --epochs 0 it is evaluated, packed and proven as it is");
    checkpoint.originalName = "model-file";
    checkpoint.isFile = true;
    return {
        lambda,
        choice(
            kGroupSearch, "reg-type", {"bop", "const", "expected-bop"},
            "What a bit costs: bit operations of the layers it works in, the same everywhere, or "
            "what it adds to the expected bit operations of the network, pruned inputs included"),
        flag(kGroupSearch, "include-pruning", "Prune output channels too"),
        flag(kGroupSearch, "no-weight-quant", "Weights stay in floating point"),
        flag(kGroupSearch, "no-act-quant", "Activations stay in floating point"),
        flag(kGroupSearch, "prune-only", "Prune channels, quantize nothing"),
        flag(kGroupSearch, "fixed-8bit", "Prune channels at 8-bit weights and activations"),
        flag(kGroupSearch, "fixed-48bit", "Prune channels at 4-bit weights and 8-bit activations"),
        flag(kGroupSearch, "residual-input-quant",
             "Quantize tensors too that feed nothing but a residual sum"),
        flag(kGroupSearch, kEqualizeOption,
             "Before anything else: ReLU6 becomes ReLU, and the channels between two layers get "
             "equal ranges in both (cross-layer equalisation)"),
        checkpoint,
        choice(kGroupGates, "gating-method", {"l0", "fixed"},
               "Gates while training: sampled anew in each step, or deterministic"),
        number(kGroupGates, "gamma-4-init", 6, -100, 100, "Logit of the 4-bit gates at the start"),
        number(kGroupGates, "gamma-8-init", 6, -100, 100, "Logit of the 8-bit gates at the start"),
        number(kGroupGates, "gamma-16-init", 6, -100, 100,
               "Logit of the 16-bit gates at the start; -6 means never above 8 bits"),
        number(kGroupGates, "gamma-32-init", 6, -100, 100,
               "Logit of the 32-bit gates at the start; -6 means never above 16 bits"),
        option(
            kGroupGates, "lock", OptionType::Text, std::string(),
            "What the search may not choose, separated by commas: LAYER=WEIGHT/ACTIVATION (bits, "
            "or - for what stays free), with /keep behind them or LAYER=keep where no channel "
            "may be pruned"),
        choice(kGroupGates, "bn-stats", {"exact", "from_quantized"},
               "Statistics of folded batch normalisation: of the unquantized layer (twice the "
               "work), or rescaled from the quantized one"),
        flag(kGroupGates, "static-fold-bn",
             "Statistics of batch normalisation stay as they are after calibration"),
        choice(kGroupTraining, "learn",
               {"wgs", "bgs", "gs", "g", "wg", "bg", "ws", "bs", "w", "b", "s"},
               "What trains: weights, biases and shifts alone (b), gates, ranges (s)"),
        choice(kGroupTraining, "optimizer", {"adam", "sgd"}, "Of the weights"),
        number(kGroupTraining, "learning-rate", 1e-3, 0, kMost, "Of the weights"),
        choice(kGroupTraining, "optimizer-q", {"adam", "sgd", "none"},
               "Of the gates; none: they train along with the weights"),
        number(kGroupTraining, "learning-rate-q", 1e-3, 0, kMost, "Of the gates"),
        choice(kGroupTraining, "optimizer-s", {"adam", "sgd", "none"},
               "Of the ranges; none: they train along with the gates"),
        number(kGroupTraining, "learning-rate-s", 1e-3, 0, kMost, "Of the ranges"),
        number(kGroupTraining, "fixed-gate-finetune-learning-rate", 1e-4, 0, kMost,
               "Of weights (SGD) and ranges (Adam) with fixed gates; falls along a cosine to 0"),
        schedule,
        number(kGroupTraining, "weight-decay", 0, 0, kMost,
               "L2 penalty on all but gates and ranges, part of the loss"),
        count(kGroupRun, "epochs", 25, 0, "epochs",
              "Passes over the training images; 0: what it starts from is evaluated and packed"),
        count(kGroupRun, "fixed-gate-finetune-epochs", 0, 0, "epochs",
              "Passes after the search, with what the gates decided: weights, biases and ranges "
              "train on"),
        count(kGroupRun, "n-feed", 0, 0, "batches",
              "Training batches that refresh the statistics of batch normalisation before the "
              "fine-tuning folds it for good"),
        count(kGroupRun, "train-batch-size", 128, 1, "images", "Images per step"),
        count(kGroupRun, "eval-every", 1, 1, "epochs", "How often the test images are classified"),
        count(kGroupRun, "log-every", 100, 1, "steps",
              "How often losses, gates and ranges are recorded"),
        count(kGroupRun, "calibration-batches", 8, 1, "batches",
              "Training batches that the ranges start from"),
        option(kGroupRun, "naive-25-baseline", OptionType::Text, std::string(),
               "Widths, such as 8,4, of a baseline without learning that is measured after the "
               "search: tensors go down to them one after the other, the least sensitive first"),
        flag(kGroupRun, "save-checkpoints",
             "The state after each epoch stays, in a file of its own beside the run's"),
        flag(kGroupRun, "augment", "Random crops and flips as the preprocessing says"),
        flag(kGroupRun, "compat",
             "Start as the published program does: ranges from the first two training images with "
             "sampled gates, the largest value for signed tensors too, quantizers before max "
             "pooling, gates of their own for "
             "depthwise channels"),
    };
}

OptionValues values(std::initializer_list<std::pair<const char*, OptionValue>> pairs)
{
    OptionValues made;
    for (const auto& [name, value] : pairs) {
        made.set(name, value);
    }
    return made;
}

std::vector<OptionPreset> describePresets()
{
    return {
        {"mnist-lenet5", "The published recipe for LeNet-5 on MNIST",
         values({{"lambda", 0.1},
                 {"include-pruning", true},
                 {"gamma-16-init", -6.0},
                 {"gamma-32-init", -6.0},
                 {"epochs", std::int64_t{100}}})},
        {"cifar10-vgg7", "The published recipe for VGG-7 on CIFAR-10",
         values({{"lambda", 0.01},
                 {"include-pruning", true},
                 {"epochs", std::int64_t{300}},
                 {"augment", true}})},
        {"imagenet-resnet18", "The published recipe for a trained ResNet-18 on ImageNet",
         values({{"lambda", 0.03},
                 {"include-pruning", true},
                 {"gamma-32-init", -6.0},
                 {"optimizer", std::string("sgd")},
                 {"learning-rate", 3e-3},
                 {"lr-schedule", std::string("multistep:10:20")},
                 {"epochs", std::int64_t{30}},
                 {"fixed-gate-finetune-epochs", std::int64_t{10}},
                 {"train-batch-size", std::int64_t{384}},
                 {"augment", true}})},
        {"quick", "A first look: gates start near the edge, so few steps move them",
         values({{"include-pruning", true},
                 {"gamma-4-init", 2.0},
                 {"gamma-8-init", 1.0},
                 {"gamma-16-init", -6.0},
                 {"gamma-32-init", -6.0},
                 {"learning-rate-q", 3e-2},
                 {"epochs", std::int64_t{5}},
                 {"log-every", std::int64_t{10}}})},
    };
}

/// Widths in any order, each once; nullopt: something else.
std::optional<std::vector<int>> legalBaseline(const std::string& text)
{
    std::vector<int> bits;
    std::istringstream words(text);
    for (std::string word; std::getline(words, word, ',');) {
        const bool isLegal = word == "2" || word == "4" || word == "8";
        if (!isLegal || std::ranges::find(bits, word.front() - '0') != bits.end()) {
            return std::nullopt;
        }
        bits.push_back(word.front() - '0');
    }
    std::ranges::sort(bits, std::greater());
    return bits;
}

/// Reasons read as "cannot be true because ...".
std::vector<OptionRule> describeRules()
{
    const auto needsPruneOnly = [](const OptionValues& all) -> std::string {
        if (all.flag("fixed-8bit") && all.flag("fixed-48bit")) {
            return "fixed-8bit and fixed-48bit exclude each other";
        }
        return all.flag("prune-only") ? "" : "fixed widths are for prune-only";
    };
    const auto leavesSomething = [](const OptionValues& all) -> std::string {
        if (all.flag("prune-only")) {
            return "prune-only says already what is quantized";
        }
        return all.flag("no-weight-quant") && all.flag("no-act-quant")
                   ? "no bits are left to choose; prune-only is for channels alone"
                   : "";
    };
    const auto hasNoneOf = [](const char* optimizer, const char* whose) {
        return [optimizer, whose](const OptionValues& all) -> std::string {
            return all.text(optimizer) == kNoOptimizer
                       ? "there is no optimizer for the " + std::string(whose) + " alone"
                       : "";
        };
    };
    return {
        {"optimizer-q",
         [](const OptionValues& all) -> std::string {
             return all.text("optimizer-q") == kNoOptimizer &&
                            all.text("optimizer-s") != kNoOptimizer
                        ? "the ranges have one of their own; only the last groups can be merged, "
                          "so optimizer-s needs to be none too"
                        : "";
         }},
        {"learning-rate-q", hasNoneOf("optimizer-q", "gates")},
        {"learning-rate-s", hasNoneOf("optimizer-s", "ranges")},
        {"n-feed",
         [](const OptionValues& all) -> std::string {
             return all.integer("fixed-gate-finetune-epochs") > 0
                        ? ""
                        : "there is no fine-tuning without fixed-gate-finetune-epochs";
         }},
        {"prune-only",
         [](const OptionValues& all) -> std::string {
             return all.flag("include-pruning") ? ""
                                                : "there is nothing to do without "
                                                  "include-pruning";
         }},
        {"no-weight-quant", leavesSomething},
        {"no-act-quant", leavesSomething},
        {"fixed-8bit", needsPruneOnly},
        {"fixed-48bit", needsPruneOnly},
        {"lock",
         [](const OptionValues& all) -> std::string {
             try {
                 parseLayerLocks(all.text("lock"));
             } catch (const Error& error) {
                 return error.what();
             }
             return "";
         }},
        {"naive-25-baseline",
         [](const OptionValues& all) -> std::string {
             if (all.flag("prune-only")) {
                 return "prune-only leaves no widths to lower";
             }
             if (all.integer("fixed-gate-finetune-epochs") > 0) {
                 return "it measures the network that the gates were learned on, not one that "
                        "was fine-tuned";
             }
             return legalBaseline(all.text("naive-25-baseline"))
                        ? ""
                        : "its widths are 8, 4 and 2 bits, separated by commas, each once";
         }},
        {"lr-schedule",
         [](const OptionValues& all) -> std::string {
             try {
                 parseSchedule(all.text("lr-schedule"));
             } catch (const Error& error) {
                 return error.what();
             }
             return "";
         }},
    };
}

std::optional<OptimizerOptions> optimizer(const OptionValues& all, const std::string& suffix)
{
    if (all.text("optimizer" + suffix) == kNoOptimizer) {
        return std::nullopt;
    }
    return OptimizerOptions{all.text("optimizer" + suffix) == "sgd",
                            all.real("learning-rate" + suffix)};
}

} // namespace

const OptionSchema& optionSchema()
{
    static const OptionSchema schema(describeOptions(), describePresets(), describeRules());
    return schema;
}

RunOptions runOptions(const OptionValues& all)
{
    RunOptions run;
    run.batchSize = all.integer("train-batch-size");
    run.epochs = static_cast<int>(all.integer("epochs"));
    run.evaluateEvery = static_cast<int>(all.integer("eval-every"));
    run.recordEvery = all.integer("log-every");
    run.augment = all.flag("augment");
    run.saveCheckpoints = all.flag("save-checkpoints");
    return run;
}

namespace {

RegulariserType regulariserType(const std::string& name)
{
    return name == "bop"     ? RegulariserType::BitOperations
           : name == "const" ? RegulariserType::Constant
                             : RegulariserType::ExpectedBitOperations;
}

NetworkOptions networkOptions(const OptionValues& all)
{
    NetworkOptions network;
    network.sites.pruning = all.flag("include-pruning");
    network.quantizeWeights = !all.flag("no-weight-quant");
    network.quantizeActivations = !all.flag("no-act-quant");
    network.sites.residualInputs = all.flag("residual-input-quant");
    network.sites.compatDepthwiseGates = all.flag("compat");
    if (all.flag("prune-only")) {
        const bool isFixed = all.flag("fixed-8bit") || all.flag("fixed-48bit");
        network.mode = isFixed ? QuantizerMode::FixedWidths : QuantizerMode::PruneOnly;
        network.fixedWeightBits = all.flag("fixed-48bit") ? 4 : 8;
    }
    network.levelLogits = {all.real("gamma-4-init"), all.real("gamma-8-init"),
                           all.real("gamma-16-init"), all.real("gamma-32-init")};
    network.gating =
        all.text("gating-method") == "fixed" ? Gating::Deterministic : Gating::Stochastic;
    network.statistics = all.text("bn-stats") == "from_quantized" ? NormStatistics::FromQuantized
                                                                  : NormStatistics::Exact;
    network.poolFirst = !all.flag("compat");
    network.regulariser = regulariserType(all.text("reg-type"));
    return network;
}

TrainerOptions trainerOptions(const OptionValues& all, std::uint64_t seed)
{
    TrainerOptions trainer;
    trainer.weights = optimizer(all, "").value();
    trainer.gates = optimizer(all, "-q");
    trainer.ranges = optimizer(all, "-s");
    const std::string& learned = all.text("learn");
    trainer.learned.weights = learned.starts_with('w');
    trainer.learned.biases = learned.starts_with('b');
    trainer.learned.gates = learned.find('g') != std::string::npos;
    trainer.learned.ranges = learned.ends_with('s');
    trainer.lambda = all.real("lambda");
    trainer.weightDecay = all.real("weight-decay");
    trainer.schedule = parseSchedule(all.text("lr-schedule"));
    trainer.epochs = static_cast<int>(all.integer("epochs"));
    trainer.seed = seed;
    return trainer;
}

} // namespace

SearchOptions searchOptions(const OptionValues& all, std::uint64_t seed)
{
    SearchOptions search;
    search.network = networkOptions(all);
    search.trainer = trainerOptions(all, seed);
    search.calibrationBatches = static_cast<int>(all.integer("calibration-batches"));
    search.locks = parseLayerLocks(all.text("lock"));
    search.compatRanges = all.flag("compat");
    search.freezeStatistics = all.flag("static-fold-bn");
    return search;
}

std::vector<int> baselineBits(const OptionValues& all)
{
    return legalBaseline(all.text("naive-25-baseline")).value();
}

FineTuningOptions fineTuningOptions(const OptionValues& all)
{
    return {static_cast<int>(all.integer("fixed-gate-finetune-epochs")),
            all.real("fixed-gate-finetune-learning-rate"), all.integer("n-feed")};
}

} // namespace bitloom::bayesian_bits
