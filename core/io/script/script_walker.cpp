// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/script/script_walker.h"

#include "core/io/script/script_attributes.h"
#include "core/io/script/script_plumbing.h"

#include <ATen/core/class_type.h>
#include <ATen/core/function_schema.h>
#include <ATen/core/jit_type.h>
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/ir/constants.h>

#include <algorithm>

namespace bitloom::io::script {
namespace {

namespace prim = c10::prim;
namespace jit = torch::jit;

std::string sourceOf(const jit::Node& node)
{
    const jit::SourceRange range = node.sourceRange();
    const auto original = range.findSourceRangeThatGenerated();
    const auto position = original ? original->file_line_col() : range.file_line_col();
    if (!position) {
        return "";
    }
    const auto& [file, line, column] = *position;
    return file.substr(file.find_last_of('/') + 1) + ":" + std::to_string(line);
}

bool hasChildModules(const c10::IValue& object)
{
    const auto type = object.toObjectRef().type();
    for (std::size_t i = 0; i < type->numAttributes(); ++i) {
        if (type->getAttribute(i)->is_module()) {
            return true;
        }
    }
    return false;
}

std::string operatorName(const c10::FunctionSchema& schema)
{
    return schema.overload_name().empty() ? schema.name()
                                          : schema.name() + "." + schema.overload_name();
}

} // namespace

ValuePtr ScriptWalker::callMethod(const ValuePtr& self, const std::string& method,
                                  std::vector<ValuePtr> arguments, const Place& place)
{
    BITLOOM_REQUIRE(self->kind == ScriptValue::Kind::Object, ErrorCode::Unsupported, place.text(),
                    " calls ", method, "() of something that is not a module");
    const c10::IValue& object = self->examples.front();
    jit::Function* function = object.toObjectRef().type()->findMethod(method);
    BITLOOM_REQUIRE(function != nullptr && jit::tryToGraphFunction(*function) != nullptr,
                    ErrorCode::Unsupported, place.text(), " calls ", method,
                    "(), which is not TorchScript code (a packed or custom class)");
    arguments.insert(arguments.begin(), self);
    const Place inside{self->path, place.source, !hasChildModules(object)};
    return callFunction(*function, arguments, inside);
}

ValuePtr ScriptWalker::callFunction(jit::Function& function, const Values& arguments,
                                    const Place& place)
{
    BITLOOM_REQUIRE(m_depth < kMaxDepth, ErrorCode::Unsupported, place.text(),
                    ": calls are nested more than ", kMaxDepth, " deep");
    const auto graph = jit::toGraphFunction(function).graph();
    BITLOOM_REQUIRE(graph->inputs().size() == arguments.size(), ErrorCode::Unsupported,
                    place.text(), ": ", function.name(), " takes ", graph->inputs().size(),
                    " arguments, ", arguments.size(), " were given");
    Frame frame{{}, place};
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        frame.values[graph->inputs()[i]] = arguments[i];
    }
    ++m_depth;
    walkBlock(*graph->block(), frame);
    --m_depth;
    const Values outputs = read(const_cast<const jit::Graph&>(*graph).outputs(), frame);
    return outputs.empty() ? m_emitter.constant(c10::IValue()) : outputs.front();
}

void ScriptWalker::walkBlock(const jit::Block& block, Frame& frame)
{
    for (const jit::Node* node : block.nodes()) {
        walkNode(*node, frame);
    }
}

void ScriptWalker::walkNode(const jit::Node& node, Frame& frame)
{
    BITLOOM_REQUIRE(++m_steps <= kMaxSteps, ErrorCode::Unsupported, frame.place.text(),
                    ": the model takes more than ", kMaxSteps,
                    " steps when its loops are unrolled; a static graph of it would not be usable");
    if (std::string source = sourceOf(node); !source.empty()) {
        frame.place.source = std::move(source);
    }
    const Values outputs = evaluate(node, read(node.inputs(), frame), frame);
    BITLOOM_REQUIRE(outputs.size() >= node.outputs().size(), ErrorCode::Unsupported,
                    frame.place.text(), ": ", node.kind().toQualString(), " gives ", outputs.size(),
                    " values where ", node.outputs().size(), " are used");
    for (std::size_t i = 0; i < node.outputs().size(); ++i) {
        frame.values[node.outputs()[i]] = outputs[i];
    }
}

ScriptWalker::Values ScriptWalker::read(const jit::ArrayRef<const jit::Value*>& values,
                                        const Frame& frame) const
{
    Values result;
    for (const jit::Value* value : values) {
        const auto found = frame.values.find(value);
        BITLOOM_REQUIRE(found != frame.values.end(), ErrorCode::CorruptFile, frame.place.text(),
                        " reads the value ", value->debugName(), " before it exists");
        result.push_back(found->second);
    }
    return result;
}

