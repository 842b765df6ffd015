// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/project_recorder.h"

#include "app/cli/shared_options.h"
#include "app/cli/version.h"

#include "core/types/json_input.h"

#include <chrono>
#include <ctime>
#include <vector>

namespace bitloom::cli {

namespace {
/// Another command on the same project is given this long to end.
constexpr std::chrono::seconds kLockPatience{2};

std::string utcNow()
{
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}
} // namespace

ProjectRecorder::ProjectRecorder(const Session& session) : m_session(session)
{
    if (!session.options().project.empty()) {
        m_project = engine::Project::openOrCreate(session.options().project, kLockPatience);
        m_project->requireWritable(); // before work is done that could not be kept
    }
}

void ProjectRecorder::recordRun(const std::string& kind, const Json& result)
{
    recordStep(kind, m_session.commandLine(), result);
}

void ProjectRecorder::recordStep(const std::string& kind, const std::string& command,
                                 const Json& result)
{
    if (m_project) {
        m_project->recordRun({command, kind, m_session.options().device, m_session.options().seed,
                              utcNow(), versionText(), result.dump()});
    }
}

void ProjectRecorder::saveModel(const ModelInfo& model, const engine::ModelRef& reference,
                                const std::optional<engine::DataRef>& data)
{
    if (m_project) {
        m_project->saveModel(model);
        m_project->saveSource(reference, data);
    }
}

void ProjectRecorder::savePlan(const BitPlan& plan)
{
    if (m_project) {
        m_project->savePlan(plan);
    }
}

void ProjectRecorder::savePoint(const FrontierPoint& point)
{
    if (m_project) {
        m_project->savePoint(point);
    }
}

void ProjectRecorder::saveSensitivity(const SensitivityTable& table)
{
    if (m_project) {
        m_project->saveSensitivity(table);
    }
}

void ProjectRecorder::saveTraining(const Json& result)
{
    if (m_project) {
        m_project->saveTraining(epochResultsFromJson(result.dump()));
    }
}

void ProjectRecorder::saveHistograms(const Json& result)
{
    if (m_project) {
        m_project->saveHistograms(weightHistogramsFromJson(result.dump()));
    }
}

void ProjectRecorder::saveSheet(const PackSheet& sheet)
{
    if (m_project) {
        m_project->saveSheet(sheet);
    }
}

void ProjectRecorder::savePacked(const std::string& file, const BitPlan& plan)
{
    if (m_project) {
        m_project->savePacked({file, plan});
    }
}

void ProjectRecorder::saveEvaluation(const engine::EvalJob& job, Json& result)
{
    if (m_project && result.contains("predictions")) {
        m_project->saveEvaluation({job.plan ? planDigest(*job.plan) : std::string(), job.data,
                                   job.plan ? job.calibration.images : 0,
                                   evalResultFromJson(result.dump())});
        result.erase("predictions");
    }
}

} // namespace bitloom::cli
