// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/executor.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace bitloom::graph {

/// Where an instruction takes one argument from.
struct Operand {
    enum class Kind : std::uint8_t {
        Register, ///< copied: read again later
        LastUse,  ///< moved out of the register
        Constant, ///< a parameter or a constant
        List,     ///< put together from other operands
    };
    Kind kind = Kind::Constant;
    std::uint32_t index = 0; ///< into registers, Program::constants or Program::lists
};

struct ListOperand {
    c10::TypePtr elementType;
    std::vector<Operand> items;
};

/// One step: an operator call, a transform or an observation.
struct Instruction {
    enum class Kind : std::uint8_t { Call, Transform, Observe };
    static constexpr std::uint32_t kUnused = UINT32_MAX;

    Kind kind = Kind::Call;
    std::uint32_t firstOperand = 0; ///< into Program::operands
    std::uint32_t numOperands = 0;
    std::uint32_t firstResult = 0; ///< into Program::results
    std::uint32_t numResults = 0;
    const Operator* op = nullptr; ///< of a Call
    std::uint32_t function =
        0; ///< of a Transform or Observe: into the program's attachments or observers
    /// Of a Call whose result may take over its first argument's memory: the same operator in
    /// place.
    const Operator* inPlaceOp = nullptr;
    NodeIndex node{-1}; ///< of a Call
};

/// A compiled part of a graph. Registers hold the values of one run; constants are shared by all
/// runs.
struct Program {
    std::vector<Instruction> instructions;
    std::vector<Operand> operands;
    std::vector<std::uint32_t> results; ///< registers, kUnused for a result that nobody reads
    std::vector<ListOperand> lists;
    std::vector<c10::IValue> constants;
    std::vector<Operand> outputs;
    std::vector<std::uint32_t> inputRegisters; ///< kUnused for an input that nobody reads
    std::vector<std::optional<std::uint32_t>> parameterConstants; ///< per parameter of the graph
    std::vector<Attachment> attachments;
    std::vector<ValueObserver> observers;
    std::uint32_t numRegisters = 0;
    std::size_t stackSize = 0; ///< the largest number of arguments of one call
};

/// Errors: those of Executor's constructor.
Program compile(const Graph& graph, ExecutorOptions options);

} // namespace bitloom::graph