ScriptWalker::Values ScriptWalker::evaluate(const jit::Node& node, const Values& inputs,
                                            Frame& frame)
{
    const Place& place = frame.place;
    switch (node.kind()) {
    case prim::Constant:
        return evaluateConstant(node, frame);
    case prim::GetAttr:
        return {readAttribute(m_emitter, *inputs[0], node.s(c10::attr::name), place)};
    case prim::CallMethod:
        return {callMethod(inputs[0], node.s(c10::attr::name),
                           Values(inputs.begin() + 1, inputs.end()), place)};
    case prim::CallFunction: {
        jit::Function* function =
            node.inputs()[0]->type()->expectRef<c10::FunctionType>().function();
        BITLOOM_REQUIRE(jit::tryToGraphFunction(*function) != nullptr, ErrorCode::Unsupported,
                        place.text(), " calls ", function->name(),
                        "(), which is not TorchScript code");
        return {callFunction(*function, Values(inputs.begin() + 1, inputs.end()), place)};
    }
    case prim::If:
        return evaluateBranch(node, inputs[0], frame);
    case prim::Loop:
        return evaluateLoop(node, inputs, frame);
    case prim::ListConstruct:
        return {sequenceValue(ScriptValue::Kind::List, inputs, node.outputs()[0]->type())};
    case prim::TupleConstruct:
        return {sequenceValue(ScriptValue::Kind::Tuple, inputs, node.outputs()[0]->type())};
    case prim::DictConstruct: {
        ValuePtr dict = sequenceValue(ScriptValue::Kind::Dict, {}, node.outputs()[0]->type());
        for (std::size_t i = 0; i + 1 < inputs.size(); i += 2) {
            dict->keys.push_back(knownValue(*inputs[i], "the key of a dictionary", place));
            dict->items.push_back(inputs[i + 1]);
        }
        return {dict};
    }
    case prim::ListUnpack: {
        // Of the sizes of a tensor, as in "b, c, h, w = x.shape": what fits depends on the input.
        Values items = itemsOf(m_emitter, inputs[0], place);
        BITLOOM_REQUIRE(items.size() == node.outputs().size(), ErrorCode::ShapeMismatch,
                        place.text(), " takes ", node.outputs().size(),
                        " values from a list that has ", items.size(),
                        ", such as the sizes of a tensor with other dimensions");
        return items;
    }
    case prim::TupleUnpack:
        return itemsOf(m_emitter, inputs[0], place);
    case prim::TupleIndex: {
        const Values items = itemsOf(m_emitter, inputs[0], place);
        std::int64_t index = knownValue(*inputs[1], "the position in a tuple", place).toInt();
        index = index < 0 ? index + static_cast<std::int64_t>(items.size()) : index;
        BITLOOM_REQUIRE(index >= 0 && index < static_cast<std::int64_t>(items.size()),
                        ErrorCode::ShapeMismatch, place.text(), " reads item ", index,
                        " of a tuple of ", items.size());
        return {items[static_cast<std::size_t>(index)]};
    }
    case prim::TupleSlice: {
        const Values items = itemsOf(m_emitter, inputs[0], place);
        const auto count = static_cast<std::int64_t>(items.size());
        const std::int64_t begin = std::clamp(node.i(c10::attr::beg), std::int64_t{0}, count);
        const std::int64_t end = std::clamp(node.i(c10::attr::end), begin, count);
        return {sequenceValue(ScriptValue::Kind::Tuple,
                              Values(items.begin() + begin, items.begin() + end),
                              node.outputs()[0]->type())};
    }
    case prim::unchecked_cast:
    case prim::unchecked_unwrap_optional:
        return {inputs[0]};
    case prim::isinstance:
        return evaluateIsInstance(node, inputs[0]);
    case prim::Uninitialized:
        return {m_emitter.constant(c10::IValue())};
    case prim::Print:
        m_emitter.note({PhraseId::PrintLeftOut, {place.text()}});
        return {};
    case prim::RaiseException: {
        const c10::IValue message = exampleOf(*inputs[0], 0);
        fail(ErrorCode::ShapeMismatch, place.text(),
             ": the model itself raises an exception for this input",
             message.isString() ? ": " + message.toStringRef() : std::string());
    }
    case prim::SetAttr:
        fail(ErrorCode::Unsupported, place.text(), " assigns to its attribute \"",
             node.s(c10::attr::name),
             "\" in forward; a static graph has no state: return the value instead, or trace the "
             "module");
    case prim::fork:
    case prim::awaitable:
        fail(ErrorCode::Unsupported, place.text(),
             " starts an asynchronous task; call the function directly");
    case prim::PythonOp:
        fail(ErrorCode::Unsupported, place.text(),
             " calls Python code, which the file does not hold");
    default:
        return evaluateOperator(node, inputs, frame);
    }
}

