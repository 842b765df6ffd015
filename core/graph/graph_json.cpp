// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/graph_json.h"

#include "core/base/checked_math.h"
#include "core/graph/constant.h"
#include "core/graph/graph_builder.h"
#include "core/graph/torch_errors.h"

#include <ATen/core/jit_type.h>
#include <ATen/ops/empty.h>

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>
#include <unordered_map>

namespace bitloom::graph {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxBytes = std::size_t{16} << 20;
constexpr int kMaxDepth = 16;
constexpr const char* kFormat = "bitloom-graph";
constexpr int kVersion = 1;

Json constantToJson(const c10::IValue& value)
{
    if (value.isNone()) {
        return nullptr;
    }
    if (value.isBool()) {
        return value.toBool();
    }
    if (value.isInt()) {
        return value.toInt();
    }
    if (value.isDouble()) {
        const double number = value.toDouble();
        return std::isfinite(number) ? Json(number) : Json{{"float", doubleText(number)}};
    }
    if (value.isString()) {
        return value.toStringRef();
    }
    if (value.isDevice()) {
        return {{"device", value.toDevice().str()}};
    }
    Json list = Json::array();
    for (const c10::IValue& item : value.toListRef()) {
        list.push_back(constantToJson(item));
    }
    return list;
}

Json argumentToJson(const Graph& graph, const Argument& argument)
{
    if (argument.isValue()) {
        return {{"value", graph.value(argument.value()).name}};
    }
    if (argument.isConstant()) {
        return constantToJson(argument.constant());
    }
    Json list = Json::array();
    for (const Argument& item : argument.list()) {
        list.push_back(argumentToJson(graph, item));
    }
    return {{"list", std::move(list)}};
}

Json namesToJson(const Graph& graph, const std::vector<ValueIndex>& values)
{
    Json names = Json::array();
    for (const ValueIndex value : values) {
        names.push_back(graph.value(value).name);
    }
    return names;
}

/// Limits the parser's own recursion-free but memory-hungry work: brackets outside strings, counted
/// in one pass.
void requireReasonable(std::string_view text)
{
    BITLOOM_REQUIRE(text.size() <= kMaxBytes, ErrorCode::UnsafeFile, "the graph description has ",
                    text.size(), " bytes, at most ", kMaxBytes, " are read");
    int depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString) {
            i += c == '\\' ? 1 : 0;
            inString = c != '"';
        } else if (c == '"') {
            inString = true;
        } else if (c == '[' || c == '{') {
            BITLOOM_REQUIRE(++depth <= kMaxDepth, ErrorCode::UnsafeFile,
                            "the graph description is nested deeper than ", kMaxDepth, " levels");
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
}

class GraphReader {
public:
    GraphReader(const Json& root, const TensorSource& tensorOf)
        : m_root(root), m_tensorOf(tensorOf),
          m_builder(member(root, "name", Json::value_t::string).get<std::string>())
    {
    }

    Graph read()
    {
        for (const Json& input : member(m_root, "inputs", Json::value_t::array)) {
            const std::string name = textMember(input, "name");
            define(name, m_builder.addInput(name, shapeOf(input, name)));
        }
        for (const Json& parameter : member(m_root, "parameters", Json::value_t::array)) {
            addParameter(parameter);
        }
        std::size_t index = 0;
        for (const Json& node : member(m_root, "nodes", Json::value_t::array)) {
            const std::string number = std::to_string(index++);
            withContext("node " + number, [&] { addNode(node); });
        }
        std::vector<ValueIndex> outputs;
        for (const Json& name : member(m_root, "outputs", Json::value_t::array)) {
            outputs.push_back(valueNamed(name));
        }
        return m_builder.finish(outputs);
    }

private:
    static const Json& member(const Json& object, const char* key, Json::value_t type)
    {
        BITLOOM_REQUIRE(object.is_object(), ErrorCode::CorruptFile, "found ", object.type_name(),
                        ", expected an object with \"", key, "\"");
        const auto found = object.find(key);
        BITLOOM_REQUIRE(found != object.end(), ErrorCode::CorruptFile, "\"", key, "\" is missing");
        BITLOOM_REQUIRE(found->type() == type, ErrorCode::CorruptFile, "\"", key, "\" is ",
                        found->type_name(), ", expected ", Json(type).type_name());
        return *found;
    }

    static std::string textMember(const Json& object, const char* key)
    {
        return member(object, key, Json::value_t::string).get<std::string>();
    }

