// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/pickle_tensors.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <algorithm>
#include <set>
#include <span>

namespace bitloom::io {

namespace {
constexpr std::size_t kMaxNamesInText = 10;
} // namespace

std::string_view kindOf(const PickleValue& value)
{
    if (const auto* sequence = value.node<PickleSequence>()) {
        return sequence->kind == PickleSequence::Kind::Tuple  ? "a tuple"
               : sequence->kind == PickleSequence::Kind::List ? "a list"
                                                              : "a set";
    }
    if (value.node<PickleTensor>() != nullptr) {
        return "a single tensor";
    }
    return value.node<PickleDict>() != nullptr ? "a dict" : "a plain value";
}

bool isTensorLike(const PickleValue& value)
{
    const auto* opaque = value.node<PickleOpaque>();
    return value.node<PickleTensor>() != nullptr || value.node<PickleQuantized>() != nullptr ||
           (opaque != nullptr && opaque->kind == PickleOpaque::Kind::SparseTensor);
}

bool holdsTensors(const PickleDict& dict)
{
    return std::any_of(dict.items.begin(), dict.items.end(),
                       [](const auto& item) { return isTensorLike(item.second); });
}

const PickleValue* findEntry(const PickleDict& dict, std::string_view name)
{
    const auto found = std::find_if(dict.items.begin(), dict.items.end(),
                                    [&](const auto& item) { return item.first.text() == name; });
    return found == dict.items.end() ? nullptr : &found->second;
}

std::vector<std::string> namesOf(const PickleDict& dict)
{
    std::vector<std::string> names;
    for (const auto& item : dict.items) {
        names.emplace_back(item.first.text().value_or("(not a text)"));
    }
    return names;
}

Phrase listOfNames(const std::vector<std::string>& names)
{
    const std::size_t shown = std::min(names.size(), kMaxNamesInText);
    Phrase list = enumerated(std::span(names).first(shown));
    return names.size() > shown
               ? Phrase(PhraseId::NamesAndMore, {list, std::to_string(names.size() - shown)})
               : list;
}

std::string listNames(const std::vector<std::string>& names)
{
    return textOf(listOfNames(names));
}

TensorEntries tensorEntries(const PickleDict& dict)
{
    TensorEntries entries;
    std::set<std::string_view> seen;
    for (const auto& [key, value] : dict.items) {
        const auto name = key.text();
        if (!isTensorLike(value)) {
            entries.ignored.emplace_back(name.value_or("(not a text)"));
            continue;
        }
        BITLOOM_REQUIRE(name.has_value(), ErrorCode::CorruptFile, "a tensor's name is no text");
        BITLOOM_REQUIRE(seen.insert(*name).second, ErrorCode::CorruptFile, "the name ", *name,
                        " occurs twice");
        if (const auto* opaque = value.node<PickleOpaque>()) {
            fail(ErrorCode::Unsupported, "tensor ", *name, " is ", opaque->what,
                 ", which is not supported; save its to_dense()");
        }
        const auto* quantized = value.node<PickleQuantized>();
        entries.wanted.push_back(
            {std::string(*name),
             quantized == nullptr ? value.node<PickleTensor>() : quantized->codes, quantized});
    }
    return entries;
}

} // namespace bitloom::io
