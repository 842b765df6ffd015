// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/script/script_plumbing.h"

#include <ATen/core/jit_type.h>

#include <algorithm>
#include <unordered_map>

namespace bitloom::io::script {
namespace {

using Inputs = std::vector<ValuePtr>;
using Outputs = std::vector<ValuePtr>;
using Kind = ScriptValue::Kind;

struct Call {
    ScriptEmitter& emitter;
    const Inputs& inputs;
    const Place& place;

    ScriptValue& self() const { return *inputs.front(); }
    std::size_t position(std::size_t argument, std::size_t limit) const
    {
        std::int64_t index = knownValue(*inputs[argument], "the position in a list", place).toInt();
        const auto count = static_cast<std::int64_t>(self().items.size());
        index = index < 0 ? index + count : index;
        BITLOOM_REQUIRE(index >= 0 && index < static_cast<std::int64_t>(limit),
                        ErrorCode::ShapeMismatch, place.text(), " reads item ", index,
                        " of a list of ", count);
        return static_cast<std::size_t>(index);
    }
    ValuePtr number(std::size_t value) const
    {
        return emitter.constant(static_cast<std::int64_t>(value));
    }
};

using Handler = Outputs (*)(const Call&);

Outputs length(const Call& call)
{
    return {call.number(call.self().items.size())};
}

Outputs item(const Call& call)
{
    return {call.self().items[call.position(1, call.self().items.size())]};
}

Outputs setItem(const Call& call)
{
    call.self().items[call.position(1, call.self().items.size())] = call.inputs[2];
    return {call.inputs.front()};
}

Outputs append(const Call& call)
{
    call.self().items.push_back(call.inputs[1]);
    return {call.inputs.front()};
}

Outputs extend(const Call& call)
{
    const Outputs more = itemsOf(call.emitter, call.inputs[1], call.place);
    call.self().items.insert(call.self().items.end(), more.begin(), more.end());
    return {};
}

Outputs insert(const Call& call)
{
    auto& items = call.self().items;
    items.insert(items.begin() + static_cast<std::ptrdiff_t>(call.position(1, items.size() + 1)),
                 call.inputs[2]);
    return {};
}

Outputs pop(const Call& call)
{
    auto& items = call.self().items;
    const std::size_t position = call.position(1, items.size());
    const ValuePtr taken = items[position];
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(position));
    return {taken};
}

Outputs reverse(const Call& call)
{
    std::reverse(call.self().items.begin(), call.self().items.end());
    return {};
}

Outputs clear(const Call& call)
{
    call.self().items.clear();
    return {};
}

Outputs copy(const Call& call)
{
    return {sequenceValue(Kind::List, call.self().items, call.self().type)};
}

Outputs concatenate(const Call& call)
{
    Outputs items = call.self().items;
    const Outputs more = itemsOf(call.emitter, call.inputs[1], call.place);
    items.insert(items.end(), more.begin(), more.end());
    return {sequenceValue(Kind::List, std::move(items), call.self().type)};
}

Outputs listSlice(const Call& call)
{
    const auto& items = call.self().items;
    const auto count = static_cast<std::int64_t>(items.size());
    const auto bound = [&](std::size_t argument, std::int64_t fallback) {
        const c10::IValue known =
            knownValue(*call.inputs[argument], "the bound of a slice", call.place);
        const std::int64_t value = known.isNone() ? fallback : known.toInt();
        return std::clamp(value < 0 ? value + count : value, std::int64_t{0}, count);
    };
    const std::int64_t step =
        knownValue(*call.inputs[3], "the step of a slice", call.place).toInt();
    BITLOOM_REQUIRE(step > 0, ErrorCode::Unsupported, call.place.text(),
                    " slices a list with step ", step);
    Outputs kept;
    const std::int64_t end = bound(2, count);
    for (std::int64_t i = bound(1, 0); i < end; i += step) {
        kept.push_back(items[static_cast<std::size_t>(i)]);
        if (end - i <= step) {
            break;
        }
    }
    return {sequenceValue(Kind::List, std::move(kept), call.self().type)};
}

/// The place of a key in a dictionary; keys.size() if it is not there.
std::size_t findKey(const Call& call)
{
    const c10::IValue key = knownValue(*call.inputs[1], "the key of a dictionary", call.place);
    const auto& keys = call.self().keys;
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [&](const c10::IValue& known) { return isSame(known, key); });
    return static_cast<std::size_t>(found - keys.begin());
}

Outputs dictItem(const Call& call)
{
    const std::size_t position = findKey(call);
    BITLOOM_REQUIRE(position < call.self().keys.size(), ErrorCode::ShapeMismatch, call.place.text(),
                    " reads a key that its dictionary does not hold");
    return {call.self().items[position]};
}

