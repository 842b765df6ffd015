// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/program.h"

#include <ATen/core/function_schema.h>
#include <ATen/core/jit_type.h>

#include <algorithm>
#include <unordered_map>

namespace bitloom::graph {
namespace {

constexpr std::uint32_t kUnused = Instruction::kUnused;

/// Elementwise operators that give the same bits written over their first argument.
const Operator* inPlaceVariant(const std::string& op)
{
    static const std::unordered_map<std::string, std::string> variants{
        {"aten::relu", "aten::relu_"},
        {"aten::hardtanh", "aten::hardtanh_"},
        {"aten::relu6", "aten::relu6_"},
        {"aten::leaky_relu", "aten::leaky_relu_"},
        {"aten::sigmoid", "aten::sigmoid_"},
        {"aten::silu", "aten::silu_"},
        {"aten::hardswish", "aten::hardswish_"},
        {"aten::hardsigmoid", "aten::hardsigmoid_"},
        {"aten::gelu", "aten::gelu_"},
        {"aten::tanh", "aten::tanh_"},
        {"aten::add.Tensor", "aten::add_.Tensor"},
        {"aten::mul.Tensor", "aten::mul_.Tensor"},
    };
    const auto found = variants.find(op);
    return found == variants.end() ? nullptr : findOperator(found->second).get();
}

std::uint32_t toIndex(std::size_t size)
{
    return static_cast<std::uint32_t>(size);
}

/// Turns a graph part into a Program in three steps: which nodes are needed, one instruction each
/// (with the attachments' transforms before their first reader), last uses.
class Compiler {
public:
    Compiler(const Graph& graph, ExecutorOptions options)
        : m_graph(graph), m_options(std::move(options)), m_operandOfValue(graph.values().size())
    {
        if (m_options.inputs.empty()) {
            m_options.inputs = graph.inputs();
        }
        if (m_options.outputs.empty()) {
            m_options.outputs = graph.outputs();
        }
        for (const auto& values : {m_options.inputs, m_options.outputs}) {
            for (const ValueIndex value : values) {
                requireValue(value, "a cut");
            }
        }
    }

    Program compile()
    {
        m_program.parameterConstants.resize(m_graph.parameters().size());
        findNeededNodes();
        indexAttachments();
        for (const ValueIndex input : m_options.inputs) {
            BITLOOM_REQUIRE(!m_operandOfValue[toSize(input)], ErrorCode::InvalidArgument,
                            "the value \"", m_graph.value(input).name,
                            "\" is given twice as an input");
            m_operandOfValue[toSize(input)] = newRegister();
            m_program.inputRegisters.push_back(m_operandOfValue[toSize(input)]->index);
        }
        for (const ValueIndex input : m_options.inputs) {
            observe(input);
        }
        for (std::size_t i = 0; i < m_graph.nodes().size(); ++i) {
            if (m_needed[i]) {
                addCall(NodeIndex{static_cast<std::int32_t>(i)});
            }
        }
        for (const ValueIndex output : m_options.outputs) {
            m_program.outputs.push_back(operandOf(output));
        }
        requireEverythingAttached();
        markLastUses();
        m_program.attachments = std::move(m_options.attachments);
        m_program.observers = std::move(m_options.observers);
        return std::move(m_program);
    }

private:
    void requireValue(ValueIndex value, const char* who) const
    {
        BITLOOM_REQUIRE(toSize(value) < m_graph.values().size(), ErrorCode::InvalidArgument, who,
                        " of ", m_graph.name(), " names a value that does not exist");
    }

    void findNeededNodes()
    {
        std::vector<bool> given(m_graph.values().size(), false);
        for (const ValueIndex input : m_options.inputs) {
            given[toSize(input)] = true;
        }
        m_needed.assign(m_graph.nodes().size(), false);
        const auto need = [&](ValueIndex index) {
            const Value& value = m_graph.value(index);
            if (given[toSize(index)] || value.parameter) {
                return;
            }
            BITLOOM_REQUIRE(value.producer.has_value(), ErrorCode::InvalidArgument,
                            "the wanted values need the input \"", value.name,
                            "\", which is not among the given values");
            m_needed[toSize(*value.producer)] = true;
        };
        std::ranges::for_each(m_options.outputs, need);
        for (std::size_t i = m_graph.nodes().size(); i-- > 0;) {
            if (m_needed[i]) {
                for (const Argument& argument : m_graph.nodes()[i].args) {
                    forEachValue(argument, need);
                }
            }
        }
    }

