// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// For the .cpp files of core/types only: no public header includes this one.

#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::json {

using Json = nlohmann::ordered_json;

/// Limits for text from files. The largest real documents (tables of 1,000 layers) are below 4 MiB.
inline constexpr std::size_t kMaxTextBytes = std::size_t{64} << 20;
inline constexpr int kMaxDepth = 64;
/// Keys are looked up linearly, so one object with very many keys would cost quadratic time.
inline constexpr int kMaxKeysPerObject = 256;

/// Parses JSON that may be hostile: size, depth and keys are checked before the document is built.
/// Errors: CorruptFile with line and column for text that is not JSON, a duplicate key or a number
/// outside the range of double; UnsafeFile beyond the limits. what names the document, "bit plan".
Json parse(std::string_view text, std::string_view what);

/// A value together with its path in the document ("layers[3].weight.bits"), for errors that say
/// where. Errors: CorruptFile for a missing key or a wrong type, InvalidArgument for a value
/// outside its range.
class Cursor {
public:
    explicit Cursor(const Json& value, std::string path = {});

    const std::string& path() const { return m_path; }
    const Json& raw() const { return *m_value; }

    /// Requires an object.
    Cursor at(std::string_view key) const;
    std::optional<Cursor> find(std::string_view key) const;
    /// The members that are not listed, as the text of a JSON object; empty if there are none.
    std::string extraBesides(std::initializer_list<std::string_view> known) const;

    /// Requires an array.
    std::size_t size() const;
    Cursor at(std::size_t index) const;

    std::string text() const;
    bool boolean() const;
    double number() const;
    std::int64_t integer(std::int64_t low = INT64_MIN, std::int64_t high = INT64_MAX) const;
    std::uint64_t unsignedInteger() const;
    void requireObject() const;

    /// Throws, with the path in front of the message.
    template <typename... Parts>
    [[noreturn]] void fail(ErrorCode code, const Parts&... parts) const
    {
        bitloom::fail(code, m_path.empty() ? std::string("top level") : m_path, ": ", parts...);
    }

private:
    [[noreturn]] void wrongType(std::string_view expected) const;

    const Json* m_value;
    std::string m_path;
};

/// Checks "format" and "version" of a document. Errors: UnknownFormat, CorruptFile, Unsupported for
/// a newer version.
void checkHeader(const Cursor& document, std::string_view format, int newestVersion);

/// A finite number, or Error NonFinite: JSON has no NaN.
Json finite(double value, std::string_view what);

/// null where absent.
Json optionalNumber(const std::optional<double>& value, std::string_view what);
std::optional<double> numberOrNull(const Cursor& value);

/// Lists of one type.
std::vector<std::int64_t> integers(const Cursor& list, std::int64_t low = INT64_MIN);
std::vector<double> numbers(const Cursor& list);
std::vector<std::string> texts(const Cursor& list);

/// The value of an enumeration by its name, as its toString() writes it.
template <typename Enum, std::size_t N>
Enum named(const Cursor& value, const std::array<Enum, N>& all)
{
    const std::string name = value.text();
    for (const Enum candidate : all) {
        if (name == toString(candidate)) {
            return candidate;
        }
    }
    value.fail(ErrorCode::CorruptFile, "found \"", name, "\", which is none of the known names");
}

/// Appends the members of an extra text (a JSON object, or empty) to an object.
/// Errors: CorruptFile if extra is not a JSON object or repeats a key.
void appendExtra(Json& object, const std::string& extra);

/// Text of a document whose lists of objects have one line per element: small differences stay
/// small in a diff. Ends with a line break. Errors: InvalidArgument for a string that is not UTF-8.
std::string dumpDocument(const Json& document);
std::string dumpLine(const Json& value);

} // namespace bitloom::json
