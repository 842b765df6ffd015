// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/method_flags.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace bitloom::cli {

namespace {

std::string flagNames(const OptionSpec& option)
{
    return "--" + option.name + (option.originalName.empty() ? "" : ",--" + option.originalName);
}

std::string typeName(const OptionSpec& option)
{
    if (option.type == OptionType::Choice) {
        std::string names;
        for (const std::string& choice : option.choices) {
            names += (names.empty() ? "" : "|") + choice;
        }
        return names;
    }
    if (!option.unit.empty()) {
        return option.unit;
    }
    return option.type == OptionType::Text ? "TEXT" : "NUMBER";
}

} // namespace

bool MethodFlags::canBeSwept(const OptionSpec& option) const
{
    return m_swept == SweptOptions::One &&
           (option.type == OptionType::Integer || option.type == OptionType::Real);
}

/// At least one value. Errors: as OptionSchema::parse().
std::vector<OptionValue> MethodFlags::parse(const OptionSpec& option, const std::string& text) const
{
    if (!canBeSwept(option)) {
        return {m_schema.parse(option, text)};
    }
    std::vector<OptionValue> values;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        values.push_back(m_schema.parse(option, text.substr(begin, end - begin)));
        begin = end + 1;
    }
    return values;
}

void MethodFlags::declareOption(CLI::App& app, const OptionSpec& option)
{
    if (option.type == OptionType::Flag) {
        app.add_flag_function(
               flagNames(option),
               [this, name = option.name](std::int64_t) { m_said.set(name, true); }, option.help)
            ->group(option.group);
        return;
    }
    app.add_option_function<std::string>(
           flagNames(option),
           [this, &option](const std::string& text) {
               std::vector<OptionValue> values = parse(option, text);
               m_said.set(option.name, values.front());
               if (values.size() > 1) {
                   m_sweeps.push_back({option.name, std::move(values)});
               }
           },
           option.help)
        ->check(CLI::Validator(
            [this, &option](const std::string& text) -> std::string {
                try {
                    parse(option, text);
                } catch (const Error& error) {
                    return error.what();
                }
                return {};
            },
            ""))
        ->type_name(typeName(option) + (canBeSwept(option) ? "[,...]" : ""))
        ->default_str(toText(option.fallback))
        ->group(option.group);
}

void MethodFlags::declare(CLI::App& app)
{
    std::vector<std::string> names;
    std::string help = "Options that belong together, changed by what else is said:";
    for (const OptionPreset& preset : m_schema.presets()) {
        names.push_back(preset.name);
        help += (names.size() == 1 ? " " : "; ") + preset.name + " (" + preset.help + ")";
    }
    app.add_option("--preset", m_preset, help)->check(CLI::IsMember(names));
    for (const OptionSpec& option : m_schema.options()) {
        declareOption(app, option);
    }
}

OptionValues MethodFlags::completed(const OptionValues& said) const
{
    try {
        return m_schema.completed(
            m_preset.empty() ? m_schema.defaults() : m_schema.preset(m_preset), said);
    } catch (const Error& error) {
        throw CLI::ValidationError(error.what());
    }
}

OptionValues MethodFlags::values() const
{
    return completed(m_said);
}

OptionValues MethodFlags::valuesWith(const std::string& option, const OptionValue& value) const
{
    OptionValues said = m_said;
    said.set(option, value);
    return completed(said);
}

OptionSweep MethodFlags::sweep() const
{
    if (m_sweeps.size() != 1) {
        std::vector<std::string> names;
        for (const OptionSweep& one : m_sweeps) {
            names.push_back("--" + one.option);
        }
        throw CLI::ValidationError(
            (names.empty() ? std::string("no option has several values")
                           : joinForPeople(names) + " have several values") +
            "; a sweep goes through those of one number, e.g. --lambda 0.01,0.1,1");
    }
    const OptionSweep& only = m_sweeps.front();
    for (std::size_t i = 0; i < only.values.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (only.values[i] == only.values[j]) {
                throw CLI::ValidationError("--" + only.option + " has the value " +
                                           toText(only.values[i]) + " twice");
            }
        }
    }
    return only;
}

} // namespace bitloom::cli
