// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/search_flags.h"

#include "app/cli/search_runs.h"

#include <CLI/CLI.hpp>

namespace bitloom::cli {

SearchFlags::SearchFlags(const MethodDescription& method, CLI::App& parent, SweptOptions swept)
    : m_method(method), m_app(parent.add_subcommand(method.name, method.summary)),
      m_flags(*method.options, swept), m_name(method.name)
{
    m_app->footer("Source: " + method.source);
    m_model.declare(*m_app);
    m_data.declareBothSplits(*m_app);
    m_app
        ->add_option("-o,--output", m_project,
                     "Project folder: exports/NAME.h5 is the packed outcome, runs/NAME.run.h5 "
                     "history and state; the same command continues what was stopped")
        ->required();
    m_app
        ->add_option("--name", m_name,
                     swept == SweptOptions::One
                         ? "Of the runs in the project, followed by the option and its value"
                         : "Of this run in the project")
        ->check(CLI::Validator(objectionToRunName, ""))
        ->capture_default_str();
    m_flags.declare(*m_app);
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
