// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/bitpack/integer_checkpoint.h"

#include "core/base/error.h"
#include "core/io/state/pickle_tensors.h"
#include "core/io/state/state_dict.h"
#include "core/io/state/torch_archive.h"
#include "core/ops/torch_errors.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace bitloom::io {

namespace {

constexpr std::string_view kWeights = "weight_integer";
/// What HAWQ exports beside the weights, and the scales that it forgets to export.
constexpr std::array<std::string_view, 4> kCarriedParts{"bias_integer", "convbn_scaling_factor",
                                                        "fc_scaling_factor", "act_scaling_factor"};
constexpr std::string_view kForgottenScale = "conv_scaling_factor";
/// Scales of weights, by preference; activations have others.
constexpr std::array<std::string_view, 3> kWeightScales{"convbn_scaling_factor",
                                                        "fc_scaling_factor", kForgottenScale};

bool hasPart(std::string_view name, std::string_view part)
{
    return name.find(part) != std::string_view::npos;
}

/// The values of a dict's tensors, under the names of the file.
std::vector<NamedTensor> load(TorchArchive& archive, const PickleDict& dict)
{
    const TensorEntries entries = tensorEntries(dict);
    std::vector<at::Tensor> tensors = archive.tensors(entries.wanted);
    std::vector<NamedTensor> named;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        named.emplace_back(entries.wanted[i].name, std::move(tensors[i]));
    }
    return named;
}

const PickleDict* dictUnder(const PickleDict& root, std::string_view key)
{
    if (const PickleValue* whole = findEntry(root, key)) {
        return whole->node<PickleDict>();
    }
    const std::size_t slash = key.find('/');
    const PickleValue* outer =
        slash == std::string_view::npos ? nullptr : findEntry(root, key.substr(0, slash));
    const auto* inner = outer == nullptr ? nullptr : outer->node<PickleDict>();
    return inner == nullptr ? nullptr : dictUnder(*inner, key.substr(slash + 1));
}

/// Not what is looked for: what it is instead, so that the user knows which file to take.
[[noreturn]] void failWithout(const std::string& key, const PickleValue& root)
{
    const auto* dict = root.node<PickleDict>();
    fail(ErrorCode::NotFound, "no entry ", key, "; the file holds ", kindOf(root),
         dict == nullptr ? "" : " with the keys " + listNames(namesOf(*dict)),
         key == kWeights ? "; HAWQ writes quantized_checkpoint.pth.tar beside its training "
                           "checkpoint; --key NAME or --all packs other tensors"
                         : "; --key takes one of its dicts");
}

bool isFinitePositive(const at::Tensor& scale)
{
    const at::Tensor values = scale.to(at::kDouble).contiguous();
    const auto* begin = values.const_data_ptr<double>();
    return std::all_of(begin, begin + values.numel(),
                       [](double value) { return std::isfinite(value) && value > 0; });
}

bool isAllZero(const at::Tensor& tensor)
{
    // A piece at a time: most tensors differ from 0 in the first, and none is copied whole.
    constexpr std::int64_t kPiece = std::int64_t{1} << 16;
    const at::Tensor flat = tensor.reshape({-1});
    for (std::int64_t first = 0; first < flat.numel(); first += kPiece) {
        if (flat.narrow(0, first, std::min(kPiece, flat.numel() - first))
                .ne(0)
                .any()
                .item<bool>()) {
            return false;
        }
    }
    return true;
}

void requireScale(const NamedTensor& weight, const NamedTensor& scale)
{
    const std::int64_t channels = weight.second.dim() == 0 ? 1 : weight.second.size(0);
    BITLOOM_REQUIRE(scale.second.numel() == 1 || scale.second.numel() == channels,
                    ErrorCode::InvalidArgument, "scale ", scale.first, " of ", weight.first,
                    " has ", scale.second.numel(), " elements; 1 or one per output channel (",
                    channels, ") are possible");
    BITLOOM_REQUIRE(isFinitePositive(scale.second), ErrorCode::InvalidArgument, "scale ",
                    scale.first, " of ", weight.first,
                    " holds a value that is not finite and positive");
}

/// Finds each weight's scale by their common path, and says what is missing.
void matchScales(IntegerCheckpoint& checkpoint)
{
    std::map<std::string_view, const NamedTensor*> carried;
    for (const NamedTensor& one : checkpoint.carried) {
        carried.emplace(one.first, &one);
    }
    std::vector<std::string> unscaled;
    std::vector<std::string> zero;
    for (const NamedTensor& weight : checkpoint.weights) {
        const std::size_t at = weight.first.find(kWeights);
        const std::string layer = weight.first.substr(0, std::min(at, weight.first.size()));
        const NamedTensor* scale = nullptr;
        for (const std::string_view part : kWeightScales) {
            const auto found = carried.find(layer + std::string(part));
            scale = scale == nullptr && found != carried.end() ? found->second : scale;
        }
        if (isAllZero(weight.second)) {
            zero.push_back(weight.first);
        } else if (scale == nullptr) {
            unscaled.push_back(weight.first);
        }
        if (scale != nullptr && !isAllZero(weight.second)) {
            requireScale(weight, *scale);
            checkpoint.scaleOf.emplace(weight.first, scale->first);
        }
    }
    if (!unscaled.empty()) {
        checkpoint.notes.push_back({PhraseId::NoScaleFor, {listOfNames(unscaled)}});
    }
    if (!zero.empty()) {
        checkpoint.notes.push_back({PhraseId::AllWeightsZero, {listOfNames(zero)}});
    }
}

