// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/session.h"
#include "core/engine/project.h"
#include "core/types/bit_plan.h"
#include "core/types/plan_cost.h"
#include "core/types/results.h"

#include <optional>
#include <string>

namespace bitloom::cli {

/// Writes what commands did into the project folder of --project; without one, every call does
/// nothing.
class ProjectRecorder {
public:
    explicit ProjectRecorder(const Session& session);

    bool active() const { return m_project.has_value(); }
    const engine::Project& project() const { return m_project.value(); }
    /// The command, its result and the circumstances.
    void recordRun(const std::string& kind, const Json& result);
    /// The same for a step of a longer command, with the command line that repeats this step alone.
    void recordStep(const std::string& kind, const std::string& command, const Json& result);
    /// The model's description, how to open it again, and the images that it was measured on.
    void saveModel(const ModelInfo& model, const engine::ModelRef& reference,
                   const std::optional<engine::DataRef>& data = std::nullopt);
    void savePlan(const BitPlan& plan);
    void savePoint(const FrontierPoint& point);
    void saveSensitivity(const SensitivityTable& table);
    void saveTraining(const Json& result);
    void saveHistograms(const Json& result);
    void saveSheet(const PackSheet& sheet);
    /// Where the file of the sheet is, and the plan in it.
    void savePacked(const std::string& file, const BitPlan& plan);
    /// What was said about each image, where the result holds it; it leaves the result, whose
    /// record stays small.
    void saveEvaluation(const engine::EvalJob& job, Json& result);

private:
    const Session& m_session;
    std::optional<engine::Project> m_project;
};

} // namespace bitloom::cli
