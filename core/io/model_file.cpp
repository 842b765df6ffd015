// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/model_file.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/graph/architectures.h"
#include "core/graph/passes/decompose_attention.h"
#include "core/graph/passes/model_info.h"
#include "core/io/architecture_guess.h"
#include "core/io/packed_model.h"
#include "core/io/safetensors/weight_folder.h"
#include "core/io/script/torchscript_reader.h"
#include "core/io/state/file_kind.h"
#include "core/io/state/state_dict.h"
#include "core/io/state/state_match.h"
#include "core/io/weight_source.h"
#include "core/types/model_spec.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace bitloom {

namespace fs = std::filesystem;

namespace {

struct ArchitectureSpec {
    std::string name;
    fs::path weights; ///< empty: random
};

std::optional<ArchitectureSpec> architectureSpec(const std::string& spec)
{
    if (!namesArchitecture(spec)) {
        return std::nullopt;
    }
    const std::string rest = spec.substr(kArchitecturePrefix.size());
    const std::size_t at = rest.find('@');
    if (at == std::string::npos) {
        return ArchitectureSpec{rest, {}};
    }
    BITLOOM_REQUIRE(at + 1 < rest.size(), ErrorCode::InvalidArgument, "'", spec,
                    "' names no weights after the @: give arch:", rest.substr(0, at),
                    "@FILE, or arch:", rest.substr(0, at), " for random weights");
    return ArchitectureSpec{rest.substr(0, at), rest.substr(at + 1)};
}

io::StateDict withoutCounters(io::StateDict state)
{
    std::erase_if(state.tensors, [](const auto& entry) { return isBatchCounter(entry.first); });
    return state;
}

graph::Graph withState(const graph::Graph& graph, const io::StateDict& state,
                       const std::string& architecture)
{
    const io::StateMismatch mismatch = io::compareNames(expectedTensors(graph), state);
    BITLOOM_REQUIRE(mismatch.empty(), ErrorCode::ModelMismatch, "the weights do not fit ",
                    architecture, ": ", mismatch.text());
    std::map<std::string, at::ScalarType> types;
    for (const graph::Parameter& parameter : graph.parameters()) {
        types[parameter.name] = parameter.tensor.scalar_type();
    }
    std::vector<std::pair<std::string, at::Tensor>> tensors;
    for (const auto& [name, tensor] : state.tensors) {
        tensors.emplace_back(name, tensor.to(types.at(name)).contiguous());
    }
    return graph.withParameters(tensors);
}

/// What packed weights decode to. Where they state a plan and the ranges of activations, these are
/// of the network that is packed with them, and are left out.
io::StateDict decodedWeights(const io::PackedSource& packed)
{
    io::StateDict state{unpackedState(packed), packed.notes()};
    state.notes.push_back({PhraseId::CodesAreRead, {packed.formatName()}});
    return state;
}

LoadedModel openArchitecture(const ArchitectureSpec& spec,
                             const std::vector<std::int64_t>& inputShape, std::uint64_t seed)
{
    if (spec.weights.empty()) {
        return describeModel(graph::buildArchitecture(spec.name, seed), inputShape);
    }
    const graph::Graph empty =
        graph::buildArchitecture(spec.name, seed, graph::InitialWeights::Meta);
    const std::unique_ptr<io::PackedSource> packed = io::openPackedWeights(spec.weights);
    return withContext(spec.weights.string(), [&] {
        const io::StateDict state =
            withoutCounters(packed ? decodedWeights(*packed) : io::readStateDict(spec.weights));
        LoadedModel model = describeModel(withState(empty, state, spec.name), inputShape);
        model.notes = state.notes;
        if (packed) {
            model.stored = quantizationOfWeights(*packed, model);
        }
        return model;
    });
}

void requirePlanOfFile(const BitPlan& plan, const ModelInfo& model)
{
    try {
        checkPlanAgainst(plan, model);
    } catch (const Error& error) {
        fail(ErrorCode::CorruptFile,
             "the plan in the file is not for the network in it: ", error.what());
    }
}

LoadedModel openPacked(const fs::path& path, const io::PackedSource& source,
                       const std::vector<std::int64_t>& inputShape)
{
    return withContext(path.string(), [&] {
        PackedModel packed = readPackedModel(source);
        LoadedModel model = describeModel(std::move(packed.graph), inputShape);
        model.info.fingerprint = packed.quantization.plan.modelFingerprint;
        requirePlanOfFile(packed.quantization.plan, model.info);
        model.stored = std::move(packed.quantization);
        model.notes = source.notes();
        return model;
    });
}

/// Weights without a network cannot be opened alone; says which architecture they fit.
/// what: "a state dict".
[[noreturn]] void failWithoutNetwork(const fs::path& path, const std::string& what,
                                     const std::vector<io::StateEntry>& entries)
{
    std::vector<std::string> fitting;
    const std::vector<ArchitectureGuess> guesses = guessArchitectures(entries, path.string());
    for (const ArchitectureGuess& guess : guesses) {
        if (guess.fits) {
            fitting.push_back(guess.name);
        }
    }
    if (fitting.empty()) {
        fail(ErrorCode::Unsupported, path.string(), " is ", what,
             ": weights without a network, and no built-in architecture has these "
             "names and shapes; "
             "save the model with torch.jit.trace or torch.jit.script, or give arch:NAME@",
             path.string());
    }
    fail(ErrorCode::Unsupported, path.string(), " is ", what,
         ": weights without a network; they fit ", joinForPeople(fitting), ": give ",
         guesses.front().model);
}

/// A packed model, or weights alone, which is an error.
LoadedModel openWeightFile(const fs::path& path, const std::vector<std::int64_t>& inputShape)
{
    const std::unique_ptr<io::PackedSource> packed = io::openPackedWeights(path);
    if (!packed) {
        failWithoutNetwork(path, "a state dict", io::listStateDict(path).entries);
    }
    if (!packed->meta().hasNetwork()) {
        failWithoutNetwork(path, "packed weights (" + textOf(packed->formatName()) + ")",
                           entriesOf(*packed));
    }
    return openPacked(path, *packed, inputShape);
}

} // namespace

