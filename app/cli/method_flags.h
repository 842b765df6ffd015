// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/option_schema.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace bitloom::cli {

/// How many options may be given several values.
enum class SweptOptions { None, One };

/// The values that a sweep goes through.
struct OptionSweep {
    std::string option; ///< OptionSpec::name
    std::vector<OptionValue> values;
};

/// The options of a method as flags, made from their description: --preset and one flag each.
class MethodFlags {
public:
    /// swept: One: a number may be several, with commas between them.
    MethodFlags(const OptionSchema& schema, SweptOptions swept) : m_schema(schema), m_swept(swept)
    {
    }

    void declare(CLI::App& app);
    /// Complete values: defaults, then the preset, then what was said; of a swept option its first
    /// value. Throws CLI::ValidationError for options that exclude each other.
    OptionValues values() const;
    /// Throws CLI::ValidationError unless exactly one option has several values, all different.
    OptionSweep sweep() const;
    /// values() with one option changed. Throws as values().
    OptionValues valuesWith(const std::string& option, const OptionValue& value) const;

private:
    void declareOption(CLI::App& app, const OptionSpec& option);
    bool canBeSwept(const OptionSpec& option) const;
    std::vector<OptionValue> parse(const OptionSpec& option, const std::string& text) const;
    OptionValues completed(const OptionValues& said) const;

    const OptionSchema& m_schema;
    SweptOptions m_swept;
    std::string m_preset;
    OptionValues m_said;
    std::vector<OptionSweep> m_sweeps; ///< options with several values
};

} // namespace bitloom::cli
