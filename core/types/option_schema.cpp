// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/option_schema.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/types/detail/json_support.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace bitloom {

namespace {

/// The whole text as a number, or nullopt.
template <typename Number>
std::optional<Number> wholeNumber(std::string_view text)
{
    Number value{};
    const char* const first = text.data();
    const char* const last = first + text.size();
    const auto [end, failure] = std::from_chars(first, last, value);
    return failure == std::errc{} && end == last ? std::optional(value) : std::nullopt;
}

std::vector<std::string_view> splitAtCommas(std::string_view text)
{
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        parts.push_back(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return parts;
}

bool hasTypeOf(OptionType type, const OptionValue& value)
{
    switch (type) {
    case OptionType::Flag:
        return std::holds_alternative<bool>(value);
    case OptionType::Integer:
        return std::holds_alternative<std::int64_t>(value);
    case OptionType::Real:
        return std::holds_alternative<double>(value);
    case OptionType::Choice:
    case OptionType::Text:
        return std::holds_alternative<std::string>(value);
    case OptionType::NumberList:
        return std::holds_alternative<std::vector<double>>(value);
    }
    return false;
}

bool inRange(const OptionSpec& option, double value)
{
    return std::isfinite(value) && (!option.high || value <= *option.high) &&
           (!option.low || (option.lowExcluded ? value > *option.low : value >= *option.low));
}

bool isLegal(const OptionSpec& option, const OptionValue& value)
{
    if (!hasTypeOf(option.type, value)) {
        return false;
    }
    switch (option.type) {
    case OptionType::Integer:
        return inRange(option, static_cast<double>(std::get<std::int64_t>(value)));
    case OptionType::Real:
        return inRange(option, std::get<double>(value));
    case OptionType::Choice:
        return std::find(option.choices.begin(), option.choices.end(),
                         std::get<std::string>(value)) != option.choices.end();
    case OptionType::NumberList: {
        const auto& numbers = std::get<std::vector<double>>(value);
        return std::all_of(numbers.begin(), numbers.end(),
                           [&](double number) { return inRange(option, number); });
    }
    case OptionType::Flag:
    case OptionType::Text:
        return true;
    }
    return false;
}

[[noreturn]] void failIllegal(const OptionSpec& option, std::string_view found)
{
    fail(ErrorCode::InvalidArgument, "option '", option.name, "': found '", found, "', expected ",
         legalValues(option));
}

json::Json toJsonValue(const OptionValue& value)
{
    return std::visit([](const auto& plain) { return json::Json(plain); }, value);
}

OptionValue fromJsonValue(const OptionSpec& option, const json::Cursor& value)
{
    switch (option.type) {
    case OptionType::Flag:
        return value.boolean();
    case OptionType::Integer:
        return value.integer();
    case OptionType::Real:
        return value.number();
    case OptionType::Choice:
    case OptionType::Text:
        return value.text();
    case OptionType::NumberList:
        return json::numbers(value);
    }
    return {};
}

} // namespace

void OptionValues::set(std::string_view name, OptionValue value)
{
    m_values.insert_or_assign(std::string(name), std::move(value));
}

const OptionValue* OptionValues::find(std::string_view name) const
{
    const auto found = m_values.find(name);
    return found == m_values.end() ? nullptr : &found->second;
}

namespace {

template <typename T>
const T& typedValue(const OptionValues& values, std::string_view name)
{
    const OptionValue* const value = values.find(name);
    BITLOOM_ASSERT(value != nullptr && std::holds_alternative<T>(*value));
    return std::get<T>(*value);
}

} // namespace

bool OptionValues::flag(std::string_view name) const
{
    return typedValue<bool>(*this, name);
}

std::int64_t OptionValues::integer(std::string_view name) const
{
    return typedValue<std::int64_t>(*this, name);
}

double OptionValues::real(std::string_view name) const
{
    return typedValue<double>(*this, name);
}

const std::string& OptionValues::text(std::string_view name) const
{
    return typedValue<std::string>(*this, name);
}

const std::vector<double>& OptionValues::numbers(std::string_view name) const
{
    return typedValue<std::vector<double>>(*this, name);
}

OptionSchema::OptionSchema(std::vector<OptionSpec> options, std::vector<OptionPreset> presets,
                           std::vector<OptionRule> rules)
    : m_options(std::move(options)), m_presets(std::move(presets)), m_rules(std::move(rules))
{
    std::vector<std::string> names;
    for (const OptionSpec& option : m_options) {
        names.push_back(option.name);
        if (!option.originalName.empty()) {
            names.push_back(option.originalName);
        }
        BITLOOM_ASSERT(isLegal(option, option.fallback));
    }
    std::sort(names.begin(), names.end());
    BITLOOM_ASSERT(std::adjacent_find(names.begin(), names.end()) == names.end());
    for (const OptionRule& rule : m_rules) {
        BITLOOM_ASSERT(std::binary_search(names.begin(), names.end(), rule.option));
    }
    check(defaults());
    for (const OptionPreset& preset : m_presets) {
        check(this->preset(preset.name));
    }
}

const OptionSpec& OptionSchema::at(std::string_view name) const
{
    const auto found =
        std::find_if(m_options.begin(), m_options.end(), [&](const OptionSpec& option) {
            return option.name == name ||
                   (!option.originalName.empty() && option.originalName == name);
        });
    if (found == m_options.end()) {
        std::vector<std::string> names;
        for (const OptionSpec& option : m_options) {
            names.push_back(option.name);
        }
        fail(ErrorCode::InvalidArgument, "there is no option '", name, "'; the nearest are ",
             joinForPeople(nearestNames(name, names)));
    }
    return *found;
}

OptionValues OptionSchema::defaults() const
{
    OptionValues values;
    for (const OptionSpec& option : m_options) {
        values.set(option.name, option.fallback);
    }
    return values;
}

OptionValues OptionSchema::preset(std::string_view name) const
{
    std::vector<std::string> names;
    for (const OptionPreset& preset : m_presets) {
        if (preset.name == name) {
            return completed(defaults(), preset.values);
        }
        names.push_back(preset.name);
    }
    fail(ErrorCode::InvalidArgument, "there is no preset '", name, "'; there are ",
         joinForPeople(names));
}

OptionValues OptionSchema::completed(const OptionValues& base, const OptionValues& said) const
{
    OptionValues values = base;
    for (const auto& [name, value] : said.all()) {
        values.set(at(name).name, value);
    }
    check(values);
    return values;
}

std::string OptionSchema::unavailable(std::string_view option, const OptionValues& values) const
{
    for (const OptionRule& rule : m_rules) {
        if (rule.option == option) {
            if (std::string reason = rule.reason(values); !reason.empty()) {
                return reason;
            }
        }
    }
    return {};
}

void OptionSchema::check(const OptionValues& values) const
{
    for (const auto& [name, value] : values.all()) {
        const OptionSpec& option = at(name);
        if (!isLegal(option, value)) {
            failIllegal(option, toText(value));
        }
        if (value != option.fallback) {
            const std::string reason = unavailable(option.name, values);
            BITLOOM_REQUIRE(reason.empty(), ErrorCode::InvalidArgument, "option '", option.name,
                            "' cannot be ", toText(value), " because ", reason);
        }
    }
}

OptionValue OptionSchema::parse(const OptionSpec& option, std::string_view text) const
{
    std::optional<OptionValue> value;
    switch (option.type) {
    case OptionType::Flag:
        if (text == "true" || text == "false") {
            value = text == "true";
        }
        break;
    case OptionType::Integer:
        value = wholeNumber<std::int64_t>(text);
        break;
    case OptionType::Real:
        value = wholeNumber<double>(text);
        break;
    case OptionType::Choice:
    case OptionType::Text:
        value = std::string(text);
        break;
    case OptionType::NumberList: {
        std::vector<double> numbers;
        for (const std::string_view part : splitAtCommas(text)) {
            const auto number = wholeNumber<double>(part);
            if (!number) {
                failIllegal(option, text);
            }
            numbers.push_back(*number);
        }
        value = std::move(numbers);
        break;
    }
    }
    if (!value || !isLegal(option, *value)) {
        failIllegal(option, text);
    }
    return *value;
}

std::string toText(const OptionValue& value)
{
    struct Writer {
        std::string operator()(bool flag) const { return flag ? "true" : "false"; }
        std::string operator()(std::int64_t number) const { return std::to_string(number); }
        std::string operator()(double number) const { return shortestText(number); }
        std::string operator()(const std::string& text) const { return text; }
        std::string operator()(const std::vector<double>& numbers) const
        {
            std::string text;
            for (const double number : numbers) {
                text += (text.empty() ? "" : ",") + shortestText(number);
            }
            return text;
        }
    };
    return std::visit(Writer{}, value);
}

std::string legalValues(const OptionSpec& option)
{
    if (option.type == OptionType::Flag) {
        return "true or false";
    }
    if (option.type == OptionType::Choice) {
        return "one of " + joinForPeople(option.choices);
    }
    if (option.type == OptionType::Text) {
        return "a text";
    }
    std::string words = option.type == OptionType::Integer      ? "a whole number"
                        : option.type == OptionType::NumberList ? "numbers with commas between"
                                                                : "a number";
    if (option.low && option.high && !option.lowExcluded) {
        words += " from " + shortestText(*option.low) + " to " + shortestText(*option.high);
    } else {
        if (option.low) {
            words += (option.lowExcluded ? " above " : " of at least ") + shortestText(*option.low);
        }
        if (option.high) {
            words += (option.low ? " and at most " : " of at most ") + shortestText(*option.high);
        }
    }
    return words;
}

std::vector<std::string> commandLineWords(const OptionSchema& schema, const OptionValues& values)
{
    std::vector<std::string> words;
    for (const OptionSpec& option : schema.options()) {
        const OptionValue* const value = values.find(option.name);
        if (value == nullptr || *value == option.fallback) {
            continue;
        }
        words.push_back("--" + option.name);
        if (option.type != OptionType::Flag) {
            words.push_back(toText(*value));
        }
    }
    return words;
}

std::string toJson(const OptionValues& values)
{
    json::Json object = json::Json::object();
    for (const auto& [name, value] : values.all()) {
        object[name] = toJsonValue(value);
    }
    return json::dumpLine(object);
}

OptionValues optionValuesFromJson(const OptionSchema& schema, std::string_view text)
{
    const json::Json document = json::parse(text, "options");
    const json::Cursor top(document);
    top.requireObject();
    OptionValues said;
    for (const auto& item : document.items()) {
        said.set(schema.at(item.key()).name,
                 fromJsonValue(schema.at(item.key()), top.at(item.key())));
    }
    return schema.completed(schema.defaults(), said);
}

std::string optionTable(const OptionSchema& schema)
{
    std::string table = "| option | default | values | meaning |\n|---|---|---|---|\n";
    for (const OptionSpec& option : schema.options()) {
        const std::string fallback = toText(option.fallback);
        table += "| `--" + option.name + "`";
        if (!option.originalName.empty()) {
            table += " (`--" + option.originalName + "`)";
        }
        table += " | " + (fallback.empty() ? "none" : fallback) + " | " + legalValues(option) +
                 (option.unit.empty() ? "" : ", " + option.unit) + " | " + option.help + " |\n";
    }
    return table;
}

} // namespace bitloom