LoadedModel openModel(const std::string& spec, const std::vector<std::int64_t>& inputShape,
                      std::uint64_t seed, const std::vector<std::int64_t>& likelyShape)
{
    if (const auto architecture = architectureSpec(spec)) {
        return openArchitecture(*architecture, inputShape, seed);
    }
    const fs::path path = spec;
    if (io::standsForWeightFiles(path)) {
        return openWeightFile(path, inputShape);
    }
    switch (io::detectFileKind(path)) {
    case io::FileKind::TorchScript: {
        io::TorchScriptOptions options;
        options.likelyShape = likelyShape;
        if (!inputShape.empty()) {
            options.inputShapes = {inputShape};
        }
        io::TorchScriptModel script = io::readTorchScript(path, options);
        LoadedModel model = withContext(
            path.string(), [&] { return describeModel(std::move(script.graph), inputShape); });
        model.notes = std::move(script.notes);
        return model;
    }
    case io::FileKind::Hdf5:
    case io::FileKind::TorchZip:
    case io::FileKind::TorchLegacy:
    case io::FileKind::Safetensors:
        return openWeightFile(path, inputShape);
    default:
        break;
    }
    fail(ErrorCode::UnknownFormat, path.string(), " is ",
         textOf(io::describe(io::detectFileKind(path))),
         "; a model is a TorchScript file, a packed file, arch:NAME or arch:NAME@WEIGHTS");
}

fs::path modelFilePath(const std::string& spec)
{
    const auto architecture = architectureSpec(spec);
    return architecture ? architecture->weights : fs::path(spec);
}

namespace {

/// Costs are of one item. Only a network that was traced at a batch size that it cannot leave has
/// another one.
void requireBatch(const std::vector<std::int64_t>& given, const graph::Graph& network)
{
    const std::vector<std::int64_t>& own = network.inputShape();
    const std::int64_t batch = own.empty() ? 1 : own.front();
    std::vector<std::int64_t> single = given;
    single.front() = batch;
    BITLOOM_REQUIRE(given.front() == 1 || given.front() == batch, ErrorCode::InvalidArgument,
                    "the input shape ", shapeText(given), " is of ", given.front(),
                    " items at once; give that of ", batch == 1 ? "one" : std::to_string(batch),
                    ": ", shapeText(single));
}

} // namespace

LoadedModel describeModel(graph::Graph network, const std::vector<std::int64_t>& inputShape)
{
    LoadedModel model;
    if (!inputShape.empty()) {
        requireBatch(inputShape, network);
        network = network.withInputShape(inputShape);
    }
    model.graph = std::make_shared<const graph::Graph>(graph::decomposeAttention(network));
    model.layers = graph::findLayers(*model.graph);
    model.info = graph::modelInfo(*model.graph);
    return model;
}

} // namespace bitloom
