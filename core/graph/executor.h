// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/graph/graph.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace bitloom::graph {

/// One place where a value is read: argument number argPosition of a node.
struct Reader {
    NodeIndex node{};
    std::size_t argPosition = 0;
    bool operator==(const Reader&) const = default;
};

/// A quantizer (or any function) on an edge or a parameter: the chosen readers see
/// transform(value), all others, and whoever takes the value as an output, see the value itself.
/// Evaluated once per run, before its first reader.
struct Attachment {
    ValueIndex value = kNoValue;
    std::vector<Reader> readers = {}; ///< empty: every reader in the executed part
    std::function<at::Tensor(const at::Tensor&)> transform = {};
};

/// Called with a value (not the transformed one) as soon as it exists.
struct ValueObserver {
    ValueIndex value = kNoValue;
    std::function<void(ValueIndex, const at::Tensor&)> notify = {};
};

struct ExecutorOptions {
    std::vector<ValueIndex> inputs = {};  ///< values given from outside; empty: the graph's inputs
    std::vector<ValueIndex> outputs = {}; ///< values wanted; empty: the graph's outputs
    std::vector<Attachment> attachments = {};
    std::vector<ValueObserver> observers = {};
};

struct Program;

/// Runs a graph, or the part of it between two cuts: only what the outputs need, never beyond the
/// inputs.
///
/// The part is compiled once into a flat list of boxed calls. A value is released at its last use.
/// Whether gradients are recorded is the caller's business (at::NoGradGuard, c10::InferenceMode);
/// so is the device: it is where the parameters and inputs are. Threads: run() from several threads
/// at once if transforms and observers allow it; setParameter() not during a run. Cost: at most a
/// microsecond per node over the operator itself.
class Executor {
public:
    /// Errors: InvalidArgument if the outputs need a graph input that is not among the inputs, for
    /// an attachment or observer on a value outside the part, for a reader that does not read the
    /// value, and for two attachments with a common reader.
    explicit Executor(std::shared_ptr<const Graph> graph, ExecutorOptions options = {});
    ~Executor();
    Executor(Executor&&) noexcept;
    Executor& operator=(Executor&&) noexcept;

    const Graph& graph() const { return *m_graph; }

    /// Inputs and outputs in the order of the options. Values are tensors unless the graph cuts
    /// through others. Errors: as rethrowTorchError, naming the node; InvalidArgument for a wrong
    /// number of inputs.
    std::vector<c10::IValue> run(std::vector<c10::IValue> inputs) const;
    /// As above; nullopt if the stop was requested before the last node.
    std::optional<std::vector<c10::IValue>> run(std::vector<c10::IValue> inputs,
                                                const std::stop_token& stop) const;
    /// For the usual one input and one output. Errors: InvalidArgument if there are more.
    at::Tensor run(const at::Tensor& input) const;

    /// Binds another tensor to a parameter: a leaf being trained, a reconstructed weight.
    /// Without effect for a parameter that this part does not read. Errors: ShapeMismatch.
    void setParameter(ParameterIndex parameter, at::Tensor tensor);

private:
    std::shared_ptr<const Graph> m_graph;
    std::unique_ptr<Program> m_program;
};

} // namespace bitloom::graph
