// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/script/script_attributes.h"

#include <ATen/core/class_type.h>
#include <ATen/core/jit_type.h>

#include <algorithm>

namespace bitloom::io::script {
namespace {

std::string joinPath(const std::string& parent, const std::string& child)
{
    return parent.empty() ? child : parent + "." + child;
}

ValuePtr objectValue(const c10::IValue& object, const std::string& path)
{
    auto value = std::make_shared<ScriptValue>();
    value->kind = ScriptValue::Kind::Object;
    value->examples = {object};
    value->path = path;
    return value;
}

/// A list of a module's parameters (nn.LSTM keeps one) is loaded as copies: found again by content.
ValuePtr listedTensor(ScriptEmitter& emitter, const c10::IValue& value, const std::string& path,
                      const ScriptValue& owner)
{
    const auto& object = owner.examples.front().toObjectRef();
    const auto type = object.type();
    for (std::size_t i = 0; i < type->numAttributes() && type->is_module(); ++i) {
        if (type->is_parameter(i) && isSame(object.getSlot(i), value)) {
            return emitter.stored(joinPath(owner.path, type->getAttributeName(i)),
                                  object.getSlot(i).toTensor(), true);
        }
    }
    return emitter.stored(path, value.toTensor(), false);
}

ValuePtr attributeValue(ScriptEmitter& emitter, const c10::IValue& value, const std::string& path,
                        const ScriptValue& owner)
{
    if (value.isTensor() && value.toTensor().defined()) {
        return listedTensor(emitter, value, path, owner);
    }
    if (value.isObject()) {
        return objectValue(value, path);
    }
    if (!value.isList() && !value.isTuple()) {
        return emitter.constant(value);
    }
    std::vector<ValuePtr> items;
    const auto add = [&](const c10::IValue& item) {
        items.push_back(
            attributeValue(emitter, item, path + "." + std::to_string(items.size()), owner));
    };
    if (value.isList()) {
        std::for_each(value.toListRef().begin(), value.toListRef().end(), add);
        return sequenceValue(ScriptValue::Kind::List, std::move(items), value.type());
    }
    const auto& elements = value.toTupleRef().elements();
    std::for_each(elements.begin(), elements.end(), add);
    return sequenceValue(ScriptValue::Kind::Tuple, std::move(items), value.type());
}

} // namespace

ValuePtr readAttribute(ScriptEmitter& emitter, const ScriptValue& object, const std::string& name,
                       const Place& place)
{
    BITLOOM_REQUIRE(object.kind == ScriptValue::Kind::Object, ErrorCode::Unsupported, place.text(),
                    " reads the attribute \"", name, "\" of something that is not a module");
    const auto& owner = object.examples.front().toObjectRef();
    const auto slot = owner.type()->findAttributeSlot(name);
    BITLOOM_REQUIRE(slot.has_value(), ErrorCode::Unsupported, place.text(),
                    " reads the attribute \"", name, "\" of a packed or custom class");
    const c10::IValue& value = owner.getSlot(*slot);
    const std::string path = joinPath(object.path, name);
    if (value.isTensor() && value.toTensor().defined()) {
        const bool isTrained = owner.type()->is_module() && owner.type()->is_parameter(*slot);
        return emitter.stored(path, value.toTensor(), isTrained);
    }
    return attributeValue(emitter, value, path, object);
}

} // namespace bitloom::io::script
