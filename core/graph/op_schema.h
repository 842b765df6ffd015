// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/ivalue.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace c10 {
struct FunctionSchema;
}

namespace bitloom::graph {

using Stack = std::vector<c10::IValue>;

/// One operator of LibTorch: its schema and its boxed call.
///
/// Dispatcher operators are called through their handle; the few that exist only in the TorchScript
/// registry (aten::Int, aten::floordiv.int, aten::__getitem__.t, ...) through their interpreter
/// operation. Threads: immutable; call() from any thread.
class Operator {
public:
    virtual ~Operator() = default;

    /// Canonical: "aten::conv2d" or, with an overload, "aten::add.Tensor".
    const std::string& name() const { return m_name; }
    const c10::FunctionSchema& schema() const { return *m_schema; }
    /// Replaces the arguments on top of the stack by the results. Errors: whatever LibTorch throws.
    virtual void call(Stack& stack) const = 0;

protected:
    Operator(std::string name, const c10::FunctionSchema* schema);

private:
    std::string m_name;
    const c10::FunctionSchema*
        m_schema; ///< owned by LibTorch's registry, lives as long as the program
};

/// The operator by canonical name; the same object every time. Threads: any.
/// Errors: NotFound (with similar names), Unsupported for operators that take any number of
/// arguments.
std::shared_ptr<const Operator> findOperator(const std::string& op);

/// As findOperator, without an exception for an operator that does not exist.
std::shared_ptr<const Operator> tryFindOperator(const std::string& op);

/// The operator that computes the same without writing to its arguments: "aten::relu" for
/// "aten::relu_". nullopt where there is none.
std::optional<std::string> functionalVariant(const std::string& op);

/// True if a call writes to one of its arguments ("aten::add_.Tensor").
bool writesArguments(const Operator& op);

} // namespace bitloom::graph
