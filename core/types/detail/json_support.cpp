// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/detail/json_support.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

namespace bitloom::json {

namespace {

struct Position {
    std::size_t line = 1;
    std::size_t column = 1;
};

/// offset counts bytes; the parser reports the byte after the offending one.
Position positionOf(std::string_view text, std::size_t offset)
{
    const std::string_view before =
        text.substr(0, std::min(offset > 0 ? offset - 1 : 0, text.size()));
    const std::size_t lastBreak = before.rfind('\n');
    return {1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')),
            lastBreak == std::string_view::npos ? before.size() + 1 : before.size() - lastBreak};
}

/// First pass over untrusted text: validates it without building anything. The library's parser
/// keeps its own stack on the heap, so depth is safe here; it is limited for the recursive code
/// that sees the document later.
class Guard : public nlohmann::json_sax<Json> {
public:
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override
    {
        m_keys.emplace_back();
        return enter();
    }
    bool end_object() override
    {
        m_keys.pop_back();
        --m_depth;
        return true;
    }
    bool start_array(std::size_t) override { return enter(); }
    bool end_array() override
    {
        --m_depth;
        return true;
    }
    bool key(string_t& name) override
    {
        std::set<std::string>& keys = m_keys.back();
        if (keys.size() >= static_cast<std::size_t>(kMaxKeysPerObject)) {
            return reject(ErrorCode::UnsafeFile, detail::concatenate("one object has more than ",
                                                                     kMaxKeysPerObject, " keys"));
        }
        if (!keys.insert(name).second) {
            return reject(ErrorCode::CorruptFile,
                          detail::concatenate("the key '", name, "' appears twice in one object"));
        }
        return true;
    }
    bool parse_error(std::size_t position, const std::string& lastToken,
                     const nlohmann::detail::exception& error) override
    {
        m_offset = position;
        if (error.id == 406) {
            return reject(
                ErrorCode::CorruptFile,
                detail::concatenate("the number ", lastToken.substr(0, 40), " is too large"));
        }
        return reject(ErrorCode::CorruptFile, "not JSON");
    }

    std::optional<ErrorCode> code;
    std::string message;
    std::optional<std::size_t> offset() const { return m_offset; }

private:
    bool enter()
    {
        if (++m_depth > kMaxDepth) {
            return reject(ErrorCode::UnsafeFile,
                          detail::concatenate("nested deeper than ", kMaxDepth, " levels"));
        }
        return true;
    }
    bool reject(ErrorCode why, std::string text)
    {
        code = why;
        message = std::move(text);
        return false;
    }