Outputs dictSetItem(const Call& call)
{
    const std::size_t position = findKey(call);
    if (position < call.self().keys.size()) {
        call.self().items[position] = call.inputs[2];
    } else {
        call.self().keys.push_back(call.inputs[1]->examples.front());
        call.self().items.push_back(call.inputs[2]);
    }
    return {};
}

Outputs dictContains(const Call& call)
{
    return {call.emitter.constant(findKey(call) < call.self().keys.size())};
}

Outputs dictKeys(const Call& call)
{
    Outputs keys;
    for (const c10::IValue& key : call.self().keys) {
        keys.push_back(call.emitter.constant(key));
    }
    return {sequenceValue(Kind::List, std::move(keys), nullptr)};
}

Outputs dictValues(const Call& call)
{
    return {sequenceValue(Kind::List, call.self().items, nullptr)};
}

Outputs dictItems(const Call& call)
{
    Outputs pairs;
    for (std::size_t i = 0; i < call.self().keys.size(); ++i) {
        pairs.push_back(sequenceValue(
            Kind::Tuple, {call.emitter.constant(call.self().keys[i]), call.self().items[i]},
            nullptr));
    }
    return {sequenceValue(Kind::List, std::move(pairs), nullptr)};
}

const std::unordered_map<std::string, Handler>& listHandlers()
{
    static const std::unordered_map<std::string, Handler> table = {
        {"aten::len", length},      {"aten::__getitem__", item}, {"aten::_set_item", setItem},
        {"aten::append", append},   {"aten::extend", extend},    {"aten::insert", insert},
        {"aten::pop", pop},         {"aten::reverse", reverse},  {"aten::clear", clear},
        {"aten::list", copy},       {"aten::copy", copy},        {"aten::add", concatenate},
        {"aten::slice", listSlice}, {"aten::add_", extend},
    };
    return table;
}

const std::unordered_map<std::string, Handler>& dictHandlers()
{
    static const std::unordered_map<std::string, Handler> table = {
        {"aten::len", length},
        {"aten::__getitem__", dictItem},
        {"aten::_set_item", dictSetItem},
        {"aten::__contains__", dictContains},
        {"aten::keys", dictKeys},
        {"aten::values", dictValues},
        {"aten::items", dictItems},
    };
    return table;
}

} // namespace

c10::IValue knownValue(const ScriptValue& value, const std::string& what, const Place& place)
{
    BITLOOM_REQUIRE(originOf(value) != Origin::Data, ErrorCode::Unsupported, place.text(), ": ",
                    what,
                    " depends on the data of a tensor, and a static graph has no data-dependent "
                    "control flow; trace "
                    "the module with torch.jit.trace on a typical input, or express the choice "
                    "with torch.where");
    const c10::IValue first = exampleOf(value, 0);
    for (std::size_t run = 1; value.kind == ScriptValue::Kind::Plain && run < value.examples.size();
         ++run) {
        BITLOOM_REQUIRE(isSame(first, value.examples[run]), ErrorCode::Unsupported, place.text(),
                        ": ", what,
                        " depends on the batch size, and the graph must be the same for every "
                        "batch size; compute it "
                        "from the other dimensions");
    }
    return first;
}

std::vector<ValuePtr> itemsOf(ScriptEmitter& emitter, const ValuePtr& value, const Place& place)
{
    if (value->isSequence()) {
        return value->items;
    }
    BITLOOM_REQUIRE(value->kind == Kind::Plain && value->examples.front().isList(),
                    ErrorCode::Unsupported, place.text(),
                    " takes apart something that is not a list");
    const std::size_t count = value->examples.front().toListRef().size();
    for (const c10::IValue& example : value->examples) {
        BITLOOM_REQUIRE(example.toListRef().size() == count, ErrorCode::Unsupported, place.text(),
                        ": the length of a list depends on the batch size, and the graph must be "
                        "the same for every "
                        "batch size");
    }
    std::vector<ValuePtr> items;
    for (std::size_t i = 0; i < count; ++i) {
        items.push_back(emitter.callOne(
            "aten::__getitem__.t", {value, emitter.constant(static_cast<std::int64_t>(i))}, place));
    }
    return items;
}

std::optional<std::vector<ValuePtr>> plumbing(ScriptEmitter& emitter, const std::string& op,
                                              const std::vector<ValuePtr>& inputs,
                                              const Place& place)
{
    if (inputs.empty()) {
        return std::nullopt;
    }
    const bool isDict = inputs.front()->kind == Kind::Dict;
    if (!isDict && !inputs.front()->isSequence()) {
        return std::nullopt;
    }
    const auto& table = isDict ? dictHandlers() : listHandlers();
    const auto found = table.find(op);
    if (found == table.end()) {
        return std::nullopt;
    }
    return found->second({emitter, inputs, place});
}

} // namespace bitloom::io::script
