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
#include "core/io/script/torchscript_reader.h"
#include "core/io/state/file_kind.h"
#include "core/io/state/state_dict.h"
#include "core/io/state/state_match.h"

#include <algorithm>
#include <map>
#include <utility>

namespace bitloom {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kArchitecturePrefix = "arch:";

struct ArchitectureSpec {
    std::string name;
    fs::path weights; ///< empty: random
};

std::optional<ArchitectureSpec> architectureSpec(const std::string& spec)
{
    if (!spec.starts_with(kArchitecturePrefix)) {
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

LoadedModel openArchitecture(const ArchitectureSpec& spec,
                             const std::vector<std::int64_t>& inputShape, std::uint64_t seed)
{
    if (spec.weights.empty()) {
        return describeModel(graph::buildArchitecture(spec.name, seed), inputShape);
    }
    const graph::Graph empty =
        graph::buildArchitecture(spec.name, seed, graph::InitialWeights::Meta);
    const io::StateDict state = withoutCounters(io::readStateDict(spec.weights));
    LoadedModel model = withContext(spec.weights.string(), [&] {
        return describeModel(withState(empty, state, spec.name), inputShape);
    });
    model.notes = state.notes;
    return model;
}

LoadedModel openPacked(const fs::path& path, const std::vector<std::int64_t>& inputShape)
{
    PackedModel packed = readPackedModel(path);
    LoadedModel model = withContext(
        path.string(), [&] { return describeModel(std::move(packed.graph), inputShape); });
    model.info.fingerprint = packed.quantization.plan.modelFingerprint;
    model.stored = std::move(packed.quantization);
    return model;
}

[[noreturn]] void failStateDict(const fs::path& path)
{
    std::vector<std::string> fitting;
    const std::vector<ArchitectureGuess> guesses =
        guessArchitectures(io::listStateDict(path).entries, path.string());
    for (const ArchitectureGuess& guess : guesses) {
        if (guess.fits) {
            fitting.push_back(guess.name);
        }
    }
    if (fitting.empty()) {
        fail(ErrorCode::Unsupported, path.string(),
             " is a state dict: weights without a network, and no built-in architecture has these "
             "names and shapes; "
             "save the model with torch.jit.trace or torch.jit.script, or give arch:NAME@",
             path.string());
    }
    fail(ErrorCode::Unsupported, path.string(),
         " is a state dict: weights without a network; they fit ", joinForPeople(fitting),
         ": give ", guesses.front().model);
}

} // namespace

LoadedModel openModel(const std::string& spec, const std::vector<std::int64_t>& inputShape,
                      std::uint64_t seed, const std::vector<std::int64_t>& likelyShape)
{
    if (const auto architecture = architectureSpec(spec)) {
        return openArchitecture(*architecture, inputShape, seed);
    }
    const fs::path path = spec;
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
        return openPacked(path, inputShape);
    case io::FileKind::TorchZip:
    case io::FileKind::TorchLegacy:
    case io::FileKind::Safetensors:
        failStateDict(path);
    default:
        break;
    }
    fail(ErrorCode::UnknownFormat, path.string(), " is ", io::describe(io::detectFileKind(path)),
         "; a model is a TorchScript file, a packed file, arch:NAME or arch:NAME@WEIGHTS");
}

fs::path modelFilePath(const std::string& spec)
{
    const auto architecture = architectureSpec(spec);
    return architecture ? architecture->weights : fs::path(spec);
}

LoadedModel describeModel(graph::Graph network, const std::vector<std::int64_t>& inputShape)
{
    LoadedModel model;
    if (!inputShape.empty()) {
        network = network.withInputShape(inputShape);
    }
    model.graph = std::make_shared<const graph::Graph>(graph::decomposeAttention(network));
    model.layers = graph::findLayers(*model.graph);
    model.info = graph::modelInfo(*model.graph);
    return model;
}

} // namespace bitloom