    static std::int64_t wholeNumber(const Json& number, std::string_view what)
    {
        const bool fits = number.is_number_integer() &&
                          (!number.is_number_unsigned() ||
                           number.get<std::uint64_t>() <=
                               std::uint64_t{std::numeric_limits<std::int64_t>::max()});
        BITLOOM_REQUIRE(fits, ErrorCode::CorruptFile, what, " is not a whole number of 64 bits");
        return number.get<std::int64_t>();
    }

    static std::vector<std::int64_t> shapeOf(const Json& object, const std::string& name)
    {
        std::vector<std::int64_t> shape;
        for (const Json& size : member(object, "shape", Json::value_t::array)) {
            shape.push_back(wholeNumber(size, "a size in the shape of \"" + name + "\""));
        }
        checkedNumel(shape, "the shape of \"" + name + "\"");
        return shape;
    }

    void define(const std::string& name, ValueIndex value)
    {
        BITLOOM_REQUIRE(m_values.emplace(name, value).second, ErrorCode::CorruptFile,
                        "two values are called \"", name, "\"");
    }

    ValueIndex valueNamed(const Json& name) const
    {
        BITLOOM_REQUIRE(name.is_string(), ErrorCode::CorruptFile, "a value's name is ",
                        name.type_name(), ", expected string");
        const auto found = m_values.find(name.get_ref<const std::string&>());
        BITLOOM_REQUIRE(found != m_values.end(), ErrorCode::CorruptFile, "the value \"",
                        name.get_ref<const std::string&>(), "\" is used before it exists");
        return found->second;
    }

    void addParameter(const Json& parameter)
    {
        const std::string name = textMember(parameter, "name");
        const std::vector<std::int64_t> shape = shapeOf(parameter, name);
        const bool isBuffer = parameter.contains("buffer") &&
                              member(parameter, "buffer", Json::value_t::boolean).get<bool>();
        at::Tensor tensor;
        if (m_tensorOf) {
            tensor = m_tensorOf(name);
            BITLOOM_REQUIRE(tensor.defined() && tensor.sizes() == shape, ErrorCode::ShapeMismatch,
                            "the tensor of \"", name,
                            "\" does not have the shape that the graph states");
        } else {
            const auto options =
                at::TensorOptions(at::kMeta).dtype(typeNamed(textMember(parameter, "dtype"), name));
            tensor = translateTorchErrors(name, [&] { return at::empty(shape, options); });
        }
        const std::string value =
            parameter.contains("value") ? textMember(parameter, "value") : name;
        define(value, m_builder.addParameter(name, std::move(tensor), isBuffer));
    }

    static c10::ScalarType typeNamed(const std::string& text, const std::string& parameter)
    {
        for (const c10::ScalarType type :
             {at::kFloat, at::kDouble, at::kHalf, at::kBFloat16, at::kByte, at::kChar, at::kShort,
              at::kInt, at::kLong, at::kBool}) {
            if (text == c10::toString(type)) {
                return type;
            }
        }
        fail(ErrorCode::CorruptFile, "the parameter \"", parameter, "\" has the unknown type \"",
             text, "\"");
    }

    void addNode(const Json& node)
    {
        const std::string op = textMember(node, "op");
        BITLOOM_REQUIRE(isAllowedOperator(op), ErrorCode::UnsafeFile, "the operator \"", op,
                        "\" is not on the list of operators that a graph from a file may hold");
        std::vector<Argument> args;
        for (const Json& argument : member(node, "args", Json::value_t::array)) {
            args.push_back(argumentFrom(argument));
        }
        std::vector<std::string> names;
        for (const Json& name : member(node, "outputs", Json::value_t::array)) {
            BITLOOM_REQUIRE(name.is_string(), ErrorCode::CorruptFile, "an output's name is ",
                            name.type_name(), ", expected string");
            names.push_back(name.get<std::string>());
        }
        const auto outputs =
            m_builder.addNode(op, std::move(args), textMember(node, "scope"), names);
        for (std::size_t k = 0; k < outputs.size(); ++k) {
            define(names[k], outputs[k]);
        }
    }

    Argument argumentFrom(const Json& json) const
    {
        if (json.is_object() && json.contains("value")) {
            return arg(valueNamed(json["value"]));
        }
        if (json.is_object() && json.contains("list")) {
            std::vector<Argument> items;
            for (const Json& item : member(json, "list", Json::value_t::array)) {
                items.push_back(argumentFrom(item));
            }
            return {std::move(items)};
        }
        return arg(constantFrom(json));
    }

