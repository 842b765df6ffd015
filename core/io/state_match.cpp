// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state_match.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace bitloom::io {

namespace {

constexpr std::size_t kShown = 10;

std::string shapeText(std::span<const std::int64_t> shape)
{
    std::string text = "(";
    for (std::size_t i = 0; i < shape.size(); ++i) {
        text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
    }
    return text + ")";
}

void appendList(std::string& text, std::string_view kind, const std::vector<std::string>& names)
{
    if (names.empty()) {
        return;
    }
    text +=
        (text.empty() ? "" : "; ") + std::to_string(names.size()) + " " + std::string(kind) + ": ";
    for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i) {
        text += (i == 0 ? "" : ", ") + names[i];
    }
    if (names.size() > kShown) {
        text += ", ...";
    }
}

} // namespace

std::string StateMismatch::text() const
{
    std::vector<std::string> shapes;
    for (const WrongShape& wrong : misshapen) {
        shapes.push_back(wrong.name + " is " + shapeText(wrong.found) + ", expected " +
                         shapeText(wrong.expected));
    }
    std::string text;
    appendList(text, "missing", missing);
    appendList(text, "unexpected", unexpected);
    appendList(text, "of another shape", shapes);
    return text;
}

StateMismatch compareNames(std::span<const ExpectedTensor> expected, const StateDict& state)
{
    std::map<std::string_view, const at::Tensor*> found;
    for (const auto& [name, tensor] : state.tensors) {
        found.emplace(name, &tensor);
    }
    StateMismatch mismatch;
    for (const ExpectedTensor& want : expected) {
        const auto entry = found.extract(want.name);
        if (entry.empty()) {
            mismatch.missing.push_back(want.name);
        } else if (const at::IntArrayRef sizes = entry.mapped()->sizes();
                   sizes != at::IntArrayRef(want.shape)) {
            mismatch.misshapen.push_back({want.name, want.shape, sizes.vec()});
        }
    }
    for (const auto& entry : state.tensors) {
        if (found.contains(entry.first)) {
            mismatch.unexpected.push_back(entry.first);
        }
    }
    return mismatch;
}

} // namespace bitloom::io
