// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/job.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace bitloom::engine {

/// A search and everything that its numbers depend on, as its run's file keeps it ("request" in
/// docs/formats.md).
struct SearchRequest {
    SearchJob job;
    std::string fingerprint; ///< of the model
    std::string device;      ///< "cpu", "cuda:0"
    std::uint64_t seed = 0;
    int threads = 1; ///< sums depend on it
};

/// A JSON object. job.model.inputShape is the shape that the model was opened at. Paths inside the
/// folder above that of the run's file (the project) are kept relative to it, others absolute.
std::string toJson(const SearchRequest& request);
/// The same for files that leave this machine: without folders.
std::string provenanceJson(const SearchRequest& request);
/// The way back, with paths as they are to be opened now; runFile: where the request was kept.
/// Errors: CorruptFile naming the run's file; those of the method's options.
SearchRequest searchRequestFromJson(const std::string& text, const std::filesystem::path& runFile);

/// What keeps a run of one from going on as a run of the other, for people: "lambda is 0.1 there
/// and 0.2 here". Empty: nothing does. Where the model lies does not count, because its fingerprint
/// does, nor how many images are measured at a time.
std::vector<std::string> differences(const SearchRequest& there, const SearchRequest& here);

} // namespace bitloom::engine
