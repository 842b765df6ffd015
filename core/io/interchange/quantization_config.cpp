// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/interchange/quantization_config.h"

#include "core/base/error.h"
#include "core/io/interchange/config_object.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <initializer_list>
#include <system_error>

namespace bitloom::io {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

/// The first of these keys that is there and not null.
template <typename T>
std::optional<T> valueOf(const Json& json, const fs::path& file,
                         std::initializer_list<const char*> keys)
{
    for (const char* key : keys) {
        const auto found = json.find(key);
        if (found == json.end() || found->is_null()) {
            continue;
        }
        const bool fits = std::is_same_v<T, bool>          ? found->is_boolean()
                          : std::is_same_v<T, std::string> ? found->is_string()
                                                           : found->is_number_integer();
        BITLOOM_REQUIRE(fits, ErrorCode::CorruptFile, file.string(), " has ", found->dump(),
                        " for ", key, ", which is of another type");
        return found->get<T>();
    }
    return std::nullopt;
}

std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

QuantizationConfig parse(const Json& json, const fs::path& file)
{
    QuantizationConfig config;
    config.file = file;
    const auto text = [&](std::initializer_list<const char*> keys) {
        return lowered(valueOf<std::string>(json, file, keys).value_or(""));
    };
    config.method = text({"quant_method"});
    if (config.method.empty()) { // these two programs' own files do not name them
        config.method = file.filename() == "quantize_config.json" ? "gptq"
                        : file.filename() == "quant_config.json"  ? "awq"
                                                                  : "";
    }
    config.bits = valueOf<std::int64_t>(json, file, {"bits", "w_bit"});
    config.groupSize = valueOf<std::int64_t>(json, file, {"group_size", "q_group_size"});
    config.symmetric = valueOf<bool>(json, file, {"sym"});
    config.activationOrder = valueOf<bool>(json, file, {"desc_act"});
    config.checkpointFormat = text({"checkpoint_format"});
    config.version = text({"version"});
    return config;
}

template <typename T>
void requireSame(const T& one, const T& other, const QuantizationConfig& left,
                 const QuantizationConfig& right, const char* what)
{
    BITLOOM_REQUIRE(one == T() || other == T() || one == other, ErrorCode::InvalidArgument,
                    left.file.string(), " and ", right.file.string(), " say different things of ",
                    what, "; move the wrong one away");
}

} // namespace

std::optional<QuantizationConfig> findQuantizationConfig(const fs::path& folder)
{
    std::optional<QuantizationConfig> found;
    for (const char* name : {"config.json", "quantize_config.json", "quant_config.json"}) {
        const fs::path file = folder / name;
        std::error_code absent;
        if (!fs::is_regular_file(file, absent)) {
            continue;
        }
        const Json json = readConfigObject(file);
        const bool isModelConfig = file.filename() == "config.json";
        const auto inner = json.find("quantization_config");
        if (isModelConfig && (inner == json.end() || !inner->is_object())) {
            continue; // of a network that is not quantized
        }
        const QuantizationConfig config = parse(isModelConfig ? *inner : json, file);
        if (!found) {
            found = config;
            continue;
        }
        requireSame(found->bits, config.bits, *found, config, "the bits");
        requireSame(found->groupSize, config.groupSize, *found, config, "the group size");
        requireSame(found->symmetric, config.symmetric, *found, config, "symmetry (sym)");
        requireSame(found->checkpointFormat, config.checkpointFormat, *found, config,
                    "the checkpoint_format");
    }
    return found;
}

} // namespace bitloom::io
