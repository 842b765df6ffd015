// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/state_dict.h"

#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/io/safetensors/weight_folder.h"
#include "core/io/state/file_kind.h"
#include "core/io/state/pickle_tensors.h"
#include "core/io/state/safetensors_state.h"
#include "core/io/state/torch_archive.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <span>
#include <utility>

namespace bitloom::io {

namespace {

constexpr int kMaxSearchDepth = 4;
constexpr auto kUsualKeys = std::to_array<std::string_view>(
    {"state_dict", "model_state_dict", "model_state", "model", "net", "network", "module",
     "weights", "params", "state_dict_ema", "model_ema", "ema_state_dict", "ema", "generator"});
constexpr auto kWrapperPrefixes = std::to_array<std::string_view>({"module.", "_orig_mod."});

struct Found {
    const PickleDict* dict = nullptr;
    std::string path; ///< "checkpoint/state_dict"; empty: the object itself
};

/// The budget keeps dicts that contain themselves, or each other many times, from costing
/// exponential time.
std::optional<Found> findStateDict(const PickleDict& dict, const std::string& path, int depth,
                                   std::size_t& budget)
{
    const auto below = [&](std::string_view key) {
        return path.empty() ? std::string(key) : path + "/" + std::string(key);
    };
    const auto descend = [&](const auto& item) -> std::optional<Found> {
        const auto* inner = item.second.template node<PickleDict>();
        if (inner == nullptr || depth == kMaxSearchDepth || budget == 0) {
            return std::nullopt;
        }
        --budget;
        return findStateDict(*inner, below(item.first.text().value_or("?")), depth + 1, budget);
    };
    for (const std::string_view usual : kUsualKeys) {
        for (const auto& item : dict.items) {
            if (item.first.text() == usual) {
                if (auto found = descend(item)) {
                    return found;
                }
            }
        }
    }
    if (holdsTensors(dict)) {
        return Found{&dict, path};
    }
    std::optional<Found> only;
    for (const auto& item : dict.items) {
        if (auto found = descend(item)) {
            BITLOOM_REQUIRE(!only || only->dict == found->dict, ErrorCode::UnknownFormat,
                            "no state dict: several dicts hold tensors (", only->path, ", ",
                            found->path, "), none under a usual key; save model.state_dict()");
            only = found;
        }
    }
    return only;
}

Found chooseDict(const PickleValue& root)
{
    const auto* dict = root.node<PickleDict>();
    BITLOOM_REQUIRE(dict != nullptr, ErrorCode::UnknownFormat,
                    "no state dict: the saved object is ", kindOf(root),
                    ", a dict of tensors was expected; save model.state_dict()");
    std::size_t budget = 10'000;
    if (auto found = findStateDict(*dict, "", 0, budget)) {
        return *found;
    }
    BITLOOM_REQUIRE(dict->items.empty(), ErrorCode::UnknownFormat,
                    "no state dict: no dict holds tensors, looking 4 levels deep; its keys are ",
                    listNames(namesOf(*dict)));
    return {dict, ""};
}

/// The chosen tensors under their final names.
struct Selection {
    std::vector<TorchArchive::Wanted> wanted; ///< with the names of the file, for messages
    std::vector<std::string> names;           ///< parallel, without wrapper prefixes
    std::vector<Phrase> notes;
};

void stripWrapperPrefixes(std::span<std::string* const> names, std::vector<Phrase>& notes)
{
    bool stripped = !names.empty();
    while (stripped) {
        stripped = false;
        for (const std::string_view prefix : kWrapperPrefixes) {
            const bool everywhere = std::ranges::all_of(names, [&](const std::string* name) {
                return name->size() > prefix.size() && name->starts_with(prefix);
            });
            if (everywhere) {
                for (std::string* name : names) {
                    name->erase(0, prefix.size());
                }
                notes.push_back({PhraseId::PrefixRemoved, {std::string(prefix)}});
                stripped = true;
            }
        }
    }
}

/// The same for a list of anything that has a name.
template <typename Item, typename Name>
void stripWrapperPrefixes(std::vector<Item>& items, Name nameOf, std::vector<Phrase>& notes)
{
    std::vector<std::string*> names;
    for (Item& item : items) {
        names.push_back(&std::invoke(nameOf, item));
    }
    stripWrapperPrefixes(names, notes);
}

Selection selectTensors(const PickleValue& root)
{
    const Found found = chooseDict(root);
    Selection selection;
    if (!found.path.empty()) {
        selection.notes.push_back({PhraseId::FoundUnderKey, {found.path}});
    }
    TensorEntries entries = tensorEntries(*found.dict);
    for (const TorchArchive::Wanted& one : entries.wanted) {
        selection.names.push_back(one.name);
    }
    selection.wanted = std::move(entries.wanted);
    if (!entries.ignored.empty()) {
        selection.notes.push_back(
            {PhraseId::EntriesIgnored,
             {std::to_string(entries.ignored.size()), listOfNames(entries.ignored)}});
    }
    stripWrapperPrefixes(selection.names, std::identity(), selection.notes);
    return selection;
}

/// PyTorch's name for codes of a quantized tensor.
c10::ScalarType quantizedType(c10::ScalarType codes)
{
    return codes == at::kChar   ? c10::ScalarType::QInt8
           : codes == at::kByte ? c10::ScalarType::QUInt8
                                : c10::ScalarType::QInt32;
}

StateDict readFrom(TorchArchive archive)
{
    Selection selection = selectTensors(archive.root());
    std::vector<at::Tensor> tensors = archive.tensors(selection.wanted);
    StateDict state;
    state.notes = std::move(selection.notes);
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        state.tensors.emplace_back(std::move(selection.names[i]), std::move(tensors[i]));
    }
    return state;
}

} // namespace

StateDict readStateDict(const std::filesystem::path& path, TensorMemory memory)
{
    if (standsForWeightFiles(path) || detectFileKind(path) == FileKind::Safetensors) {
        StateDict state = readSafetensorsState(path);
        stripWrapperPrefixes(state.tensors, &std::pair<std::string, at::Tensor>::first,
                             state.notes);
        return state;
    }
    TorchArchive archive = TorchArchive::open(path, memory);
    return withContext(path.string(), [&] { return readFrom(std::move(archive)); });
}

StateListing listStateDict(const std::filesystem::path& path)
{
    if (standsForWeightFiles(path) || detectFileKind(path) == FileKind::Safetensors) {
        StateListing listing = listSafetensorsState(path);
        stripWrapperPrefixes(listing.entries, &StateEntry::name, listing.notes);
        return listing;
    }
    const TorchArchive archive = TorchArchive::open(path);
    return withContext(path.string(), [&] {
        Selection selection = selectTensors(archive.root());
        StateListing listing;
        listing.notes = std::move(selection.notes);
        for (std::size_t i = 0; i < selection.wanted.size(); ++i) {
            const PickleTensor& tensor = *selection.wanted[i].tensor;
            checkedNumel(tensor.sizes, "tensor " + selection.wanted[i].name);
            const bool isQuantized = selection.wanted[i].quantized != nullptr;
            listing.entries.push_back({std::move(selection.names[i]), tensor.sizes,
                                       isQuantized ? quantizedType(tensor.type) : tensor.type});
        }
        return listing;
    });
}

StateDict readStateDict(std::span<const std::byte> content)
{
    return readFrom(TorchArchive::fromBytes(content));
}

} // namespace bitloom::io
