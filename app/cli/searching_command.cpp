// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/searching_command.h"

#include "core/engine/method_catalog.h"

#include <CLI/CLI.hpp>

namespace bitloom::cli {

void SearchingCommand::declare(CLI::App& app)
{
    app.require_subcommand(1);
    for (const MethodDescription& method : engine::methodCatalog()) {
        m_methods.push_back(std::make_unique<SearchFlags>(method, app, m_swept));
    }
}

void SearchingCommand::run(Session& session)
{
    for (const auto& method : m_methods) {
        if (method->isAsked()) {
            search(session, *method);
        }
    }
}

} // namespace bitloom::cli