    static c10::IValue constantFrom(const Json& json)
    {
        switch (json.type()) {
        case Json::value_t::null:
            return {};
        case Json::value_t::boolean:
            return json.get<bool>();
        case Json::value_t::number_integer:
        case Json::value_t::number_unsigned:
            return wholeNumber(json, "a constant");
        case Json::value_t::number_float:
            return json.get<double>();
        case Json::value_t::string:
            return json.get<std::string>();
        case Json::value_t::array: {
            c10::impl::GenericList list(c10::AnyType::get());
            for (const Json& item : json) {
                list.push_back(constantFrom(item));
            }
            return list;
        }
        default:
            return specialFrom(json);
        }
    }

    static c10::IValue specialFrom(const Json& json)
    {
        if (json.contains("device")) {
            const std::string device = textMember(json, "device");
            return translateTorchErrors("the device \"" + device + "\"",
                                        [&] { return c10::Device(device); });
        }
        const std::string text = textMember(json, "float");
        for (const double number :
             {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
              std::numeric_limits<double>::quiet_NaN()}) {
            if (text == doubleText(number)) {
                return number;
            }
        }
        fail(ErrorCode::CorruptFile, "the constant {\"float\": \"", text,
             "\"} is not inf, -inf or nan");
    }

    const Json& m_root;
    const TensorSource& m_tensorOf;
    GraphBuilder m_builder;
    std::unordered_map<std::string, ValueIndex> m_values;
};

} // namespace

std::string toJson(const Graph& graph)
{
    Json root{{"format", kFormat}, {"version", kVersion}, {"name", graph.name()}};
    Json& inputs = root["inputs"] = Json::array();
    for (std::size_t i = 0; i < graph.inputs().size(); ++i) {
        inputs.push_back(
            {{"name", graph.value(graph.inputs()[i]).name}, {"shape", graph.inputShapes()[i]}});
    }
    Json& parameters = root["parameters"] = Json::array();
    for (const Parameter& parameter : graph.parameters()) {
        Json entry{{"name", parameter.name},
                   {"shape", parameter.tensor.sizes().vec()},
                   {"dtype", c10::toString(parameter.tensor.scalar_type())}};
        if (parameter.isBuffer) {
            entry["buffer"] = true;
        }
        if (const std::string& value = graph.value(parameter.value).name; value != parameter.name) {
            entry["value"] = value;
        }
        parameters.push_back(std::move(entry));
    }
    Json& nodes = root["nodes"] = Json::array();
    for (const Node& node : graph.nodes()) {
        BITLOOM_REQUIRE(isAllowedOperator(node.op), ErrorCode::Unsupported, describe(graph, node),
                        " uses an operator that a graph in a file may not hold");
        Json args = Json::array();
        for (const Argument& argument : node.args) {
            args.push_back(argumentToJson(graph, argument));
        }
        nodes.push_back({{"op", node.op},
                         {"scope", node.scope},
                         {"args", std::move(args)},
                         {"outputs", namesToJson(graph, node.outputs)}});
    }
    root["outputs"] = namesToJson(graph, graph.outputs());
    try {
        return root.dump();
    } catch (const nlohmann::json::exception& error) {
        fail(ErrorCode::Unsupported, "the names in ", graph.name(),
             " cannot be written as JSON: ", error.what());
    }
}

Graph graphFromJson(std::string_view text, const TensorSource& tensorOf)
{
    requireReasonable(text);
    Json root;
    try {
        root = Json::parse(text);
    } catch (const nlohmann::json::exception& error) {
        fail(ErrorCode::CorruptFile, "the graph description is not JSON: ", error.what());
    }
    BITLOOM_REQUIRE(root.is_object() && root.value("format", Json()) == kFormat,
                    ErrorCode::CorruptFile, "this is not a graph description: \"format\" is not \"",
                    kFormat, "\"");
    BITLOOM_REQUIRE(root.value("version", Json()) == kVersion, ErrorCode::Unsupported,
                    "the graph description has another version than ", kVersion);
    try {
        return withContext("graph description", [&] { return GraphReader(root, tensorOf).read(); });
    } catch (const Error& error) {
        // What the builder calls a wrong argument is, here, a file that contradicts itself.
        if (error.code() == ErrorCode::InvalidArgument || error.code() == ErrorCode::NotFound) {
            throw Error(ErrorCode::CorruptFile, error.what());
        }
        throw;
    }
}

} // namespace bitloom::graph
