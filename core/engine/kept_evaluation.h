// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/job.h"
#include "core/types/results.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace bitloom::engine {

/// An evaluation as a project keeps it: of which plan, on which images, and what was said about
/// each of them.
struct KeptEvaluation {
    std::string planDigest; ///< planDigest() of the plan; empty: the model without one
    DataRef data;
    std::int64_t calibrationImages = 0; ///< 0 for the model without a plan, which needs none
    EvalResult result;
};

/// The same for the same plan on the same images. folder: of the project.
std::string evaluationFileName(const KeptEvaluation& evaluation,
                               const std::filesystem::path& folder);

/// Versioned JSON (docs/formats.md); paths inside the folder are kept relative to it. Errors of
/// reading: CorruptFile, UnknownFormat, Unsupported (newer version), InvalidArgument.
std::string evaluationToJson(const KeptEvaluation& evaluation, const std::filesystem::path& folder);
KeptEvaluation evaluationFromJson(std::string_view text, const std::filesystem::path& folder);

} // namespace bitloom::engine
