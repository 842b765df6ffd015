// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/script/script_emitter.h"

#include "core/io/script/script_operators.h"
#include "core/io/script/script_rewrites.h"

#include <ATen/core/function_schema.h>

#include <algorithm>
#include <sstream>

namespace bitloom::io::script {
namespace {

std::string firstLine(const char* text)
{
    const std::string all = text;
    return all.substr(0, all.find('\n'));
}

std::string shapesOf(const std::vector<ValuePtr>& inputs)
{
    std::ostringstream out;
    for (const ValuePtr& input : inputs) {
        if (input->isTensor() && input->examples.front().toTensor().defined()) {
            out << (out.tellp() > 0 ? ", " : "") << input->examples.front().toTensor().sizes();
        }
    }
    return out.str();
}

std::string shortName(const std::string& op)
{
    const std::size_t start = op.find("::") + 2;
    return op.substr(start, op.find('.', start) - start);
}

} // namespace

std::string Place::text() const
{
    return (scope.empty() ? std::string("the top-level module") : "module \"" + scope + "\"") +
           (source.empty() ? "" : " (" + source + ")");
}

ScriptEmitter::ScriptEmitter(std::string graphName, std::size_t numRuns)
    : m_numRuns(numRuns), m_builder(std::move(graphName))
{
}

ValuePtr ScriptEmitter::addInput(const std::string& name, const std::vector<at::Tensor>& examples)
{
    auto value = std::make_shared<ScriptValue>();
    value->origin = Origin::Data;
    value->examples.assign(examples.begin(), examples.end());
    value->node = m_builder.addInput(name, examples.front().sizes().vec());
    value->alias = std::make_shared<AliasGroup>();
    return value;
}

ValuePtr ScriptEmitter::stored(const std::string& path, const at::Tensor& tensor, bool isTrained)
{
    if (const auto known = m_storedByPath.find(path); known != m_storedByPath.end()) {
        return known->second;
    }
    ValuePtr& value = m_storedByTensor[tensor.unsafeGetTensorImpl()];
    if (!value) {
        value = std::make_shared<ScriptValue>();
        value->origin = Origin::Weights;
        value->examples.assign(m_numRuns, tensor);
        value->path = path;
        value->isStored = true;
        value->alias = std::make_shared<AliasGroup>();
        value->alias->isState = true;
        value->node = m_builder.addParameter(parameterName(path), tensor, !isTrained);
    }
    m_storedByPath.emplace(path, value);
    return value;
}

ValuePtr ScriptEmitter::constant(const c10::IValue& value, Origin origin) const
{
    return constantValue(value, m_numRuns, origin);
}

std::vector<ValuePtr> ScriptEmitter::call(const std::string& op,
                                          const std::vector<ValuePtr>& inputs, const Place& place)
{
    rememberFirstWeight(op, inputs);
    if (auto rewritten = rewriteCall(*this, op, inputs, place)) {
        return std::move(*rewritten);
    }
    return callAsIs(op, inputs, place);
}

ValuePtr ScriptEmitter::callOne(const std::string& op, const std::vector<ValuePtr>& inputs,
                                const Place& place)
{
    const auto outputs = call(op, inputs, place);
    BITLOOM_ASSERT(outputs.size() == 1);
    return outputs.front();
}

std::vector<std::vector<c10::IValue>>
ScriptEmitter::runExamples(const std::string& op, const std::vector<ValuePtr>& inputs,
                           const Place& place) const
{
    const auto kernel = graph::tryFindOperator(op);
    BITLOOM_REQUIRE(kernel, ErrorCode::Unsupported, place.text(), " calls the operator ", op,
                    ", which this LibTorch does not have");
    const auto& declared = kernel->schema().arguments();
    std::vector<std::vector<c10::IValue>> results(kernel->schema().returns().size());
    for (std::size_t run = 0; run < m_numRuns; ++run) {
        graph::Stack stack;
        for (std::size_t i = 0; i < std::max(declared.size(), inputs.size()); ++i) {
            if (i < inputs.size()) {
                stack.push_back(
                    withContext(place.text(), [&] { return exampleOf(*inputs[i], run); }));
            } else {
                stack.push_back(declared[i].default_value().value_or(c10::IValue()));
            }
        }
        try {
            kernel->call(stack);
        } catch (const c10::Error& error) {
            fail(ErrorCode::ShapeMismatch, place.text(), ": ", op,
                 " does not run on tensors of shape ", shapesOf(inputs), ": ",
                 firstLine(error.what_without_backtrace()));
        } catch (const std::exception& error) {
            fail(ErrorCode::ShapeMismatch, place.text(), ": ", op,
                 " does not run on tensors of shape ", shapesOf(inputs), ": ",
                 firstLine(error.what()));
        }
        BITLOOM_REQUIRE(stack.size() == results.size(), ErrorCode::Internal, op, " returned ",
                        stack.size(), " results, its schema promises ", results.size());
        for (std::size_t k = 0; k < results.size(); ++k) {
            results[k].push_back(std::move(stack[k]));
        }
    }
    return results;
}

std::vector<ValuePtr> ScriptEmitter::callAsIs(const std::string& op,
                                              const std::vector<ValuePtr>& inputs,
                                              const Place& place)
{
    const auto kernel = graph::tryFindOperator(op);
    if (kernel && graph::writesArguments(*kernel)) {
        return callInPlace(op, inputs, place);
    }
    Origin dataOrigin = Origin::Constant;
    Origin shapeOrigin = Origin::Constant;
    for (const ValuePtr& input : inputs) {
        BITLOOM_REQUIRE(input->kind != ScriptValue::Kind::Object &&
                            input->kind != ScriptValue::Kind::Dict,
                        ErrorCode::Unsupported, place.text(), ": ", op, " takes ",
                        input->kind == ScriptValue::Kind::Dict
                            ? "a dictionary"
                            : "a packed (already quantized) weight or another object",
                        ", which a static graph cannot hold; export the model in floating point "
                        "and with tensors only");
        dataOrigin = std::max(dataOrigin, originOf(*input));
        shapeOrigin = std::max(shapeOrigin, numberOrigin(*input));
    }
    BITLOOM_REQUIRE(dataOrigin != Origin::Data || !hasDataShapedResult(op), ErrorCode::Unsupported,
                    place.text(), ": the size of the result of ", op,
                    " depends on the input data, which a static graph cannot express; use "
                    "torch.where or a mask of "
                    "fixed size instead");
    const auto results = runExamples(op, inputs, place);
    const bool random = isRandom(op);
    bool foldable = !random;
    std::vector<Origin> origins;
    for (const auto& examples : results) {
        bool holdsTensor = examples.front().isTensor() || examples.front().isTensorList();
        Origin origin = holdsTensor || readsData(op) ? dataOrigin : shapeOrigin;
        if (random) {
            origin = Origin::Data;
        }
        origins.push_back(origin);
        foldable = foldable && origin <= Origin::Shape && !examples.front().isDevice() &&
                   std::all_of(examples.begin(), examples.end(), [&](const c10::IValue& example) {
                       return isSame(example, examples.front());
                   });
    }
    std::vector<graph::ValueIndex> nodes(results.size(), graph::kNoValue);
    if (!foldable) {
        std::vector<graph::Argument> args;
        for (const ValuePtr& input : inputs) {
            args.push_back(argument(*input, place));
        }
        nodes = withContext(place.text(), [&] {
            return m_builder.addNode(op, std::move(args), place.scope,
                                     valueName(op, place, origins.front() == Origin::Data));
        });
    }
    std::vector<ValuePtr> outputs;
    for (std::size_t k = 0; k < results.size(); ++k) {
        ValuePtr output;
        if (foldable) {
            output = constant(results[k].front(), origins[k]);
        } else {
            output = std::make_shared<ScriptValue>();
            output->origin = origins[k];
            output->examples = results[k];
            output->node = nodes[k];
        }
        if (output->isTensor() || (!foldable && results[k].front().isTensorList())) {
            const auto shared = sharedMemory(results[k].front(), inputs);
            output->alias = shared ? shared : std::make_shared<AliasGroup>();
        }
        outputs.push_back(std::move(output));
    }
    return outputs;
}

std::vector<ValuePtr> ScriptEmitter::callInPlace(const std::string& op,
                                                 const std::vector<ValuePtr>& inputs,
                                                 const Place& place)
{
    const auto twin = graph::functionalVariant(op);
    BITLOOM_REQUIRE(
        twin && !inputs.empty() && inputs.front()->isTensor(), ErrorCode::Unsupported, place.text(),
        ": ", op,
        " changes its argument and has no functional twin, so a static graph cannot express it");
    ScriptValue& target = *inputs.front();
    BITLOOM_REQUIRE(!target.alias->isState, ErrorCode::Unsupported, place.text(), ": ", op,
                    " changes a parameter or buffer of the model (",
                    target.path.empty() ? "a view of it" : target.path,
                    ") while it runs; export the model in eval mode and without state");
    const auto results = call(*twin, inputs, place);
    const ValuePtr& result = results.front();
    if (result == inputs.front()) {
        return {result};
    }
    const std::shared_ptr<AliasGroup> before = target.alias;
    const bool onlyView = result->alias == before;
    for (std::size_t run = 0; run < m_numRuns && !onlyView; ++run) {
        const at::Tensor& was = target.examples[run].toTensor();
        const at::Tensor& is = result->examples[run].toTensor();
        BITLOOM_REQUIRE(was.sizes() == is.sizes() && was.scalar_type() == is.scalar_type(),
                        ErrorCode::Unsupported, place.text(), ": ", op,
                        " changes a tensor of type ", was.scalar_type(), " and shape ", was.sizes(),
                        " in place, but computes type ", is.scalar_type(), " and shape ",
                        is.sizes(), "; use the operator without the underscore");
    }
    target = *result;
    if (!onlyView) {
        before->changedBy = op + " in " + place.text();
        target.alias = std::make_shared<AliasGroup>();
    }
    return {inputs.front()};
}

graph::Argument ScriptEmitter::argument(ScriptValue& value, const Place& place)
{
    if (value.isSequence()) {
        std::vector<graph::Argument> items;
        for (const ValuePtr& item : value.items) {
            items.push_back(argument(*item, place));
        }
        return {std::move(items)};
    }
    if (value.node != graph::kNoValue) {
        return graph::arg(value.node);
    }
    if (!value.isTensor()) {
        return graph::arg(value.examples.front());
    }
    const at::Tensor& tensor = value.examples.front().toTensor();
    if (!tensor.defined()) {
        return graph::argNone();
    }
    value.node = m_builder.addParameter(
        parameterName(place.scope.empty() ? "constant" : place.scope + ".constant"),
        tensor.detach(), true);
    return graph::arg(value.node);
}

void ScriptEmitter::rememberFirstWeight(const std::string& op, const std::vector<ValuePtr>& inputs)
{
    static const std::set<std::string> weighted = {"linear", "embedding", "addmm",
                                                   "mm",     "matmul",    "conv1d",
                                                   "conv2d", "conv3d",    "_convolution"};
    if (!m_firstWeight.op.empty() || !weighted.contains(shortName(op))) {
        return;
    }
    const bool readsInput = std::any_of(inputs.begin(), inputs.end(), [](const ValuePtr& input) {
        return input->origin == Origin::Data;
    });
    const auto weight = std::find_if(inputs.begin(), inputs.end(), [](const ValuePtr& input) {
        return input->isStored && input->isTensor();
    });
    if (!readsInput || weight == inputs.end()) {
        return;
    }
    m_firstWeight.op = shortName(op);
    m_firstWeight.shape = (*weight)->examples.front().toTensor().sizes().vec();
    if (op.find("conv") != std::string::npos && inputs.size() > 3 &&
        inputs[3]->kind == ScriptValue::Kind::List) {
        for (const ValuePtr& item : inputs[3]->items) {
            if (item->isConstant() && item->examples.front().isInt()) {
                m_firstWeight.stride.push_back(item->examples.front().toInt());
            }
        }
    }
}

std::string ScriptEmitter::parameterName(const std::string& wanted)
{
    std::string name = wanted;
    for (int suffix = 1; !m_parameterNames.insert(name).second; ++suffix) {
        name = wanted + "_" + std::to_string(suffix);
    }
    return name;
}

std::string ScriptEmitter::valueName(const std::string& op, const Place& place, bool isActivation)
{
    std::string name = place.scope;
    if (!place.isLeafModule || place.scope.empty() || !isActivation) {
        name += place.scope.empty() ? "" : ".";
        name += shortName(op);
    }
    // Counted here: an unrolled loop gives many values the same wish.
    const std::int64_t earlier = m_valueNames[name]++;
    return earlier == 0 ? name : name + "_" + std::to_string(earlier);
}

bool ScriptEmitter::isGraphInput(const ScriptValue& value) const
{
    if (value.node == graph::kNoValue) {
        return false;
    }
    const auto& inputs = m_builder.current().inputs();
    return std::find(inputs.begin(), inputs.end(), value.node) != inputs.end();
}

void ScriptEmitter::note(Phrase sentence)
{
    if (std::find(m_notes.begin(), m_notes.end(), sentence) == m_notes.end()) {
        m_notes.push_back(std::move(sentence));
    }
}

graph::Graph ScriptEmitter::finish(const std::vector<ValuePtr>& outputs)
{
    std::vector<graph::ValueIndex> values;
    for (const ValuePtr& output : outputs) {
        BITLOOM_REQUIRE(
            output->isTensor(), ErrorCode::Unsupported,
            "the model returns something that is not a tensor; let forward return tensors only");
        exampleOf(*output, 0);
        values.push_back(argument(*output, {}).value());
    }
    return m_builder.finish(values);
}

} // namespace bitloom::io::script
