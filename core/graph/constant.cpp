// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/constant.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <ATen/core/jit_type.h>

#include <cmath>

namespace bitloom::graph {
namespace {

std::string quoted(const std::string& text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out + "\"";
}

std::optional<c10::IValue> fitList(const c10::IValue& value, const c10::TypePtr& elementType,
                                   std::optional<std::int32_t> listLength)
{
    c10::impl::GenericList list(elementType);
    if (!value.isList()) {
        const auto element = fitConstant(value, elementType, std::nullopt);
        if (!listLength || !element) {
            return std::nullopt;
        }
        for (std::int32_t i = 0; i < *listLength; ++i) {
            list.push_back(*element);
        }
        return c10::IValue(list);
    }
    list.reserve(value.toListRef().size());
    for (const c10::IValue& item : value.toListRef()) {
        const auto element = fitConstant(item, elementType, std::nullopt);
        if (!element) {
            return std::nullopt;
        }
        list.push_back(*element);
    }
    return c10::IValue(list);
}

} // namespace

bool isSupportedConstant(const c10::IValue& value)
{
    if (value.isList()) {
        for (const c10::IValue& item : value.toListRef()) {
            if (!isSupportedConstant(item)) {
                return false;
            }
        }
        return true;
    }
    return value.isNone() || value.isBool() || value.isInt() || value.isDouble() ||
           value.isString() || value.isDevice();
}

std::string doubleText(double value)
{
    if (std::isnan(value)) {
        return "nan";
    }
    if (std::isinf(value)) {
        return value > 0 ? "inf" : "-inf";
    }
    std::string text = shortestText(value);
    if (text.find_first_of(".e") == std::string::npos) {
        text += ".0";
    }
    return text;
}

std::string constantText(const c10::IValue& value)
{
    if (value.isNone()) {
        return "None";
    }
    if (value.isBool()) {
        return value.toBool() ? "true" : "false";
    }
    if (value.isInt()) {
        return std::to_string(value.toInt());
    }
    if (value.isDouble()) {
        return doubleText(value.toDouble());
    }
    if (value.isString()) {
        return quoted(value.toStringRef());
    }
    if (value.isDevice()) {
        return "device(" + quoted(value.toDevice().str()) + ")";
    }
    BITLOOM_REQUIRE(value.isList(), ErrorCode::Unsupported, "a constant of type ", value.tagKind(),
                    " cannot be part of a graph");
    std::string text = "[";
    for (const c10::IValue& item : value.toListRef()) {
        text += (text.size() > 1 ? ", " : "") + constantText(item);
    }
    return text + "]";
}

std::optional<c10::IValue> fitConstant(const c10::IValue& value, const c10::TypePtr& type,
                                       std::optional<std::int32_t> listLength)
{
    const auto when = [&value](bool fits) { return fits ? std::optional(value) : std::nullopt; };
    switch (type->kind()) {
    case c10::TypeKind::OptionalType:
        return value.isNone()
                   ? when(true)
                   : fitConstant(value, type->expectRef<c10::OptionalType>().getElementType(),
                                 listLength);
    case c10::TypeKind::ListType:
        return fitList(value, type->expectRef<c10::ListType>().getElementType(), listLength);
    case c10::TypeKind::FloatType:
        return value.isInt() ? std::optional<c10::IValue>(static_cast<double>(value.toInt()))
                             : when(value.isDouble());
    case c10::TypeKind::NumberType:
        return when(value.isInt() || value.isDouble() || value.isBool());
    case c10::TypeKind::IntType:
        return when(value.isInt());
    case c10::TypeKind::BoolType:
        return when(value.isBool());
    case c10::TypeKind::StringType:
        return when(value.isString());
    case c10::TypeKind::DeviceObjType:
        return when(value.isDevice());
    case c10::TypeKind::NoneType:
        return when(value.isNone());
    case c10::TypeKind::VarType:
    case c10::TypeKind::AnyType:
        return when(isSupportedConstant(value));
    default:
        return std::nullopt;
    }
}

} // namespace bitloom::graph
