// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/method_flags.h"
#include "app/cli/shared_options.h"

#include "core/engine/job.h"
#include "core/engine/method_catalog.h"

#include <string>

namespace CLI {
class App;
}

namespace bitloom::cli {

/// A method as a subcommand of search or sweep: its own flags, and what every search takes.
class SearchFlags {
public:
    SearchFlags(const MethodDescription& method, CLI::App& parent, SweptOptions swept);

    bool isAsked() const;
    /// Without files. Of a sweep: with the first value of its option. Throws CLI::ValidationError.
    engine::SearchJob job() const;
    /// The project folder: what -o names, or NAME.bitloom beside the packed file that it names.
    std::string project() const;
    /// The packed file that -o names; empty where it names a project.
    std::string packedFile() const;
    const std::string& name() const { return m_name; }
    const MethodFlags& options() const { return m_flags; }

private:
    const MethodDescription& m_method;
    CLI::App* m_app;
    MethodFlags m_flags;
    ModelOptions m_model;
    DataOptions m_data;
    std::string m_output;
    std::string m_name;
};

} // namespace bitloom::cli
