// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/interchange/compressed_tensors_config.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/io/interchange/compressed_tensors.h"
#include "core/io/interchange/config_object.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <regex>
#include <set>
#include <system_error>
#include <utility>

namespace bitloom::io {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

/// The standard library's regular expressions take a stack frame per letter.
constexpr std::size_t kMaxPattern = 512;
constexpr std::string_view kMethod = "compressed-tensors";
constexpr std::string_view kFormat = "pack-quantized";
constexpr std::string_view kPattern = "re:";
constexpr auto kStrategies =
    std::to_array<std::pair<std::string_view, ScaleStrategy>>({{"tensor", ScaleStrategy::Tensor},
                                                               {"channel", ScaleStrategy::Channel},
                                                               {"group", ScaleStrategy::Group}});

/// Of a value that is there and not null.
const Json* find(const Json& object, const char* key)
{
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string textOf(const Json& object, const char* key)
{
    const Json* value = find(object, key);
    return value == nullptr ? std::string() : value->get<std::string>();
}

ScaleStrategy strategyFrom(const Json& weights, std::int64_t groupSize)
{
    const std::string text = textOf(weights, "strategy");
    if (text.empty()) {
        return groupSize > 0    ? ScaleStrategy::Group
               : groupSize == 0 ? ScaleStrategy::Tensor
                                : ScaleStrategy::Channel;
    }
    const auto* const known =
        std::ranges::find(kStrategies, text, &std::pair<std::string_view, ScaleStrategy>::first);
    BITLOOM_REQUIRE(known != kStrategies.end(), ErrorCode::Unsupported,
                    "weights are quantized with the strategy \"", text,
                    "\"; tensor, channel and group are read");
    return known->second;
}

WeightScheme schemeFrom(const Json& weights)
{
    WeightScheme scheme;
    const std::string type = textOf(weights, "type");
    const std::int64_t bits = weights.at("num_bits").get<std::int64_t>();
    BITLOOM_REQUIRE((type.empty() || type == "int") && bits >= 1 && bits <= 8,
                    ErrorCode::Unsupported, "weights of ", bits, " bits and type \"", type,
                    "\"; integers of 1 to 8 bits are read");
    scheme.bits = static_cast<int>(bits);
    const Json* symmetric = find(weights, "symmetric");
    scheme.isSymmetric = symmetric == nullptr || symmetric->get<bool>();
    const Json* size = find(weights, "group_size");
    const std::int64_t groupSize = size == nullptr ? 0 : size->get<std::int64_t>();
    scheme.strategy = strategyFrom(weights, groupSize);
    if (scheme.strategy == ScaleStrategy::Group) {
        BITLOOM_REQUIRE(groupSize > 0, ErrorCode::CorruptFile,
                        "weights are quantized in groups of ", groupSize, " columns");
        scheme.groupSize = groupSize;
    }
    const Json* order = find(weights, "actorder"); // true, or a name
    scheme.hasActivationOrder =
        order != nullptr &&
        (order->is_boolean() ? order->get<bool>() : *order == "group" || *order == "dynamic");
    return scheme;
}

/// Codes lie packed in words, or one to an int8 or int16 under the name of the weight.
void requireReadable(const std::string& format)
{
    BITLOOM_REQUIRE(format.empty() || format == kFormat || format == "int-quantized" ||
                        format == "naive-quantized",
                    ErrorCode::Unsupported, "weights are of the format \"", format,
                    "\" of compressed-tensors; ", kFormat,
                    ", int-quantized and naive-quantized are read: save the model in one of them, "
                    "or with its weights dequantized");
}

CompressedTensorsConfig configFrom(const Json& json)
{
    CompressedTensorsConfig config;
    const std::string method = textOf(json, "quant_method");
    BITLOOM_REQUIRE(method == kMethod, ErrorCode::Unsupported,
                    "quantization_config is of the method \"", method, "\", ", kMethod,
                    " was expected");
    const std::string format = textOf(json, "format");
    if (format != "mixed-precision") { // then each group has its own
        requireReadable(format);
    }
    for (const auto& item : json.at("config_groups").items()) {
        withContext(item.key(), [&] {
            const Json* weights = find(item.value(), "weights");
            if (weights == nullptr) {
                return;
            }
            requireReadable(textOf(item.value(), "format"));
            config.groups.push_back(
                {schemeFrom(*weights), item.value().at("targets").get<std::vector<std::string>>()});
            if (find(item.value(), "input_activations") != nullptr) {
                config.notes.push_back({PhraseId::InputActivationsLeft, {item.key()}});
            }
            if (find(item.value(), "output_activations") != nullptr) {
                config.notes.push_back({PhraseId::OutputActivationsLeft, {item.key()}});
            }
        });
    }
    if (find(json, "kv_cache_scheme") != nullptr) {
        config.notes.emplace_back(PhraseId::CacheSchemeLeft);
    }
    if (const Json* version = find(json, "version")) {
        config.version = version->get<std::string>();
    }
    return config;
}

Json describe(const SchemeGroup& group)
{
    const WeightScheme& scheme = group.weights;
    const auto* const strategy = std::ranges::find(
        kStrategies, scheme.strategy, &std::pair<std::string_view, ScaleStrategy>::second);
    const bool grouped = scheme.strategy == ScaleStrategy::Group;
    return {{"targets", group.targets},
            {"weights",
             {{"num_bits", scheme.bits},
              {"type", "int"},
              {"symmetric", scheme.isSymmetric},
              {"strategy", strategy->first},
              {"group_size", grouped ? Json(scheme.groupSize) : Json()},
              {"actorder", scheme.hasActivationOrder ? Json("group") : Json()},
              {"dynamic", false}}},
            {"format", kFormat}};
}

/// What a config.json says besides how the weights are quantized, under either name.
Json keptOf(const fs::path& file)
{
    Json document = readConfigObject(file);
    document.erase("quantization_config");
    document.erase("compression_config");
    return document;
}

bool matches(const std::string& module, const std::string& pattern)
{
    BITLOOM_REQUIRE(pattern.size() <= kMaxPattern && module.size() <= kMaxPattern,
                    ErrorCode::Unsupported, "the target re:", pattern.substr(0, 64),
                    "... or the name of a module is longer than ", kMaxPattern, " letters");
    try {
        return std::regex_search(module, std::regex(pattern),
                                 std::regex_constants::match_continuous);
    } catch (const std::regex_error& error) {
        fail(ErrorCode::Unsupported, "the target re:", pattern, " cannot be read: ", error.what());
    }
}

} // namespace

const WeightScheme& CompressedTensorsConfig::schemeOf(const std::string& module) const
{
    if (groups.size() == 1) { // it is packed, and this is the only way of packing
        return groups.front().weights;
    }
    for (const SchemeGroup& group : groups) {
        if (std::ranges::find(group.targets, module) != group.targets.end()) {
            return group.weights;
        }
    }
    std::set<WeightScheme> byClass;
    const WeightScheme* last = nullptr;
    for (const SchemeGroup& group : groups) {
        for (const std::string& target : group.targets) {
            if (!target.starts_with(kPattern)) {
                // Names of classes are capitalised; the file does not say of which class a
                // module is.
                if (!target.empty() && target.front() >= 'A' && target.front() <= 'Z') {
                    byClass.insert(group.weights);
                    last = &group.weights;
                }
            } else if (matches(module, target.substr(kPattern.size()))) {
                return group.weights;
            }
        }
    }
    BITLOOM_REQUIRE(byClass.size() == 1, ErrorCode::CorruptFile, file.string(), " has ",
                    groups.size(), " config_groups, ",
                    byClass.empty() ? "none of which names module "
                                    : "several of which may concern module ",
                    module);
    return *last;
}

CompressedTensorsConfig readCompressedTensorsConfig(const fs::path& file)
{
    const Json json = readConfigObject(file);
    return withContext(file.string(), [&] {
        const Json* inner = find(json, "quantization_config");
        inner = inner == nullptr ? find(json, "compression_config") : inner; // its older name
        BITLOOM_REQUIRE(inner != nullptr && inner->is_object(), ErrorCode::CorruptFile,
                        "there is no quantization_config");
        try {
            CompressedTensorsConfig config = configFrom(*inner);
            config.file = file;
            return config;
        } catch (const Json::exception& error) {
            fail(ErrorCode::CorruptFile, "quantization_config is damaged: ", error.what());
        }
    });
}

std::vector<std::string> keptConfigKeys(const fs::path& file)
{
    const Json kept = keptOf(file);
    std::vector<std::string> keys;
    for (const auto& item : kept.items()) {
        keys.push_back(item.key());
    }
    return keys;
}

std::string configTextWith(const CompressedTensorsConfig& config)
{
    std::error_code absent;
    Json document = fs::exists(config.file, absent) ? keptOf(config.file) : Json::object();
    Json groups = Json::object();
    for (const SchemeGroup& group : config.groups) {
        groups["group_" + std::to_string(groups.size())] = describe(group);
    }
    document["quantization_config"] = {{"quant_method", kMethod},
                                       {"format", kFormat},
                                       {"quantization_status", "compressed"},
                                       {"version", config.version.value_or("")},
                                       {"config_groups", groups},
                                       {"ignore", config.ignore}};
    return document.dump(2) + "\n";
}

} // namespace bitloom::io
