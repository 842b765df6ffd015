// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/command.h"
#include "app/cli/search_flags.h"

#include <memory>
#include <vector>

namespace bitloom::cli {

/// A command that searches: each method of the catalog is a subcommand of it.
class SearchingCommand : public Command {
public:
    explicit SearchingCommand(SweptOptions swept) : m_swept(swept) {}

    void declare(CLI::App& app) final;
    void run(Session& session) final;

private:
    /// With the method that was asked for.
    virtual void search(Session& session, const SearchFlags& flags) const = 0;

    SweptOptions m_swept;
    std::vector<std::unique_ptr<SearchFlags>> m_methods;
};

} // namespace bitloom::cli
