// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/state/state_dict.h"
#include "core/types/run_history.h"

#include <filesystem>
#include <string>

namespace bitloom::io {

/// Everything that is kept of a run of a method: what was asked, what happened along the way, and
/// the state from which it goes on to the same bits. HDF5, described in docs/formats.md.
struct RunFile {
    static constexpr int kVersion = 1;

    std::string method;   ///< "bayesian-bits"
    std::string request;  ///< JSON object: model, data, options, seed, device, threads
    std::string versions; ///< of the program and its libraries
    std::string result;   ///< JSON object; empty while the run is unfinished
    std::string plan;     ///< the best plan so far as bitPlanFromJson() reads it, or empty
    RunHistory history;
    std::string position; ///< JSON object of the method: step, epoch, random numbers drawn, ...
    StateDict state;      ///< tensors of the method: weights, gates, ranges, optimizers' moments
};

/// Replaces the file as a whole, so a kill leaves the state before or after.
/// Tensors: CPU, float32, float64, int32, int64, uint8 or bool, any shape. Errors: Unsupported for
/// other types, InvalidArgument for names that repeat, IoFailure.
void writeRunFile(const std::filesystem::path& path, const RunFile& run);

/// Errors: NotFound, UnknownFormat for a file of another kind, Unsupported for a newer version,
/// CorruptFile naming the object.
RunFile readRunFile(const std::filesystem::path& path);
/// Without reading the tensors: for whoever only looks.
RunFile readRunFileWithoutState(const std::filesystem::path& path);

} // namespace bitloom::io
