// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/script/script_operators.h"

#include <ATen/core/dispatch/Dispatcher.h>

#include <algorithm>
#include <functional>
#include <set>

namespace bitloom::io::script {
namespace {

/// Operators that turn tensor contents into numbers; other numbers describe shapes and types only.
const std::set<std::string>& dataReaders()
{
    static const std::set<std::string> names = {"aten::item",
                                                "aten::Int.Tensor",
                                                "aten::Float.Tensor",
                                                "aten::Bool.Tensor",
                                                "aten::IntImplicit",
                                                "aten::FloatImplicit",
                                                "aten::ScalarImplicit",
                                                "aten::Complex.Tensor_Tensor",
                                                "aten::is_nonzero",
                                                "aten::equal",
                                                "aten::allclose",
                                                "aten::_local_scalar_dense",
                                                "aten::__contains__",
                                                "aten::complex.Tensor",
                                                "aten::ComplexImplicit",
                                                "aten::is_same_size.data"};
    return names;
}

/// Operators whose result has a size that depends on the contents of their input.
const std::set<std::string>& dataShaped()
{
    static const std::set<std::string> names = {
        "aten::nonzero",       "aten::nonzero_numpy",
        "aten::masked_select", "aten::unique_consecutive",
        "aten::_unique2",      "aten::unique_dim",
        "aten::where",         "aten::repeat_interleave.Tensor",
        "aten::bincount"};
    return names;
}

void forEachTensor(const c10::IValue& value, const std::function<void(const at::Tensor&)>& visit)
{
    if (value.isTensor()) {
        if (value.toTensor().defined() && value.toTensor().has_storage()) {
            visit(value.toTensor());
        }
    } else if (value.isList()) {
        for (const c10::IValue& item : value.toListRef()) {
            forEachTensor(item, visit);
        }
    }
}

const void* storageOf(const at::Tensor& tensor)
{
    return tensor.storage().unsafeGetStorageImpl();
}

} // namespace

bool readsData(const std::string& op)
{
    return dataReaders().contains(op);
}

bool hasDataShapedResult(const std::string& op)
{
    return dataShaped().contains(op);
}

bool isRandom(const std::string& op)
{
    const std::size_t dot = op.find('.');
    const c10::OperatorName name{op.substr(0, dot),
                                 dot == std::string::npos ? "" : op.substr(dot + 1)};
    const auto handle = c10::Dispatcher::singleton().findSchema(name);
    return handle && handle->hasTag(at::Tag::nondeterministic_seeded);
}

Origin numberOrigin(const ScriptValue& value)
{
    if (value.isTensor() || (value.kind == ScriptValue::Kind::Plain && value.alias)) {
        return std::min(value.origin, Origin::Shape);
    }
    Origin result = value.origin;
    for (const ValuePtr& item : value.items) {
        result = std::max(result, numberOrigin(*item));
    }
    return result;
}

std::shared_ptr<AliasGroup> sharedMemory(const c10::IValue& result,
                                         const std::vector<ValuePtr>& inputs)
{
    std::shared_ptr<AliasGroup> found;
    for (const ValuePtr& input : inputs) {
        if (input->kind != ScriptValue::Kind::Plain) {
            const auto inside = sharedMemory(result, input->items);
            found = inside ? inside : found;
            continue;
        }
        forEachTensor(input->examples.front(), [&](const at::Tensor& tensor) {
            forEachTensor(result, [&](const at::Tensor& output) {
                if (storageOf(tensor) == storageOf(output)) {
                    found = input->alias;
                }
            });
        });
    }
    return found;
}

} // namespace bitloom::io::script
