// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/script/script_value.h"

#include <ATen/core/Dict.h>
#include <ATen/core/List.h>
#include <ATen/core/jit_type.h>
#include <ATen/ops/equal.h>

#include <algorithm>

namespace bitloom::io::script {
namespace {

bool sameTensors(const at::Tensor& left, const at::Tensor& right)
{
    if (!left.defined() || !right.defined()) {
        return left.defined() == right.defined();
    }
    return left.scalar_type() == right.scalar_type() && left.sizes() == right.sizes() &&
           left.layout() == right.layout() && left.is_quantized() == right.is_quantized() &&
           at::equal(left, right);
}

template <typename Left, typename Right>
bool sameItems(const Left& left, const Right& right)
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const c10::IValue& a, const c10::IValue& b) { return isSame(a, b); });
}

c10::TypePtr elementType(const c10::TypePtr& listType)
{
    if (listType && listType->kind() == c10::TypeKind::ListType) {
        return listType->expectRef<c10::ListType>().getElementType();
    }
    return c10::AnyType::get();
}

c10::IValue dictExample(const ScriptValue& value, std::size_t run)
{
    c10::TypePtr keyType = c10::AnyType::get();
    c10::TypePtr valueType = c10::AnyType::get();
    if (value.type && value.type->kind() == c10::TypeKind::DictType) {
        keyType = value.type->expectRef<c10::DictType>().getKeyType();
        valueType = value.type->expectRef<c10::DictType>().getValueType();
    }
    c10::impl::GenericDict dict(keyType, valueType);
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        dict.insert(value.keys[i], exampleOf(*value.items[i], run));
    }
    return dict;
}

} // namespace

Origin originOf(const ScriptValue& value)
{
    Origin result = value.origin;
    for (const ValuePtr& item : value.items) {
        result = std::max(result, originOf(*item));
    }
    return result;
}

bool isSame(const c10::IValue& left, const c10::IValue& right)
{
    if (left.tagKind() != right.tagKind()) {
        return false;
    }
    if (left.isTensor()) {
        return sameTensors(left.toTensor(), right.toTensor());
    }
    if (left.isList()) {
        return sameItems(left.toListRef(), right.toListRef());
    }
    if (left.isTuple()) {
        return sameItems(left.toTupleRef().elements(), right.toTupleRef().elements());
    }
    if (left.isGenericDict() || left.isObject()) {
        return left.is(right);
    }
    return left == right;
}

c10::IValue exampleOf(const ScriptValue& value, std::size_t run)
{
    switch (value.kind) {
    case ScriptValue::Kind::Plain:
        BITLOOM_REQUIRE(!value.alias || value.alias->changedBy.empty(), ErrorCode::Unsupported,
                        "a tensor is read after memory that it shares with another tensor was "
                        "changed in place by ",
                        value.alias->changedBy,
                        "; a static graph cannot express that: write the result with torch.cat, "
                        "torch.where or an "
                        "operator without the trailing underscore");
        return value.examples[run];
    case ScriptValue::Kind::Object:
        return value.examples.front();
    case ScriptValue::Kind::Dict:
        return dictExample(value, run);
    case ScriptValue::Kind::List: {
        c10::impl::GenericList list(elementType(value.type));
        list.reserve(value.items.size());
        for (const ValuePtr& item : value.items) {
            list.push_back(exampleOf(*item, run));
        }
        return list;
    }
    case ScriptValue::Kind::Tuple: {
        std::vector<c10::IValue> elements;
        for (const ValuePtr& item : value.items) {
            elements.push_back(exampleOf(*item, run));
        }
        return c10::ivalue::Tuple::create(std::move(elements));
    }
    }
    BITLOOM_ASSERT(false);
}

ValuePtr constantValue(const c10::IValue& value, std::size_t numRuns, Origin origin)
{
    auto result = std::make_shared<ScriptValue>();
    result->origin = origin;
    if (value.isList() || value.isTuple()) {
        result->kind = value.isList() ? ScriptValue::Kind::List : ScriptValue::Kind::Tuple;
        result->type = value.type();
        if (value.isList()) {
            for (const c10::IValue& item : value.toListRef()) {
                result->items.push_back(constantValue(item, numRuns, origin));
            }
        } else {
            for (const c10::IValue& item : value.toTupleRef().elements()) {
                result->items.push_back(constantValue(item, numRuns, origin));
            }
        }
    } else if (value.isGenericDict()) {
        result->kind = ScriptValue::Kind::Dict;
        result->type = value.type();
        for (const auto& entry : value.toGenericDict()) {
            result->keys.push_back(entry.key());
            result->items.push_back(constantValue(entry.value(), numRuns, origin));
        }
    } else if (value.isObject()) {
        result->kind = ScriptValue::Kind::Object;
        result->examples = {value};
    } else {
        result->examples.assign(numRuns, value);
        if (value.isTensor()) {
            result->alias = std::make_shared<AliasGroup>();
        }
    }
    return result;
}

ValuePtr sequenceValue(ScriptValue::Kind kind, std::vector<ValuePtr> items, c10::TypePtr type)
{
    auto result = std::make_shared<ScriptValue>();
    result->kind = kind;
    result->items = std::move(items);
    result->type = std::move(type);
    return result;
}

} // namespace bitloom::io::script
