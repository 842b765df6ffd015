// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/interchange/config_object.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"

#include <nlohmann/json.hpp>

namespace bitloom::io {

nlohmann::ordered_json readConfigObject(const std::filesystem::path& file)
{
    constexpr std::size_t kMaxBytes = std::size_t{16} << 20;
    constexpr int kMaxDepth = 64;
    const MappedFile content(file);
    BITLOOM_REQUIRE(content.size() <= kMaxBytes, ErrorCode::CorruptFile, file.string(), " has ",
                    content.size(), " bytes; a configuration has at most ", kMaxBytes);
    const auto* const text = reinterpret_cast<const char*>(content.bytes().data());
    // Whoever writes such an object again does so by recursion.
    const auto requireShallow = [&](int depth, nlohmann::ordered_json::parse_event_t,
                                    nlohmann::ordered_json&) {
        BITLOOM_REQUIRE(depth <= kMaxDepth, ErrorCode::CorruptFile, file.string(),
                        " is nested more than ", kMaxDepth, " levels deep");
        return true;
    };
    nlohmann::ordered_json json =
        nlohmann::ordered_json::parse(text, text + content.size(), requireShallow, false);
    BITLOOM_REQUIRE(json.is_object(), ErrorCode::CorruptFile, file.string(),
                    " is not a JSON object");
    return json;
}

} // namespace bitloom::io
