// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bitloom {

enum class OptionType {
    Flag,       ///< bool
    Integer,    ///< std::int64_t
    Real,       ///< double, finite
    Choice,     ///< std::string, one of OptionSpec::choices
    Text,       ///< std::string
    NumberList, ///< std::vector<double>, each within the range
};

using OptionValue = std::variant<bool, std::int64_t, double, std::string, std::vector<double>>;

/// One option of a method: what a flag, a field of a form, a project file and a table of the
/// documentation need to know about it.
struct OptionSpec {
    std::string name; ///< kebab-case: the flag without its dashes, and the key in files
    OptionType type = OptionType::Flag;
    OptionValue fallback;       ///< what holds when nothing is said; its type is that of `type`
    std::optional<double> low;  ///< smallest legal number
    std::optional<double> high; ///< largest legal number
    bool lowExcluded = false;   ///< low itself is not legal
    std::vector<std::string> choices; ///< of a Choice
    std::string unit;                 ///< "epochs", "images", "" = none
    std::string help;                 ///< one sentence without a full stop
    std::string originalName; ///< accepted too, where a published program calls it otherwise
    std::string group;        ///< heading in forms and help
    bool isFile = false;      ///< a Text that is the path of a file; empty: none
};

/// Values by the name of their option.
class OptionValues {
public:
    void set(std::string_view name, OptionValue value);
    /// nullptr where nothing was said.
    const OptionValue* find(std::string_view name) const;
    const std::map<std::string, OptionValue, std::less<>>& all() const { return m_values; }

    // For values that a schema has completed: an absent name or another type is a bug.
    bool flag(std::string_view name) const;
    std::int64_t integer(std::string_view name) const;
    double real(std::string_view name) const;
    const std::string& text(std::string_view name) const;
    const std::vector<double>& numbers(std::string_view name) const;

    bool operator==(const OptionValues&) const = default;

private:
    std::map<std::string, OptionValue, std::less<>> m_values;
};

/// Values that belong together under a name ("mnist-lenet5").
struct OptionPreset {
    std::string name;
    std::string help; ///< one sentence without a full stop
    OptionValues values;
};

/// Says when an option cannot be used: reason() gives "" or the words after "because" ("there is
/// nothing to prune without --include-pruning"). Its argument is complete.
struct OptionRule {
    std::string option;
    std::function<std::string(const OptionValues&)> reason;
};

/// The options of a method, described once: command line flags, the form in the window,
/// validation, project files and the documentation's table are made from it.
class OptionSchema {
public:
    /// A description that contradicts itself (two options of a name, a default outside its own
    /// range, a preset or a rule for an option that is not there) is a bug.
    OptionSchema(std::vector<OptionSpec> options, std::vector<OptionPreset> presets = {},
                 std::vector<OptionRule> rules = {});

    const std::vector<OptionSpec>& options() const { return m_options; }
    const std::vector<OptionPreset>& presets() const { return m_presets; }
    /// By its name or its original name. Errors: InvalidArgument with the nearest names.
    const OptionSpec& at(std::string_view name) const;
    /// Every option at its default.
    OptionValues defaults() const;
    /// The defaults, changed by the preset. Errors: InvalidArgument with the presets' names.
    OptionValues preset(std::string_view name) const;
    /// base, changed by what was said; names are told by at(). Errors: as at() and check().
    OptionValues completed(const OptionValues& base, const OptionValues& said) const;
    /// Why the option cannot be used along with these complete values; empty: it can.
    std::string unavailable(std::string_view option, const OptionValues& values) const;
    /// Errors: InvalidArgument naming the option, what was found and what is legal: a value of
    /// another type, outside its range, none of its choices, or one that differs from the default
    /// although a rule forbids its option.
    void check(const OptionValues& values) const;

    /// A value as it stands on a command line. Errors: InvalidArgument as check().
    OptionValue parse(const OptionSpec& option, std::string_view text) const;

private:
    std::vector<OptionSpec> m_options;
    std::vector<OptionPreset> m_presets;
    std::vector<OptionRule> m_rules;
};

/// The way back from OptionSchema::parse: "true", "0.001", "4,8".
std::string toText(const OptionValue& value);
/// What is legal, for people: "a number from 0 to 1", "one of l0 and fixed".
std::string legalValues(const OptionSpec& option);

/// The values that differ from their defaults as words of a command line ("--lambda", "0.5"), in
/// the schema's order and not quoted.
std::vector<std::string> commandLineWords(const OptionSchema& schema, const OptionValues& values);

/// {"lambda":0.1,"reg-type":"bop",...}
std::string toJson(const OptionValues& values);
/// Complete values: what the text does not say is at its default. Errors: CorruptFile for a text
/// that is no such object; else as OptionSchema::check().
OptionValues optionValuesFromJson(const OptionSchema& schema, std::string_view text);

/// A Markdown table of the options: name, default, legal values, unit, help, original name.
std::string optionTable(const OptionSchema& schema);

} // namespace bitloom
