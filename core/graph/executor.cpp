// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/executor.h"

#include "core/graph/program.h"
#include "core/graph/torch_errors.h"

#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>

namespace bitloom::graph {
namespace {

/// May an elementwise operator write over its first argument? Only if nobody but this call can see
/// the memory (one reference to the tensor, one to its storage, none of the caller's own memory)
/// and the result has its shape, layout and type.
bool mayOverwriteFirst(const Stack& arguments)
{
    const at::Tensor& first = arguments.front().toTensor();
    if (first.use_count() != 1 || first.layout() != at::kStrided || !first.is_floating_point() ||
        first.storage().use_count() != 1 || !first.storage().resizable() ||
        !first.is_non_overlapping_and_dense() ||
        (first.is_inference() && !c10::InferenceMode::is_enabled())) {
        return false;
    }
    return std::all_of(arguments.begin() + 1, arguments.end(), [&first](const c10::IValue& other) {
        return !other.isTensor() || (other.toTensor().sizes() == first.sizes() &&
                                     other.toTensor().strides() == first.strides() &&
                                     other.toTensor().scalar_type() == first.scalar_type() &&
                                     other.toTensor().device() == first.device());
    });
}

/// The state of one run.
class Run {
public:
    Run(const Program& program, std::vector<c10::IValue> inputs)
        : m_program(program), m_registers(program.numRegisters)
    {
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            if (program.inputRegisters[i] != Instruction::kUnused) {
                m_registers[program.inputRegisters[i]] = std::move(inputs[i]);
            }
        }
        m_stack.reserve(program.stackSize);
    }

    void execute(const Instruction& instruction)
    {
        switch (instruction.kind) {
        case Instruction::Kind::Call:
            call(instruction);
            break;
        case Instruction::Kind::Transform:
            transform(instruction);
            break;
        case Instruction::Kind::Observe: {
            const ValueObserver& observer = m_program.observers[instruction.function];
            const c10::IValue value = take(m_program.operands[instruction.firstOperand]);
            observer.notify(observer.value, value.toTensor());
            break;
        }
        }
    }

    std::vector<c10::IValue> takeOutputs()
    {
        std::vector<c10::IValue> outputs;
        outputs.reserve(m_program.outputs.size());
        for (const Operand& output : m_program.outputs) {
            outputs.push_back(take(output));
        }
        return outputs;
    }

private:
    c10::IValue take(const Operand& operand)
    {
        switch (operand.kind) {
        case Operand::Kind::Register:
            return m_registers[operand.index];
        case Operand::Kind::LastUse:
            return std::move(m_registers[operand.index]);
        case Operand::Kind::Constant:
            return m_program.constants[operand.index];
        case Operand::Kind::List:
            break;
        }
        const ListOperand& list = m_program.lists[operand.index];
        c10::impl::GenericList result(list.elementType);
        result.reserve(list.items.size());
        for (const Operand& item : list.items) {
            result.push_back(take(item));
        }
        return result;
    }

    void call(const Instruction& instruction)
    {
        m_stack.clear();
        for (std::uint32_t k = 0; k < instruction.numOperands; ++k) {
            m_stack.push_back(take(m_program.operands[instruction.firstOperand + k]));
        }
        const bool isInPlace =
            instruction.inPlaceOp != nullptr && !m_recordsGradients && mayOverwriteFirst(m_stack);
        (isInPlace ? instruction.inPlaceOp : instruction.op)->call(m_stack);
        for (std::uint32_t r = 0; r < instruction.numResults; ++r) {
            const std::uint32_t result = m_program.results[instruction.firstResult + r];
            if (result != Instruction::kUnused) {
                m_registers[result] = std::move(m_stack[r]);
            }
        }
        m_stack.clear();
    }

    void transform(const Instruction& instruction)
    {
        const c10::IValue value = take(m_program.operands[instruction.firstOperand]);
        m_registers[m_program.results[instruction.firstResult]] =
            m_program.attachments[instruction.function].transform(value.toTensor());
    }

    const Program& m_program;
    std::vector<c10::IValue> m_registers;
    Stack m_stack;
    bool m_recordsGradients = c10::GradMode::is_enabled();
};

std::string describeStep(const Graph& graph, const Program& program, const Instruction& instruction)
{
    switch (instruction.kind) {
    case Instruction::Kind::Call:
        return describe(graph, graph.node(instruction.node));
    case Instruction::Kind::Transform:
        return "the attachment on \"" +
               graph.value(program.attachments[instruction.function].value).name + "\"";
    case Instruction::Kind::Observe:
        return "the observer of \"" +
               graph.value(program.observers[instruction.function].value).name + "\"";
    }
    return {};
}

} // namespace

Executor::Executor(std::shared_ptr<const Graph> graph, ExecutorOptions options)
    : m_graph(std::move(graph)),
      m_program(std::make_unique<Program>(compile(*m_graph, std::move(options))))
{
}

Executor::~Executor() = default;
Executor::Executor(Executor&&) noexcept = default;
Executor& Executor::operator=(Executor&&) noexcept = default;

std::optional<std::vector<c10::IValue>> Executor::run(std::vector<c10::IValue> inputs,
                                                      const std::stop_token& stop) const
{
    BITLOOM_REQUIRE(inputs.size() == m_program->inputRegisters.size(), ErrorCode::InvalidArgument,
                    m_graph->name(), " takes ", m_program->inputRegisters.size(), " inputs here, ",
                    inputs.size(), " were given");
    Run run(*m_program, std::move(inputs));
    const Instruction* current = m_program->instructions.data();
    const Instruction* const end = current + m_program->instructions.size();
    try {
        for (; current != end; ++current) {
            if (stop.stop_requested()) {
                return std::nullopt;
            }
            run.execute(*current);
        }
    } catch (...) {
        rethrowTorchError(describeStep(*m_graph, *m_program, *current));
    }
    return run.takeOutputs();
}

std::vector<c10::IValue> Executor::run(std::vector<c10::IValue> inputs) const
{
    return *run(std::move(inputs), std::stop_token());
}

at::Tensor Executor::run(const at::Tensor& input) const
{
    BITLOOM_REQUIRE(m_program->outputs.size() == 1, ErrorCode::InvalidArgument, m_graph->name(),
                    " gives ", m_program->outputs.size(), " values here, one was expected");
    return run({c10::IValue(input)}).front().toTensor();
}

void Executor::setParameter(ParameterIndex parameter, at::Tensor tensor)
{
    const Parameter& original = m_graph->parameter(parameter);
    BITLOOM_REQUIRE(tensor.defined() && tensor.sizes() == original.tensor.sizes(),
                    ErrorCode::ShapeMismatch, "the tensor for \"", original.name,
                    "\" has another shape than the parameter");
    const auto constant = m_program->parameterConstants[toSize(parameter)];
    if (constant) {
        m_program->constants[*constant] = std::move(tensor);
    }
}

} // namespace bitloom::graph
