// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/op_schema.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/jit/runtime/operator.h>

#include <mutex>
#include <unordered_map>

namespace bitloom::graph {
namespace {

class DispatcherOperator final : public Operator {
public:
    DispatcherOperator(std::string name, c10::OperatorHandle handle)
        : Operator(std::move(name), &handle.schema()), m_handle(std::move(handle))
    {
    }
    void call(Stack& stack) const override { m_handle.callBoxed(stack); }

private:
    c10::OperatorHandle m_handle;
};

class InterpreterOperator final : public Operator {
public:
    InterpreterOperator(std::string name, std::shared_ptr<torch::jit::Operator> op)
        : Operator(std::move(name), &op->schema()), m_op(std::move(op)),
          m_operation(m_op->getOperation())
    {
    }
    void call(Stack& stack) const override { m_operation(stack); }

private:
    std::shared_ptr<torch::jit::Operator> m_op;
    mutable torch::jit::Operation
        m_operation; ///< its call operator is const in meaning, not in its signature
};

c10::OperatorName parseName(const std::string& op)
{
    const std::size_t colons = op.find("::");
    const std::size_t dot = op.find('.', colons == std::string::npos ? 0 : colons);
    if (dot == std::string::npos) {
        return {op, ""};
    }
    return {op.substr(0, dot), op.substr(dot + 1)};
}

std::vector<std::string> similarOperators(const c10::OperatorName& wanted)
{
    std::vector<std::string> overloads;
    std::vector<std::string> names;
    for (const c10::OperatorName& known : c10::Dispatcher::singleton().getAllOpNames()) {
        names.push_back(c10::toString(known));
        if (known.name == wanted.name) {
            overloads.push_back(names.back());
        }
    }
    return overloads.empty() ? nearestNames(c10::toString(wanted), names) : overloads;
}

std::shared_ptr<const Operator> lookUp(const std::string& op)
{
    const c10::OperatorName name = parseName(op);
    if (name.name.find("::") == std::string::npos) {
        return nullptr;
    }
    if (auto handle = c10::Dispatcher::singleton().findSchema(name)) {
        return std::make_shared<DispatcherOperator>(op, std::move(*handle));
    }
    auto interpreted = torch::jit::findOperatorFor(name);
    if (!interpreted || !interpreted->hasOperation()) {
        return nullptr;
    }
    return std::make_shared<InterpreterOperator>(op, std::move(interpreted));
}

} // namespace

Operator::Operator(std::string name, const c10::FunctionSchema* schema)
    : m_name(std::move(name)), m_schema(schema)
{
}

std::shared_ptr<const Operator> tryFindOperator(const std::string& op)
{
    static std::mutex mutex;
    static std::unordered_map<std::string, std::shared_ptr<const Operator>> known;
    const std::lock_guard lock(mutex);
    if (const auto found = known.find(op); found != known.end()) {
        return found->second;
    }
    auto result = lookUp(op);
    if (result) {
        known.emplace(op, result);
    }
    return result;
}

std::shared_ptr<const Operator> findOperator(const std::string& op)
{
    auto result = tryFindOperator(op);
    if (!result) {
        fail(ErrorCode::NotFound, "LibTorch has no operator \"", op,
             "\"; similar: ", joinForPeople(similarOperators(parseName(op))));
    }
    BITLOOM_REQUIRE(!result->schema().is_vararg() && !result->schema().is_varret(),
                    ErrorCode::Unsupported, "the operator \"", op,
                    "\" takes any number of arguments, so its calls cannot be checked");
    return result;
}

std::optional<std::string> functionalVariant(const std::string& op)
{
    c10::OperatorName name = parseName(op);
    if (name.name.empty() || name.name.back() != '_') {
        return std::nullopt;
    }
    name.name.pop_back();
    const std::string wanted = c10::toString(name);
    return tryFindOperator(wanted) ? std::optional(wanted) : std::nullopt;
}

bool writesArguments(const Operator& op)
{
    return op.schema().is_mutable();
}

} // namespace bitloom::graph
