// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/script/script_emitter.h"

#include <ATen/core/function.h>
#include <torch/csrc/jit/ir/ir.h>

#include <string>
#include <unordered_map>
#include <vector>

namespace bitloom::io::script {

/// Walks the method graphs of a TorchScript module, call by call and branch by branch, and emits
/// what it meets.
///
/// Every TorchScript value is followed as a ScriptValue. Nodes of control flow and of plumbing
/// (calls, branches, loops, attributes, lists, tuples) are acted on; the others are operators and
/// go to the emitter. Errors: Unsupported, naming module, source line and what to do instead; see
/// ScriptEmitter for the others. The walk is bounded: kMaxSteps nodes, kMaxDepth nested calls.
class ScriptWalker {
public:
    static constexpr std::int64_t kMaxSteps = 300'000;
    static constexpr int kMaxDepth = 200;

    explicit ScriptWalker(ScriptEmitter& emitter) : m_emitter(emitter) {}

    /// Calls a method of the object. Errors: Unsupported if there is no such method.
    ValuePtr callMethod(const ValuePtr& self, const std::string& method,
                        std::vector<ValuePtr> arguments, const Place& place);
    /// Branches whose condition depended on shapes, types or weights and was resolved with the
    /// examples.
    std::int64_t resolvedBranches() const { return m_resolvedBranches; }

private:
    using Values = std::vector<ValuePtr>;
    struct Frame {
        std::unordered_map<const torch::jit::Value*, ValuePtr> values;
        Place place;
    };

    ValuePtr callFunction(torch::jit::Function& function, const Values& arguments,
                          const Place& place);
    void walkBlock(const torch::jit::Block& block, Frame& frame);
    void walkNode(const torch::jit::Node& node, Frame& frame);
    Values evaluate(const torch::jit::Node& node, const Values& inputs, Frame& frame);
    Values evaluateConstant(const torch::jit::Node& node, const Frame& frame) const;
    Values evaluateOperator(const torch::jit::Node& node, const Values& inputs, const Frame& frame);
    Values evaluateBranch(const torch::jit::Node& node, const ValuePtr& condition, Frame& frame);
    Values evaluateLoop(const torch::jit::Node& node, const Values& inputs, Frame& frame);
    Values evaluateIsInstance(const torch::jit::Node& node, const ValuePtr& value) const;
    Values read(const torch::jit::ArrayRef<const torch::jit::Value*>& values,
                const Frame& frame) const;

    ScriptEmitter& m_emitter;
    std::int64_t m_steps = 0;
    std::int64_t m_resolvedBranches = 0;
    int m_depth = 0;
};

} // namespace bitloom::io::script
