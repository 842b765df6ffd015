// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/project_recorder.h"
#include "app/cli/session.h"

#include "core/engine/search_request.h"
#include "core/types/search_result.h"

#include <string>

namespace bitloom::cli {

/// Whether a run of this name can have files of its own; empty: it can, else why not.
std::string objectionToRunName(const std::string& name);

/// One run of a search and what it came to.
struct SearchedRun {
    Json json; ///< as --json prints it
    SearchResult result;
};

/// Runs a search, or goes on with it, and keeps in the project what it comes to: its plan, its
/// point of the frontier and its record. The one way for search, resume, sweep and demo. job:
/// without its files, which the run's name gives. Errors and Cancelled: as Session::runJob().
SearchedRun runSearch(Session& session, ProjectRecorder& recorder, engine::SearchJob job,
                      const std::string& run);

/// Makes the run's packed file, and its proof, the one that the project shows.
void showAsPacked(ProjectRecorder& recorder, const SearchedRun& run, const std::string& name);

/// What a run came to, for people: a table of the layers and the figures below it.
std::string textOf(const SearchedRun& run);

} // namespace bitloom::cli