ScriptWalker::Values ScriptWalker::evaluateConstant(const jit::Node& node, const Frame& frame) const
{
    const jit::Value* output = node.outputs()[0];
    if (output->type()->kind() == c10::TypeKind::FunctionType) {
        return {m_emitter.constant(c10::IValue())};
    }
    const auto value = jit::toIValue(output);
    BITLOOM_REQUIRE(value.has_value(), ErrorCode::Unsupported, frame.place.text(),
                    " holds a constant of type ", output->type()->str(),
                    ", which Bitloom does not read");
    return {m_emitter.constant(*value)};
}

ScriptWalker::Values ScriptWalker::evaluateOperator(const jit::Node& node, const Values& inputs,
                                                    const Frame& frame)
{
    const Place& place = frame.place;
    const std::string kind = node.kind().toQualString();
    if (kind == "aten::_unwrap_optional") {
        return {inputs[0]};
    }
    if (kind == "aten::warn") {
        return {};
    }
    if (auto moved = plumbing(m_emitter, kind, inputs, place)) {
        return std::move(*moved);
    }
    if (kind == "aten::__getitem__" && inputs.front()->kind == ScriptValue::Kind::Plain &&
        inputs.front()->examples.front().isList()) {
        knownValue(*inputs[1], "the position in a list", place);
    }
    const c10::FunctionSchema* schema = node.maybeSchema();
    BITLOOM_REQUIRE(
        schema != nullptr, ErrorCode::Unsupported, place.text(), " uses ", kind,
        ", which cannot be part of a static graph; trace the module with torch.jit.trace");
    if (schema->is_vararg()) {
        graph::Stack stack;
        for (const ValuePtr& input : inputs) {
            BITLOOM_REQUIRE(originOf(*input) != Origin::Data, ErrorCode::Unsupported, place.text(),
                            ": ", kind, " reads the data of a tensor; remove it from forward");
            stack.push_back(exampleOf(*input, 0));
        }
        stack.emplace_back(static_cast<std::int64_t>(inputs.size()));
        node.getOperation()(stack);
        return {m_emitter.constant(stack.back(), Origin::Shape)};
    }
    return m_emitter.call(operatorName(*schema), inputs, place);
}

ScriptWalker::Values ScriptWalker::evaluateBranch(const jit::Node& node, const ValuePtr& condition,
                                                  Frame& frame)
{
    const Place place = frame.place;
    const bool taken = knownValue(*condition, "a branch (if)", place).toBool();
    m_resolvedBranches += condition->origin == Origin::Constant ? 0 : 1;
    const jit::Block& block = *node.blocks()[taken ? 0 : 1];
    walkBlock(block, frame);
    return read(block.outputs(), frame);
}

ScriptWalker::Values ScriptWalker::evaluateLoop(const jit::Node& node, const Values& inputs,
                                                Frame& frame)
{
    const Place place = frame.place;
    const std::int64_t limit =
        knownValue(*inputs[0], "the number of rounds of a loop", place).toInt();
    bool goOn = knownValue(*inputs[1], "the condition of a loop", place).toBool();
    const jit::Block& body = *node.blocks()[0];
    Values carried(inputs.begin() + 2, inputs.end());
    for (std::int64_t round = 0; round < limit && goOn; ++round) {
        BITLOOM_REQUIRE(++m_steps <= kMaxSteps, ErrorCode::Unsupported, place.text(),
                        ": a loop of ", limit, " rounds is too long to be unrolled");
        frame.values[body.inputs()[0]] = m_emitter.constant(round);
        for (std::size_t i = 0; i < carried.size(); ++i) {
            frame.values[body.inputs()[i + 1]] = carried[i];
        }
        walkBlock(body, frame);
        carried = read(body.outputs(), frame);
        goOn = knownValue(*carried.front(), "the condition of a loop", place).toBool();
        carried.erase(carried.begin());
    }
    return carried;
}

ScriptWalker::Values ScriptWalker::evaluateIsInstance(const jit::Node& node,
                                                      const ValuePtr& value) const
{
    const c10::TypePtr type = exampleOf(*value, 0).type();
    const auto& wanted = node.tys(c10::attr::types);
    const bool matches =
        std::any_of(wanted.begin(), wanted.end(),
                    [&](const c10::TypePtr& candidate) { return type->isSubtypeOf(*candidate); });
    return {m_emitter.constant(matches)};
}

} // namespace bitloom::io::script
