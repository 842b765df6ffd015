// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <filesystem>

namespace bitloom::io {

/// The object in a JSON file that lies beside weights and describes them, such as config.json.
/// Errors: CorruptFile for a file above 16 MiB, one of more than 64 levels or one that holds no
/// JSON object; IoError.
nlohmann::ordered_json readConfigObject(const std::filesystem::path& file);

} // namespace bitloom::io
