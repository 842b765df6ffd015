// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph_builder.h"
#include "core/io/script/script_value.h"
#include "core/types/phrase.h"

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace bitloom::io::script {

/// Where in the model an operator is called.
struct Place {
    std::string scope;         ///< module path, "" = top level
    std::string source;        ///< "model.py:12", "" = unknown
    bool isLeafModule = false; ///< the module has no child modules: its result is named after it

    /// "layer1.0 (model.py:12)".
    std::string text() const;
};

/// Runs operators on the example inputs and adds them to the graph that is being built.
///
/// A result that depends on constants and input shapes only, and is the same for every example run,
/// becomes a constant. Everything else becomes a node. In-place operators are replaced by their
/// functional twin. Errors: ShapeMismatch when LibTorch refuses to run an operator on the examples;
/// Unsupported for what a static graph cannot hold.
class ScriptEmitter {
public:
    ScriptEmitter(std::string graphName, std::size_t numRuns);

    std::size_t numRuns() const { return m_numRuns; }
    /// One example per run; the first one's shape is the graph's input shape.
    ValuePtr addInput(const std::string& name, const std::vector<at::Tensor>& examples);
    /// A parameter or buffer of the file, registered once per path and once per tensor object.
    ValuePtr stored(const std::string& path, const at::Tensor& tensor, bool isTrained);
    ValuePtr constant(const c10::IValue& value, Origin origin = Origin::Constant) const;

    /// Calls an operator by canonical name, rewriting it to its canonical form first. Missing
    /// inputs take defaults.
    std::vector<ValuePtr> call(const std::string& op, const std::vector<ValuePtr>& inputs,
                               const Place& place);
    ValuePtr callOne(const std::string& op, const std::vector<ValuePtr>& inputs,
                     const Place& place);
    /// As call, without rewriting.
    std::vector<ValuePtr> callAsIs(const std::string& op, const std::vector<ValuePtr>& inputs,
                                   const Place& place);
    /// Only the example results, outputs[output][run]; nothing is added.
    std::vector<std::vector<c10::IValue>> runExamples(const std::string& op,
                                                      const std::vector<ValuePtr>& inputs,
                                                      const Place& place) const;

    /// True if no node of the graph made the value and the file does not hold it.
    bool isGraphInput(const ScriptValue& value) const;
    /// A sentence for the user, kept once.
    void note(Phrase sentence);
    const std::vector<Phrase>& notes() const { return m_notes; }

    graph::Graph finish(const std::vector<ValuePtr>& outputs);

    /// The first operator that met an input and a stored tensor, for guessing the input's shape.
    struct FirstWeight {
        std::string op;
        std::vector<std::int64_t> shape;
        std::vector<std::int64_t> stride; ///< of a convolution
    };
    const FirstWeight& firstWeight() const { return m_firstWeight; }

private:
    std::vector<ValuePtr> callInPlace(const std::string& op, const std::vector<ValuePtr>& inputs,
                                      const Place& place);
    graph::Argument argument(ScriptValue& value, const Place& place);
    void rememberFirstWeight(const std::string& op, const std::vector<ValuePtr>& inputs);
    std::string parameterName(const std::string& wanted);
    std::string valueName(const std::string& op, const Place& place, bool isActivation);

    std::size_t m_numRuns;
    graph::GraphBuilder m_builder;
    std::unordered_map<std::string, ValuePtr> m_storedByPath;
    std::unordered_map<const void*, ValuePtr> m_storedByTensor;
    std::set<std::string> m_parameterNames;
    std::unordered_map<std::string, std::int64_t> m_valueNames; ///< how often each was asked for
    std::vector<Phrase> m_notes;
    FirstWeight m_firstWeight;
};

} // namespace bitloom::io::script
