// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/option_schema.h"

#include <string>

namespace CLI {
class App;
}

namespace bitloom::cli {

/// The options of a method as flags, made from their description: --preset and one flag each.
class MethodFlags {
public:
    explicit MethodFlags(const OptionSchema& schema) : m_schema(schema) {}

    void declare(CLI::App& app);
    /// Complete values: defaults, then the preset, then what was said. Throws CLI::ValidationError
    /// for options that exclude each other.
    OptionValues values() const;

private:
    void declareOption(CLI::App& app, const OptionSpec& option);

    const OptionSchema& m_schema;
    std::string m_preset;
    OptionValues m_said;
};

} // namespace bitloom::cli