    int m_depth = 0;
    std::vector<std::set<std::string>> m_keys;
    std::optional<std::size_t> m_offset;
};

std::string_view typeName(const Json& value)
{
    switch (value.type()) {
    case Json::value_t::null:
        return "null";
    case Json::value_t::object:
        return "an object";
    case Json::value_t::array:
        return "a list";
    case Json::value_t::string:
        return "a string";
    case Json::value_t::boolean:
        return "true or false";
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
        return "an integer";
    case Json::value_t::number_float:
        return "a number with a fraction";
    default:
        return "something else";
    }
}

} // namespace

Json parse(std::string_view text, std::string_view what)
{
    BITLOOM_REQUIRE(text.size() <= kMaxTextBytes, ErrorCode::UnsafeFile, what, ": the text has ",
                    text.size(), " bytes, at most ", kMaxTextBytes, " are read");
    Guard guard;
    if (!Json::sax_parse(text, &guard)) {
        if (guard.offset()) {
            const Position at = positionOf(text, *guard.offset());
            fail(guard.code.value_or(ErrorCode::CorruptFile), what, ": ", guard.message, " (line ",
                 at.line, ", column ", at.column, ")");
        }
        fail(guard.code.value_or(ErrorCode::CorruptFile), what, ": ", guard.message);
    }
    return Json::parse(text);
}

Cursor::Cursor(const Json& value, std::string path) : m_value(&value), m_path(std::move(path))
{
}

void Cursor::wrongType(std::string_view expected) const
{
    fail(ErrorCode::CorruptFile, "expected ", expected, ", found ", typeName(*m_value));
}

void Cursor::requireObject() const
{
    if (!m_value->is_object()) {
        wrongType("an object");
    }
}

std::optional<Cursor> Cursor::find(std::string_view key) const
{
    requireObject();
    const auto found = m_value->find(key);
    if (found == m_value->end()) {
        return std::nullopt;
    }
    return Cursor(*found, m_path.empty() ? std::string(key) : m_path + "." + std::string(key));
}

Cursor Cursor::at(std::string_view key) const
{
    std::optional<Cursor> found = find(key);
    if (!found) {
        fail(ErrorCode::CorruptFile, "the key '", key, "' is missing");
    }
    return *std::move(found);
}

std::string Cursor::extraBesides(std::initializer_list<std::string_view> known) const
{
    requireObject();
    Json extra = Json::object();
    for (const auto& [key, value] : m_value->items()) {
        if (std::find(known.begin(), known.end(), key) == known.end()) {
            extra[key] = value;
        }
    }
    return extra.empty() ? std::string() : extra.dump();
}

std::size_t Cursor::size() const
{
    if (!m_value->is_array()) {
        wrongType("a list");
    }
    return m_value->size();
}

Cursor Cursor::at(std::size_t index) const
{
    return Cursor((*m_value)[index], m_path + "[" + std::to_string(index) + "]");
}

std::string Cursor::text() const
{
    if (!m_value->is_string()) {
        wrongType("a string");
    }
    return m_value->get<std::string>();
}

bool Cursor::boolean() const
{
    if (!m_value->is_boolean()) {
        wrongType("true or false");
    }
    return m_value->get<bool>();
}

double Cursor::number() const
{
    if (!m_value->is_number()) {
        wrongType("a number");
    }
    return m_value->get<double>();
}

std::int64_t Cursor::integer(std::int64_t low, std::int64_t high) const
{
    if (!m_value->is_number_integer()) {
        wrongType("an integer");
    }
    const bool tooLarge =
        m_value->is_number_unsigned() && m_value->get<std::uint64_t>() > INT64_MAX;
    if (tooLarge || m_value->get<std::int64_t>() < low || m_value->get<std::int64_t>() > high) {
        fail(ErrorCode::InvalidArgument, "found ", m_value->dump(), ", allowed are ", low, "..",
             high);
    }
    return m_value->get<std::int64_t>();
}

std::uint64_t Cursor::unsignedInteger() const
{
    if (!m_value->is_number_integer()) {
        wrongType("an integer");
    }
    if (!m_value->is_number_unsigned()) {
        fail(ErrorCode::InvalidArgument, "found ", m_value->dump(), ", must not be negative");
    }
    return m_value->get<std::uint64_t>();
}

void checkHeader(const Cursor& document, std::string_view format, int newestVersion)
{
    document.requireObject();
    const std::optional<Cursor> found = document.find("format");
    if (!found || found->text() != format) {
        document.fail(ErrorCode::UnknownFormat, "expected \"format\": \"", format, "\", found ",
                      found ? found->raw().dump() : std::string("no such key"));
    }
    const Cursor version = document.at("version");
    const std::int64_t number = version.integer();
    if (number < 1) {
        version.fail(ErrorCode::CorruptFile, "found ", number, ", versions start at 1");
    }
    if (number > newestVersion) {
        version.fail(ErrorCode::Unsupported, "found ", number, ", this program reads up to ",
                     newestVersion, "; use a newer Bitloom");
    }
}

Json finite(double value, std::string_view what)
{
    BITLOOM_REQUIRE(std::isfinite(value), ErrorCode::NonFinite, what, " is ", value,
                    ", a finite number is needed");
    return value;
}

Json optionalNumber(const std::optional<double>& value, std::string_view what)
{
    return value ? finite(*value, what) : Json(nullptr);
}

std::optional<double> numberOrNull(const Cursor& value)
{
    return value.raw().is_null() ? std::nullopt : std::optional(value.number());
}

std::vector<std::int64_t> integers(const Cursor& list, std::int64_t low)
{
    std::vector<std::int64_t> values(list.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = list.at(i).integer(low);
    }
    return values;
}

std::vector<double> numbers(const Cursor& list)
{
    std::vector<double> values(list.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = list.at(i).number();
    }
    return values;
}

std::vector<std::string> texts(const Cursor& list)
{
    std::vector<std::string> values(list.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = list.at(i).text();
    }
    return values;
}

void appendExtra(Json& object, const std::string& extra)
{
    if (extra.empty()) {
        return;
    }
    const Json members = parse(extra, "extra keys");
    Cursor(members, "extra keys").requireObject();
    for (const auto& [key, value] : members.items()) {
        BITLOOM_REQUIRE(!object.contains(key), ErrorCode::CorruptFile, "the extra key '", key,
                        "' repeats a known key");
        object[key] = value;
    }
}

namespace {

std::string readable(const Json& text)
{
    return text.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool isUtf8(const Json& text)
{
    return readable(text).find("\xef\xbf\xbd") == std::string::npos;
}

/// The first text in value that is not UTF-8, with marks where it is not; empty: there is none.
std::string brokenText(const Json& value)
{
    if (value.is_string()) {
        return isUtf8(value) ? std::string() : readable(value);
    }
    for (const auto& [key, member] : value.items()) {
        const std::string inside = isUtf8(key) ? brokenText(member) : readable(key);
        if (!inside.empty()) {
            return inside;
        }
    }
    return {};
}

} // namespace

std::string dumpLine(const Json& value)
{
    try {
        return value.dump();
    } catch (const nlohmann::detail::exception&) {
        fail(ErrorCode::InvalidArgument, "the text ", brokenText(value),
             " is not UTF-8, and cannot be written as JSON; name files and tensors in UTF-8");
    }
}

std::string dumpDocument(const Json& document)
{
    std::string text = "{";
    const char* separator = "\n";
    for (const auto& [key, value] : document.items()) {
        text += separator + std::string("  ") + dumpLine(key) + ": ";
        separator = ",\n";
        if (value.is_array() && !value.empty() && value.front().is_object()) {
            const char* elementSeparator = "[\n";
            for (const Json& element : value) {
                text += elementSeparator + std::string("    ") + dumpLine(element);
                elementSeparator = ",\n";
            }
            text += "\n  ]";
        } else {
            text += dumpLine(value);
        }
    }
    return text + "\n}\n";
}

} // namespace bitloom::json
