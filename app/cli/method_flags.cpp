// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/method_flags.h"

#include "core/base/error.h"

#include <CLI/CLI.hpp>

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
               m_said.set(option.name, m_schema.parse(option, text));
           },
           option.help)
        ->check(CLI::Validator(
            [this, &option](const std::string& text) -> std::string {
                try {
                    m_schema.parse(option, text);
                } catch (const Error& error) {
                    return error.what();
                }
                return {};
            },
            ""))
        ->type_name(typeName(option))
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

OptionValues MethodFlags::values() const
{
    try {
        return m_schema.completed(
            m_preset.empty() ? m_schema.defaults() : m_schema.preset(m_preset), m_said);
    } catch (const Error& error) {
        throw CLI::ValidationError(error.what());
    }
}

} // namespace bitloom::cli