std::string countText(std::size_t count, std::string_view part)
{
    return std::to_string(count) + " " + std::string(part);
}

IntegerCheckpoint readParts(TorchArchive& archive, const PickleDict& root)
{
    IntegerCheckpoint checkpoint;
    checkpoint.isHawq = true;
    const auto weights = std::string(kWeights);
    const auto* dict = findEntry(root, kWeights)->node<PickleDict>();
    BITLOOM_REQUIRE(dict != nullptr, ErrorCode::CorruptFile, "the entry ", weights, " is ",
                    kindOf(*findEntry(root, kWeights)), ", a dict of tensors was expected");
    checkpoint.weights = load(archive, *dict);
    std::string found = countText(checkpoint.weights.size(), kWeights);
    std::vector<std::string> missing;
    for (const std::string_view part : kCarriedParts) {
        const PickleDict* carried = dictUnder(root, part);
        if (carried == nullptr) {
            missing.emplace_back(part);
            continue;
        }
        std::vector<NamedTensor> tensors = load(archive, *carried);
        found += ", " + countText(tensors.size(), part);
        std::move(tensors.begin(), tensors.end(), std::back_inserter(checkpoint.carried));
    }
    checkpoint.notes.push_back({PhraseId::HawqHolds, {found}});
    if (!missing.empty()) {
        checkpoint.notes.push_back({PhraseId::NotInFile, {listOfNames(missing)}});
    }
    return checkpoint;
}

/// HAWQ's modules keep the same integers as buffers, so its training checkpoint has them too.
std::optional<IntegerCheckpoint> readBuffers(const std::filesystem::path& path)
{
    StateDict state = readStateDict(path, TensorMemory::Mapped);
    IntegerCheckpoint checkpoint;
    checkpoint.isHawq = true;
    for (NamedTensor& one : state.tensors) {
        const bool isCarried = hasPart(one.first, kForgottenScale) ||
                               std::any_of(kCarriedParts.begin(), kCarriedParts.end(),
                                           [&](auto part) { return hasPart(one.first, part); });
        if (hasPart(one.first, kWeights)) {
            checkpoint.weights.push_back(std::move(one));
        } else if (isCarried) {
            checkpoint.carried.push_back(std::move(one));
        }
    }
    if (checkpoint.weights.empty()) {
        return std::nullopt;
    }
    checkpoint.notes = std::move(state.notes);
    checkpoint.notes.push_back(
        {PhraseId::HawqBuffers,
         {std::to_string(checkpoint.weights.size()), std::to_string(state.tensors.size())}});
    return checkpoint;
}

IntegerCheckpoint readHawq(const std::filesystem::path& path, TorchArchive& archive)
{
    const PickleValue& root = archive.root();
    const auto* dict = root.node<PickleDict>();
    IntegerCheckpoint checkpoint;
    if (dict != nullptr && findEntry(*dict, kWeights) != nullptr) {
        checkpoint = readParts(archive, *dict);
    } else {
        auto buffers = dict == nullptr ? std::nullopt : [&]() -> std::optional<IntegerCheckpoint> {
            try {
                return readBuffers(path);
            } catch (const Error& error) {
                if (error.code() != ErrorCode::UnknownFormat) { // no state dict either: said below
                    throw;
                }
                return std::nullopt;
            }
        }();
        if (!buffers) {
            failWithout(std::string(kWeights), root);
        }
        checkpoint = std::move(*buffers);
    }
    matchScales(checkpoint);
    return checkpoint;
}

/// A safetensors file has no dicts inside: HAWQ's integers are found among its names.
IntegerCheckpoint readSafetensors(const std::filesystem::path& path, const TensorChoice& choice)
{
    BITLOOM_REQUIRE(choice.key.empty(), ErrorCode::NotFound, path.string(),
                    " is a safetensors file, which has no entry ", choice.key,
                    ": its tensors have no dicts around them; use --all");
    auto checkpoint = readBuffers(path);
    BITLOOM_REQUIRE(checkpoint.has_value(), ErrorCode::NotFound, path.string(),
                    " has no tensor with ", kWeights, " in its name; use --all");
    matchScales(*checkpoint);
    return std::move(*checkpoint);
}

IntegerCheckpoint readChosen(const std::filesystem::path& path, const TensorChoice& choice)
{
    IntegerCheckpoint checkpoint;
    if (choice.all) {
        StateDict state = readStateDict(path, TensorMemory::Mapped);
        checkpoint.weights = std::move(state.tensors);
        checkpoint.notes = std::move(state.notes);
        return checkpoint;
    }
    if (detectFileKind(path) == FileKind::Safetensors) {
        return readSafetensors(path, choice);
    }
    TorchArchive archive = TorchArchive::open(path, TensorMemory::Mapped);
    return withContext(path.string(), [&] {
        if (choice.key.empty()) {
            return readHawq(path, archive);
        }
        const auto* root = archive.root().node<PickleDict>();
        const PickleDict* dict = root == nullptr ? nullptr : dictUnder(*root, choice.key);
        if (dict == nullptr) {
            failWithout(choice.key, archive.root());
        }
        checkpoint.weights = load(archive, *dict);
        return std::move(checkpoint);
    });
}

} // namespace

IntegerCheckpoint readIntegerCheckpoint(const std::filesystem::path& path,
                                        const TensorChoice& choice)
{
    return withTorchErrors([&] { return readChosen(path, choice); });
}

} // namespace bitloom::io
