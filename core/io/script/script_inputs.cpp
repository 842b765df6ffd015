// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/script/script_inputs.h"

#include "core/base/text.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/function_schema.h>
#include <ATen/core/jit_type.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/jit/api/function_impl.h>

#include <algorithm>
#include <sstream>

namespace bitloom::io::script {
namespace {

constexpr std::uint64_t kExampleSeed = 42;

bool isTensorType(c10::TypePtr type)
{
    if (type->kind() == c10::TypeKind::OptionalType) {
        type = type->expectRef<c10::OptionalType>().getElementType();
    }
    return type->kind() == c10::TypeKind::TensorType;
}

/// forward's arguments without self.
std::vector<c10::Argument> forwardArguments(const torch::jit::Module& module)
{
    const auto& all = module.get_method("forward").function().getSchema().arguments();
    return {all.begin() + 1, all.end()};
}

std::string shapeText(const std::vector<std::int64_t>& shape)
{
    std::ostringstream out;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        out << (i == 0 ? "" : "x") << shape[i];
    }
    return out.str();
}

at::ScalarType floatTypeOf(const torch::jit::Module& module)
{
    for (const at::Tensor& parameter : module.parameters()) {
        if (parameter.defined() && parameter.is_floating_point()) {
            return parameter.scalar_type();
        }
    }
    return at::kFloat;
}

/// What torch.jit.trace was given: the file's loader puts it into the types of forward's inputs.
std::optional<InputPlan> tracedInputs(const torch::jit::Module& module)
{
    const auto graph = torch::jit::toGraphFunction(module.get_method("forward").function()).graph();
    InputPlan plan;
    for (std::size_t i = 1; i < graph->inputs().size(); ++i) {
        const auto type = graph->inputs()[i]->type()->cast<c10::TensorType>();
        const auto sizes = type ? type->sizes().concrete_sizes() : std::nullopt;
        if (!sizes || !type->scalarType()) {
            break;
        }
        plan.inputs.push_back({*sizes, *type->scalarType()});
    }
    if (plan.inputs.empty()) {
        return std::nullopt;
    }
    plan.source = {PhraseId::TracedShape, {shapeText(plan.inputs.front().shape)}};
    return plan;
}

} // namespace

InputPlan InputPlan::withBatch(std::int64_t batch) const
{
    InputPlan changed = *this;
    for (Input& input : changed.inputs) {
        if (!input.shape.empty()) {
            input.shape.front() = batch;
        }
    }
    return changed;
}

InputGuess::InputGuess(const torch::jit::Module& module,
                       const std::vector<std::vector<std::int64_t>>& given,
                       std::vector<std::int64_t> likely)
    : m_likely(std::move(likely)), m_floatType(floatTypeOf(module))
{
    std::size_t needed = 0;
    std::size_t accepted = 0;
    const auto arguments = forwardArguments(module);
    for (const c10::Argument& argument : arguments) {
        const bool isTensor = isTensorType(argument.type());
        BITLOOM_REQUIRE(isTensor || argument.default_value().has_value(), ErrorCode::Unsupported,
                        "forward needs the argument \"", argument.name(), "\" of type ",
                        argument.type()->str(),
                        "; only tensors can be inputs of the graph: wrap the module so that "
                        "forward takes tensors");
        needed += argument.default_value().has_value() ? 0 : 1;
        accepted += isTensor ? 1 : 0;
    }
    const auto traced = tracedInputs(module);
    if (!given.empty()) {
        BITLOOM_REQUIRE(given.size() >= needed && given.size() <= accepted,
                        ErrorCode::InvalidArgument, "forward takes ", needed, " tensors, ",
                        given.size(), " input shapes were given");
        InputPlan plan;
        for (std::size_t i = 0; i < given.size(); ++i) {
            const bool known = traced && i < traced->inputs.size();
            plan.inputs.push_back({given[i], known ? traced->inputs[i].type : m_floatType});
        }
        m_queue.push_back(std::move(plan));
        return;
    }
    if (traced && traced->inputs.size() >= needed && traced->inputs.size() <= accepted) {
        m_queue.push_back(*traced);
        return;
    }
    BITLOOM_REQUIRE(
        needed == 1, ErrorCode::Unsupported, "forward takes ", needed,
        " tensors, whose shapes are not in the file; save it with torch.jit.trace(model, (first, "
        "second)), which records them");
    m_isGuessing = true;
    // Too small for any network, but enough to see which weight the input meets first.
    queue({1}, m_floatType);
}

