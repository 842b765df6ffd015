// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/script/script_shape_rewrites.h"

#include <ATen/core/jit_type.h>
#include <ATen/ops/_local_scalar_dense.h>

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace bitloom::io::script {
namespace {

using Inputs = std::vector<ValuePtr>;
using Result = std::optional<std::vector<ValuePtr>>;

ValuePtr wholeNumber(const ScriptEmitter& emitter, const ValuePtr& value)
{
    if (value->number) {
        return value->number->examples.front().isInt() ? value->number : nullptr;
    }
    if (!value->isTensor()) {
        return value->isConstant() && value->examples.front().isInt() ? value : nullptr;
    }
    const at::Tensor& tensor = value->examples.front().toTensor();
    const bool isKnown = value->origin <= Origin::Shape && value->isConstant();
    if (!isKnown || tensor.dim() != 0 || tensor.scalar_type() != at::kLong) {
        return nullptr;
    }
    return emitter.constant(at::_local_scalar_dense(tensor).toLong(), value->origin);
}

} // namespace

/// The list of a tensor's sizes: numbers where the batch does not matter, values of the graph where
/// it does.
Result size(ScriptEmitter& emitter, const std::string&, const Inputs& inputs, const Place& place)
{
    Inputs sizes;
    const auto dims = inputs[0]->examples.front().toTensor().dim();
    for (std::int64_t dim = 0; dim < dims; ++dim) {
        sizes.push_back(
            emitter.callOne("aten::size.int", {inputs[0], emitter.constant(dim)}, place));
    }
    return Inputs{
        sequenceValue(ScriptValue::Kind::List, std::move(sizes), c10::ListType::ofInts())};
}

/// All sizes of a view are known but the one of the batch, which -1 stands for.
Result view(ScriptEmitter& emitter, const std::string& op, const Inputs& inputs, const Place& place)
{
    if (inputs[1]->kind != ScriptValue::Kind::List || originOf(*inputs[1]) == Origin::Data) {
        return std::nullopt;
    }
    const auto result = emitter.runExamples(op, inputs, place).front();
    const at::Tensor& first = result.front().toTensor();
    std::vector<std::int64_t> sizes = first.sizes().vec();
    std::size_t changing = 0;
    for (std::size_t dim = 0; dim < sizes.size(); ++dim) {
        for (const c10::IValue& other : result) {
            if (other.toTensor().size(static_cast<std::int64_t>(dim)) !=
                first.size(static_cast<std::int64_t>(dim))) {
                sizes[dim] = -1;
            }
        }
        changing += sizes[dim] == -1 ? 1 : 0;
    }
    if (changing > 1 || first.numel() == 0) {
        return std::nullopt;
    }
    return emitter.callAsIs(op, {inputs[0], emitter.constant(sizes)}, place);
}

/// A number that becomes a tensor and a number again is the number itself.
Result numberToTensor(ScriptEmitter& emitter, const std::string& op, const Inputs& inputs,
                      const Place& place)
{
    auto outputs = emitter.callAsIs(op, inputs, place);
    outputs.front()->number = inputs.front();
    return outputs;
}

Result tensorToNumber(ScriptEmitter&, const std::string&, const Inputs& inputs, const Place&)
{
    const ValuePtr& number = inputs.front()->number;
    if (!number || !number->examples.front().isInt()) {
        return std::nullopt;
    }
    return Inputs{number};
}

/// Tracing records a number beside a tensor as a 0-dim tensor.
Result scalarOperand(ScriptEmitter& emitter, const std::string& op, const Inputs& inputs,
                     const Place& place)
{
    const ValuePtr& number = inputs[1];
    if (!op.ends_with(".Tensor") || !inputs[0]->isTensor() || !number->isTensor() ||
        !number->isConstant() || number->origin != Origin::Constant) {
        return std::nullopt;
    }
    const at::Tensor& tensor = inputs[0]->examples.front().toTensor();
    const at::Tensor& scalar = number->examples.front().toTensor();
    // Only then are the types of the results the same, whether the number is a tensor or not.
    if (!tensor.is_floating_point() || tensor.dim() == 0 || scalar.dim() != 0 ||
        scalar.is_complex()) {
        return std::nullopt;
    }
    Inputs canonical = inputs;
    canonical[1] = emitter.constant(at::_local_scalar_dense(scalar));
    return emitter.callAsIs(op.substr(0, op.rfind('.')) + ".Scalar", canonical, place);
}

/// Arithmetic on sizes that tracing records on 0-dim tensors, done on the numbers as well.
Result sizeArithmetic(ScriptEmitter& emitter, const std::string& op, const Inputs& inputs,
                      const Place& place)
{
    static const std::unordered_map<std::string, std::string> numberOps = {
        {"aten::mul.Tensor", "aten::mul.int"},
        {"aten::add.Tensor", "aten::add.int"},
        {"aten::sub.Tensor", "aten::sub.int"},
        // Sizes are not negative: truncating and flooring agree.
        {"aten::floor_divide", "aten::floordiv.int"},
        {"aten::div.Tensor_mode", "aten::floordiv.int"},
    };
    const ValuePtr left = wholeNumber(emitter, inputs[0]);
    const ValuePtr right = wholeNumber(emitter, inputs[1]);
    if (!left || !right || (!inputs[0]->number && !inputs[1]->number)) {
        return scalarOperand(emitter, op, inputs, place);
    }
    const bool scaled =
        inputs.size() > 2 && inputs[2]->isConstant() &&
        !(inputs[2]->examples.front().isInt() && inputs[2]->examples.front().toInt() == 1) &&
        !(inputs[2]->examples.front().isString());
    if (scaled) {
        return std::nullopt;
    }
    auto outputs = emitter.callAsIs(op, inputs, place);
    if (outputs.front()->examples.front().toTensor().scalar_type() == at::kLong) {
        outputs.front()->number = emitter.callOne(numberOps.at(op), {left, right}, place);
    }
    return outputs;
}

Result identityIfSame(ScriptEmitter& emitter, const std::string& op, const Inputs& inputs,
                      const Place& place)
{
    const auto results = emitter.runExamples(op, inputs, place);
    for (std::size_t run = 0; run < emitter.numRuns(); ++run) {
        if (!results.front()[run].toTensor().is_same(inputs.front()->examples[run].toTensor())) {
            return std::nullopt;
        }
    }
    return Inputs{inputs.front()};
}

/// The pieces of split, chunk and unbind as slices, if they do not depend on the batch size.
Result pieces(ScriptEmitter& emitter, const std::string& op, const Inputs& inputs,
              const Place& place)
{
    const bool isUnbind = op == "aten::unbind.int";
    const ValuePtr& dimension = inputs[isUnbind ? 1 : 2];
    if (!dimension->isConstant() || !dimension->examples.front().isInt()) {
        return std::nullopt;
    }
    const auto results = emitter.runExamples(op, inputs, place).front();
    const std::int64_t rank = inputs[0]->examples.front().toTensor().dim();
    std::int64_t dim = dimension->examples.front().toInt();
    dim = dim < 0 ? dim + rank : dim;
    const auto lengths = [&](const c10::IValue& list) {
        std::vector<std::int64_t> all;
        for (const c10::IValue& piece : list.toListRef()) {
            all.push_back(isUnbind ? 1 : piece.toTensor().size(dim));
        }
        return all;
    };
    const std::vector<std::int64_t> known = lengths(results.front());
    if (std::any_of(results.begin(), results.end(),
                    [&](const c10::IValue& list) { return lengths(list) != known; })) {
        return std::nullopt;
    }
    Inputs items;
    std::int64_t start = 0;
    for (const std::int64_t length : known) {
        if (isUnbind) {
            items.push_back(emitter.callOne(
                "aten::select.int", {inputs[0], emitter.constant(dim), emitter.constant(start)},
                place));
        } else {
            items.push_back(
                emitter.callOne("aten::slice.Tensor",
                                {inputs[0], emitter.constant(dim), emitter.constant(start),
                                 emitter.constant(start + length), emitter.constant(1)},
                                place));
        }
        start += length;
    }
    return Inputs{
        sequenceValue(ScriptValue::Kind::List, std::move(items), c10::ListType::ofTensors())};
}

/// A slice over the whole dimension is the tensor itself; open ends are spelled as numbers.
Result slice(ScriptEmitter& emitter, const std::string& op, const Inputs& inputs,
             const Place& place)
{
    if (inputs.size() != 5 || !inputs[2]->isConstant() || !inputs[3]->isConstant() ||
        !inputs[4]->isConstant()) {
        return std::nullopt;
    }
    constexpr std::int64_t open = std::numeric_limits<std::int64_t>::max();
    const auto bound = [](const ValuePtr& value, std::int64_t fallback) {
        return value->examples.front().isNone() ? fallback : value->examples.front().toInt();
    };
    const std::int64_t start = bound(inputs[2], 0);
    const std::int64_t end = bound(inputs[3], open);
    if (start == 0 && end == open && inputs[4]->examples.front().toInt() == 1) {
        return Inputs{inputs[0]};
    }
    return emitter.callAsIs(
        op, {inputs[0], inputs[1], emitter.constant(start), emitter.constant(end), inputs[4]},
        place);
}

} // namespace bitloom::io::script
