// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/state_match.h"

#include "core/base/text.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace bitloom::io {

namespace {

void appendList(std::string& text, std::string_view kind, const std::vector<std::string>& names,
                std::size_t shown)
{
    if (names.empty()) {
        return;
    }
    text +=
        (text.empty() ? "" : "; ") + std::to_string(names.size()) + " " + std::string(kind) + ": ";
    for (std::size_t i = 0; i < std::min(names.size(), shown); ++i) {
        text += (i == 0 ? "" : ", ") + names[i];
    }
    if (names.size() > shown) {
        text += ", ...";
    }
}

} // namespace

std::string StateMismatch::text(std::size_t shownNames) const
{
    std::vector<std::string> shapes;
    for (const WrongShape& wrong : misshapen) {
        shapes.push_back(wrong.name + " is " + shapeText(wrong.found) + ", expected " +
                         shapeText(wrong.expected));
    }
    std::string text;
    appendList(text, "missing", missing, shownNames);
    appendList(text, "unexpected", unexpected, shownNames);
    appendList(text, "of another shape", shapes, shownNames);
    return text;
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