    void indexAttachments()
    {
        m_attachmentRegister.assign(m_options.attachments.size(), kUnused);
        for (std::size_t a = 0; a < m_options.attachments.size(); ++a) {
            requireValue(m_options.attachments[a].value, "an attachment");
            m_attachmentsOfValue[toSize(m_options.attachments[a].value)].push_back(a);
        }
        for (std::size_t o = 0; o < m_options.observers.size(); ++o) {
            requireValue(m_options.observers[o].value, "an observer");
            m_observersOfValue[toSize(m_options.observers[o].value)].push_back(o);
        }
        m_observed.assign(m_options.observers.size(), false);
        for (const Attachment& attachment : m_options.attachments) {
            for (const Reader& reader : attachment.readers) {
                requireReads(reader, attachment.value);
            }
        }
    }

    void requireReads(const Reader& reader, ValueIndex value) const
    {
        bool reads = false;
        if (toSize(reader.node) < m_graph.nodes().size() &&
            reader.argPosition < m_graph.node(reader.node).args.size()) {
            forEachValue(m_graph.node(reader.node).args[reader.argPosition],
                         [&](ValueIndex read) { reads = reads || read == value; });
        }
        BITLOOM_REQUIRE(reads, ErrorCode::InvalidArgument, "an attachment on \"",
                        m_graph.value(value).name,
                        "\" names a reader that does not read this value");
    }

    Operand newRegister() { return {Operand::Kind::Register, m_program.numRegisters++}; }

    Operand newConstant(c10::IValue value)
    {
        m_program.constants.push_back(std::move(value));
        return {Operand::Kind::Constant, toIndex(m_program.constants.size() - 1)};
    }

    /// Where the value itself is found. Parameters become constants when first read.
    Operand operandOf(ValueIndex index)
    {
        std::optional<Operand>& operand = m_operandOfValue[toSize(index)];
        if (!operand) {
            const ParameterIndex parameter = m_graph.value(index).parameter.value();
            operand = newConstant(m_graph.parameter(parameter).tensor);
            m_program.parameterConstants[toSize(parameter)] = operand->index;
            observe(index);
        }
        return *operand;
    }

    /// Where this reader finds the value: behind an attachment if one covers it.
    Operand operandFor(ValueIndex value, const Reader& reader)
    {
        const Operand plain = operandOf(value);
        const auto attached = m_attachmentsOfValue.find(toSize(value));
        if (attached == m_attachmentsOfValue.end()) {
            return plain;
        }
        std::optional<std::size_t> chosen;
        for (const std::size_t a : attached->second) {
            const auto& readers = m_options.attachments[a].readers;
            if (readers.empty() || std::ranges::find(readers, reader) != readers.end()) {
                BITLOOM_REQUIRE(!chosen, ErrorCode::InvalidArgument, "two attachments on \"",
                                m_graph.value(value).name, "\" have the reader ",
                                describe(m_graph, m_graph.node(reader.node)), " in common");
                chosen = a;
            }
        }
        return chosen ? transformed(*chosen, plain) : plain;
    }

    Operand transformed(std::size_t attachment, Operand source)
    {
        if (m_attachmentRegister[attachment] == kUnused) {
            const Operand result = newRegister();
            m_attachmentRegister[attachment] = result.index;
            addInstruction({.kind = Instruction::Kind::Transform, .function = toIndex(attachment)},
                           {source}, {result.index});
        }
        return {Operand::Kind::Register, m_attachmentRegister[attachment]};
    }

    void observe(ValueIndex value)
    {
        const auto observers = m_observersOfValue.find(toSize(value));
        if (observers == m_observersOfValue.end()) {
            return;
        }
        for (const std::size_t o : observers->second) {
            m_observed[o] = true;
            addInstruction({.kind = Instruction::Kind::Observe, .function = toIndex(o)},
                           {*m_operandOfValue[toSize(value)]}, {});
        }
    }

    Operand compileArgument(const Argument& argument, const Reader& reader,
                            const c10::TypePtr& type)
    {
        if (argument.isValue()) {
            return operandFor(argument.value(), reader);
        }
        if (argument.isConstant()) {
            return newConstant(argument.constant());
        }
        c10::TypePtr list = type;
        while (list->kind() == c10::TypeKind::OptionalType) {
            list = list->expectRef<c10::OptionalType>().getElementType();
        }
        ListOperand result{list->expectRef<c10::ListType>().getElementType(), {}};
        for (const Argument& item : argument.list()) {
            result.items.push_back(compileArgument(item, reader, result.elementType));
        }
        m_program.lists.push_back(std::move(result));
        return {Operand::Kind::List, toIndex(m_program.lists.size() - 1)};
    }

