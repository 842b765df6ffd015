// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace bitloom::io {

/// What the JSON beside a quantized checkpoint says of its codes: `quantization_config` of
/// config.json, or the files that AutoGPTQ and AutoAWQ write.
struct QuantizationConfig {
    std::filesystem::path file;
    std::string method; ///< "gptq", "awq", "compressed-tensors"; empty: config.json does not say it
    std::optional<std::int64_t> bits;
    std::optional<std::int64_t> groupSize; ///< columns that share a scale; -1: whole rows
    std::optional<bool> symmetric;         ///< zero points in the middle of the codes
    std::optional<bool> activationOrder;   ///< desc_act
    std::string checkpointFormat;          ///< "gptq", "gptq_v2"; empty: not said
    std::string version;                   ///< of AWQ: "gemm", "gemv"; lower case
};

/// Looks in the folder of weights; nullopt where nothing describes their codes.
/// Errors: CorruptFile for text that is no JSON or a value of another type; InvalidArgument where
///         two files contradict each other.
std::optional<QuantizationConfig> findQuantizationConfig(const std::filesystem::path& folder);

} // namespace bitloom::io
