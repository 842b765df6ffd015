// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/packed/packed_names.h"

#include "core/base/error.h"

#include <nlohmann/json.hpp>

namespace bitloom::io {

namespace {
bool isUtf8(std::string_view text)
{
    try {
        // The JSON library's strict error handler is a complete UTF-8 check.
        static_cast<void>(nlohmann::json(text).dump());
        return true;
    } catch (const nlohmann::json::type_error&) {
        return false;
    }
}
} // namespace

std::string linkNameOf(std::string_view name)
{
    BITLOOM_REQUIRE(!name.empty(), ErrorCode::InvalidArgument, "a name is empty");
    BITLOOM_REQUIRE(name.find('\0') == std::string_view::npos && isUtf8(name),
                    ErrorCode::InvalidArgument, "a name holds a zero byte or is not valid UTF-8");
    if (name == ".") {
        return "%2E";
    }
    std::string link;
    link.reserve(name.size());
    for (const char character : name) {
        if (character == '/') {
            link += "%2F";
        } else if (character == '%') {
            link += "%25";
        } else {
            link += character;
        }
    }
    return link;
}

} // namespace bitloom::io
