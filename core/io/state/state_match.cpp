// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/state_match.h"

#include "core/base/text.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace bitloom::io {

namespace {

/// Adds "3 missing: a, b, c" to what was said before.
void append(Phrase& said, PhraseId kind, std::vector<Phrase> names, std::size_t shown)
{
    if (names.empty()) {
        return;
    }
    std::string count = std::to_string(names.size());
    if (names.size() > shown) {
        names.resize(shown);
        names.emplace_back("...");
    }
    Phrase sentence(kind, {std::move(count), {PhraseId::List, std::move(names)}});
    said = said.empty() ? std::move(sentence)
                        : Phrase(PhraseId::Also, {std::move(said), std::move(sentence)});
}

} // namespace

Phrase StateMismatch::phrase(std::size_t shownNames) const
{
    std::vector<Phrase> shapes;
    for (const WrongShape& wrong : misshapen) {
        shapes.push_back({PhraseId::WrongShape,
                          {wrong.name, shapeText(wrong.found), shapeText(wrong.expected)}});
    }
    Phrase said;
    append(said, PhraseId::NamesMissing, {missing.begin(), missing.end()}, shownNames);
    append(said, PhraseId::NamesUnexpected, {unexpected.begin(), unexpected.end()}, shownNames);
    append(said, PhraseId::NamesMisshapen, shapes, shownNames);
    return said;
}

StateMismatch compareNames(std::span<const ExpectedTensor> expected,
                           std::span<const ExpectedTensor> found)
{
    std::map<std::string_view, const ExpectedTensor*> left;
    for (const ExpectedTensor& tensor : found) {
        left.emplace(tensor.name, &tensor);
    }
    StateMismatch mismatch;
    for (const ExpectedTensor& want : expected) {
        const auto entry = left.extract(want.name);
        if (entry.empty()) {
            mismatch.missing.push_back(want.name);
        } else if (entry.mapped()->shape != want.shape) {
            mismatch.misshapen.push_back({want.name, want.shape, entry.mapped()->shape});
        }
    }
    for (const ExpectedTensor& tensor : found) {
        if (left.contains(tensor.name)) {
            mismatch.unexpected.push_back(tensor.name);
        }
    }
    return mismatch;
}

StateMismatch compareNames(std::span<const ExpectedTensor> expected, const StateDict& state)
{
    std::vector<ExpectedTensor> found;
    for (const auto& [name, tensor] : state.tensors) {
        found.push_back({name, tensor.sizes().vec()});
    }
    return compareNames(expected, found);
}

} // namespace bitloom::io
