// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/session.h"
#include "core/engine/job.h"
#include "core/types/bit_plan.h"
#include "core/types/model_report.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Validator;
} // namespace CLI

namespace bitloom::cli {

/// Accepts numbers from low to high, without spelling the limits out in the help.
CLI::Validator numbersFrom(std::int64_t low, std::int64_t high);

/// --compress [LEVEL], of outputs in HDF5.
void declareCompression(CLI::App& app, int& level);

/// MODEL and --input-shape, as every command that opens a model takes them.
struct ModelOptions {
    std::string spec;
    std::vector<std::int64_t> inputShape;

    void declare(CLI::App& app, const std::string& name = "MODEL");
    engine::ModelRef ref() const { return {spec, inputShape}; }
};

/// --data, --split, --limit, --batch-size, --preprocessing.
struct DataOptions {
    std::string spec;
    std::string split = "test";
    std::int64_t limit = 0;
    std::int64_t batchSize = 100;
    std::string preprocessingFile;

    void declare(CLI::App& app, bool required);
    /// For what trains on one split and measures on the other: required, without --split.
    void declareBothSplits(CLI::App& app);
    bool given() const { return !spec.empty(); }
    engine::DataRef ref() const;

private:
    void declareImages(CLI::App& app, bool required);
    void declareLimits(CLI::App& app);
};

/// --calibration-images.
struct CalibrationFlags {
    std::int64_t images = 256;

    void declare(CLI::App& app);
    engine::CalibrationOptions options() const;
};

/// --weight-scheme, --weight-granularity, --weight-observer, --activation-scheme,
/// --activation-observer,
/// --quantize-input: how codes are chosen, whatever their number of bits.
struct QuantizerFlags {
    std::string weightScheme = "affine";
    std::string weightGranularity = "per_channel";
    std::string weightObserver = "mse";
    std::string activationScheme = "affine";
    std::string activationObserver = "mse";
    bool quantizeInput = false;

    void declare(CLI::App& app);
    UniformPlanOptions options() const;
};

BitPlan readPlan(const std::string& path);
/// Opens the model as a job and returns its description, with the plan that packed weights have.
ModelReport inspectModel(Session& session, const engine::ModelRef& model);
/// Reads a plan and checks it against the model; differences that do not forbid its use become
/// notes.
BitPlan readPlanFor(Session& session, const std::string& path, const ModelInfo& model);
/// The plan of --plan, or where none is named (path is empty) the model's own.
/// Errors: CLI::RequiredError where there is neither.
BitPlan planFor(Session& session, const std::string& path, const ModelReport& model);

} // namespace bitloom::cli