    void addCall(NodeIndex index)
    {
        const Node& node = m_graph.node(index);
        std::vector<Operand> operands;
        for (std::size_t position = 0; position < node.args.size(); ++position) {
            operands.push_back(compileArgument(node.args[position], {index, position},
                                               node.kernel->schema().arguments()[position].type()));
        }
        std::vector<std::uint32_t> results;
        for (const ValueIndex output : node.outputs) {
            // A cut through a node's results: the given one wins over the computed one.
            if (m_operandOfValue[toSize(output)]) {
                results.push_back(newRegister().index);
            } else {
                m_operandOfValue[toSize(output)] = newRegister();
                results.push_back(m_operandOfValue[toSize(output)]->index);
            }
        }
        m_program.stackSize = std::max({m_program.stackSize, operands.size(), results.size()});
        addInstruction({.kind = Instruction::Kind::Call,
                        .op = node.kernel.get(),
                        .inPlaceOp = inPlaceVariant(node.op),
                        .node = index},
                       operands, results);
        for (const ValueIndex output : node.outputs) {
            if (std::ranges::find(m_options.inputs, output) == m_options.inputs.end()) {
                observe(output);
            }
        }
    }

    void addInstruction(Instruction instruction, const std::vector<Operand>& operands,
                        const std::vector<std::uint32_t>& results)
    {
        instruction.firstOperand = toIndex(m_program.operands.size());
        instruction.numOperands = toIndex(operands.size());
        instruction.firstResult = toIndex(m_program.results.size());
        instruction.numResults = toIndex(results.size());
        m_program.operands.insert(m_program.operands.end(), operands.begin(), operands.end());
        m_program.results.insert(m_program.results.end(), results.begin(), results.end());
        m_program.instructions.push_back(instruction);
    }

    void requireEverythingAttached() const
    {
        for (std::size_t a = 0; a < m_attachmentRegister.size(); ++a) {
            BITLOOM_REQUIRE(m_attachmentRegister[a] != kUnused, ErrorCode::InvalidArgument,
                            "the attachment on \"",
                            m_graph.value(m_options.attachments[a].value).name,
                            "\" has no reader in the executed part of the model");
        }
        for (std::size_t o = 0; o < m_observed.size(); ++o) {
            BITLOOM_REQUIRE(m_observed[o], ErrorCode::InvalidArgument, "the observed value \"",
                            m_graph.value(m_options.observers[o].value).name,
                            "\" is not in the executed part of the model");
        }
    }

    void markLastUse(Operand& operand, std::vector<bool>& readLater)
    {
        if (operand.kind == Operand::Kind::List) {
            std::vector<Operand>& items = m_program.lists[operand.index].items;
            std::for_each(items.rbegin(), items.rend(),
                          [&](Operand& item) { markLastUse(item, readLater); });
        } else if (operand.kind == Operand::Kind::Register && !readLater[operand.index]) {
            readLater[operand.index] = true;
            operand.kind = Operand::Kind::LastUse;
        }
    }

    /// Walks the program backwards: the first use seen is the last one made.
    void markLastUses()
    {
        std::vector<bool> readLater(m_program.numRegisters, false);
        std::for_each(m_program.outputs.rbegin(), m_program.outputs.rend(),
                      [&](Operand& output) { markLastUse(output, readLater); });
        for (std::size_t i = m_program.instructions.size(); i-- > 0;) {
            const Instruction& instruction = m_program.instructions[i];
            for (std::uint32_t r = 0; r < instruction.numResults; ++r) {
                std::uint32_t& result = m_program.results[instruction.firstResult + r];
                result = readLater[result] ? result : kUnused;
            }
            for (std::uint32_t k = instruction.numOperands; k-- > 0;) {
                markLastUse(m_program.operands[instruction.firstOperand + k], readLater);
            }
        }
        for (std::uint32_t& input : m_program.inputRegisters) {
            input = readLater[input] ? input : kUnused;
        }
    }

    const Graph& m_graph;
    ExecutorOptions m_options;
    Program m_program;
    std::vector<bool> m_needed;                           ///< per node
    std::vector<std::optional<Operand>> m_operandOfValue; ///< set once the value exists
    std::unordered_map<std::size_t, std::vector<std::size_t>> m_attachmentsOfValue;
    std::unordered_map<std::size_t, std::vector<std::size_t>> m_observersOfValue;
    std::vector<std::uint32_t>
        m_attachmentRegister;     ///< per attachment, kUnused until its transform is placed
    std::vector<bool> m_observed; ///< per observer
};

} // namespace

Program compile(const Graph& graph, ExecutorOptions options)
{
    return Compiler(graph, std::move(options)).compile();
}

} // namespace bitloom::graph
