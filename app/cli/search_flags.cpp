// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/search_flags.h"

#include "app/cli/search_runs.h"

#include <CLI/CLI.hpp>

#include <filesystem>

namespace bitloom::cli {

namespace {
bool isPackedFile(const std::string& output)
{
    return output.ends_with(".safetensors") || output.ends_with(".h5");
}
} // namespace

SearchFlags::SearchFlags(const MethodDescription& method, CLI::App& parent, SweptOptions swept)
    : m_method(method), m_app(parent.add_subcommand(method.name, method.summary)),
      m_flags(*method.options, swept), m_name(method.name)
{
    m_app->footer("Source: " + method.source);
    m_model.declare(*m_app);
    m_data.declareBothSplits(*m_app);
    const std::string folder =
        "Project folder: exports/NAME.h5 is the packed outcome, runs/NAME.run.h5 "
        "history and state; the same command continues what was stopped";
    CLI::Option* const output = m_app->add_option("-o,--output", m_output, folder)->required();
    if (swept == SweptOptions::None) {
        output->description(folder +
                            ". Or the packed outcome, NAME.h5 or NAME.safetensors (in the layout "
                            "of compressed-tensors), with the project NAME.bitloom beside it");
    } else {
        output->check(CLI::Validator(
            [](const std::string& value) {
                return isPackedFile(value) ? "a sweep has several outcomes, so -o names its "
                                             "project folder, not a file like " +
                                                 value
                                           : std::string();
            },
            ""));
    }
    m_app
        ->add_option("--name", m_name,
                     swept == SweptOptions::One
                         ? "Of the runs in the project, followed by the option and its value"
                         : "Of this run in the project")
        ->check(CLI::Validator(objectionToRunName, ""))
        ->capture_default_str();
    m_flags.declare(*m_app);
}

std::string SearchFlags::project() const
{
    return isPackedFile(m_output)
               ? std::filesystem::path(m_output).replace_extension(".bitloom").string()
               : m_output;
}

std::string SearchFlags::packedFile() const
{
    return isPackedFile(m_output) ? m_output : std::string();
}

bool SearchFlags::isAsked() const
{
    return m_app->parsed();
}

engine::SearchJob SearchFlags::job() const
{
    engine::SearchJob job;
    job.method = m_method.name;
    job.model = m_model.ref();
    job.data = m_data.ref();
    job.options = m_flags.values();
    return job;
}

} // namespace bitloom::cli