void InputGuess::queue(std::vector<std::int64_t> shape, at::ScalarType type)
{
    const Phrase source(PhraseId::GuessedShape, {shapeText(shape)});
    m_queue.push_back({{{std::move(shape), type}}, source});
}

void InputGuess::queueGuesses(const ScriptEmitter::FirstWeight& weight)
{
    const auto& shape = weight.shape;
    if (!m_likely.empty()) {
        queue(m_likely, weight.op == "embedding" ? at::kLong : m_floatType);
    }
    if (weight.op == "embedding") {
        queue({1, 16}, at::kLong);
    } else if (weight.op.starts_with("conv") && shape.size() == 4) {
        const bool shrinks =
            std::any_of(weight.stride.begin(), weight.stride.end(), [](auto s) { return s > 1; });
        std::vector<std::int64_t> sides = {224, 32, 28};
        if (shape[1] == 1) {
            sides = {28, 32, 224};
        } else if (!shrinks && shape[0] <= 32) {
            sides = {32, 224, 28}; // narrow first layer at full resolution: made for small images
        }
        for (const std::int64_t side : sides) {
            queue({1, shape[1], side, side}, m_floatType);
        }
    } else if (weight.op.starts_with("conv") && shape.size() == 3) {
        queue({1, shape[1], 128}, m_floatType);
        queue({1, shape[1], 1024}, m_floatType);
    } else if (weight.op.starts_with("conv") && shape.size() == 5) {
        queue({1, shape[1], 16, 112, 112}, m_floatType);
    } else if (weight.op == "linear" && shape.size() == 2) {
        queue({1, shape[1]}, m_floatType);
        queue({1, 16, shape[1]}, m_floatType);
    }
    queue({1, 3, 224, 224}, m_floatType);
    queue({1, 3, 32, 32}, m_floatType);
    queue({1, 1, 28, 28}, m_floatType);
    queue({1, 16}, at::kLong);
}

std::string InputGuess::tried() const
{
    std::vector<std::string> shapes;
    for (std::size_t i = 1; i < m_position; ++i) { // the first is no guess, see the constructor
        std::string shape = shapeText(m_queue[i].inputs.front().shape);
        if (std::find(shapes.begin(), shapes.end(), shape) == shapes.end()) {
            shapes.push_back(std::move(shape));
        }
    }
    return joinForPeople(shapes);
}

std::optional<InputPlan> InputGuess::next(const ScriptEmitter::FirstWeight& firstWeight)
{
    if (m_position == m_queue.size() && m_position > 0) {
        if (m_isGuessing && m_position == 1) {
            m_guessedFromWeight = !firstWeight.op.empty();
            queueGuesses(firstWeight);
        } else if (m_isGuessing && !m_guessedFromWeight && !firstWeight.op.empty()) {
            m_guessedFromWeight = true;
            queueGuesses(firstWeight);
        } else if (!m_isGuessing && m_position == 1 && firstWeight.op == "embedding" &&
                   m_queue.front().inputs.front().type != at::kLong) {
            InputPlan plan = m_queue.front();
            plan.inputs.front().type = at::kLong;
            m_queue.push_back(std::move(plan));
        }
    }
    if (m_position == m_queue.size()) {
        return std::nullopt;
    }
    return m_queue[m_position++];
}

std::vector<ValuePtr> makeArguments(ScriptEmitter& emitter, const torch::jit::Module& module,
                                    const InputPlan& plan)
{
    at::Generator generator = at::detail::createCPUGenerator(kExampleSeed);
    std::vector<ValuePtr> values;
    std::size_t used = 0;
    for (const c10::Argument& argument : forwardArguments(module)) {
        if (!isTensorType(argument.type()) || used == plan.inputs.size()) {
            values.push_back(emitter.constant(argument.default_value().value_or(c10::IValue())));
            continue;
        }
        const InputPlan::Input& input = plan.inputs[used++];
        std::vector<at::Tensor> examples;
        for (std::size_t run = 0; run < emitter.numRuns(); ++run) {
            std::vector<std::int64_t> shape = input.shape;
            if (!shape.empty()) {
                shape.front() += static_cast<std::int64_t>(run);
            }
            examples.push_back(at::isFloatingType(input.type)
                                   ? at::randn(shape, generator, at::TensorOptions(input.type))
                                   : at::zeros(shape, at::TensorOptions(input.type)));
        }
        values.push_back(
            emitter.addInput(argument.name().empty() ? "input" : argument.name(), examples));
    }
    return values;
}

} // namespace bitloom::io::script
