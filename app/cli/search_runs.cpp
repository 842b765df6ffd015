// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/search_runs.h"

#include "app/cli/text_table.h"

#include "core/engine/method_catalog.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace bitloom::cli {

namespace {

bool isPartOfNames(unsigned char c)
{
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == '+';
}

std::string packedPath(const engine::Project& project, const std::string& run)
{
    return project.exportPath(run + ".h5").string();
}

} // namespace

std::string objectionToRunName(const std::string& name)
{
    const bool isFine = !name.empty() && name.front() != '.' &&
                        std::all_of(name.begin(), name.end(), isPartOfNames);
    return isFine ? std::string()
                  : "a run's name has letters, digits, -, +, _ and ., and does not begin with ., "
                    "found '" +
                        name + "'";
}

namespace {

/// The command line that makes this run anew, or goes on with it.
std::string commandLine(const engine::SearchJob& job, const std::string& run,
                        const Session& session)
{
    if (!job.data.preprocessing.empty()) {
        return session.commandLine(); // only that says which file it is in
    }
    std::vector<std::string> words{"bitloom", "search", job.method, job.model.spec};
    if (!job.model.inputShape.empty()) {
        std::string shape;
        for (const std::int64_t size : job.model.inputShape) {
            shape += (shape.empty() ? "" : ",") + std::to_string(size);
        }
        words.insert(words.end(), {"--input-shape", shape});
    }
    words.insert(words.end(), {"--data", job.data.spec});
    if (job.data.limit > 0) {
        words.insert(words.end(), {"--limit", std::to_string(job.data.limit)});
    }
    if (job.data.batchSize != engine::DataRef().batchSize) {
        words.insert(words.end(), {"--batch-size", std::to_string(job.data.batchSize)});
    }
    for (std::string& word :
         commandLineWords(*engine::methodNamed(job.method).options, job.options)) {
        words.push_back(std::move(word));
    }
    const GlobalOptions& global = session.options();
    words.insert(words.end(), {"--seed", std::to_string(global.seed), "--device", global.device});
    if (global.threads > 0) {
        words.insert(words.end(), {"--threads", std::to_string(global.threads)});
    }
    words.insert(words.end(), {"--name", run, "-o", global.project});
    std::string line;
    for (const std::string& word : words) {
        line += (line.empty() ? "" : " ") + quoteForShell(word);
    }
    return line;
}

/// Unless it is recorded: a finished run is taken as it is, however often it is asked for.
void record(ProjectRecorder& recorder, const std::string& command, const Json& result)
{
    for (const engine::RunRecord& before : recorder.project().runs()) {
        if (before.command == command && Json::parse(before.result) == result) {
            return;
        }
    }
    recorder.recordStep("search", command, result);
}

} // namespace

SearchedRun runSearch(Session& session, ProjectRecorder& recorder, engine::SearchJob job,
                      const std::string& run)
{
    const engine::Project& project = recorder.project();
    job.output = packedPath(project, run);
    job.runFile = project.runFilePath(run).string();
    SearchedRun done;
    done.json = session.runJob(job);
    done.result = searchResultFromJson(done.json.dump());
    recorder.savePlan(planOf(done.result, run));
    for (const FrontierPoint& point : pointsOf(done.result, run)) {
        recorder.savePoint(point);
    }
    record(recorder, commandLine(job, run, session), done.json);
    return done;
}

void showAsPacked(ProjectRecorder& recorder, const SearchedRun& run, const std::string& name)
{
    recorder.saveSheet(sheetOf(run.result));
    recorder.savePacked(packedPath(recorder.project(), name), planOf(run.result, name));
}

std::string textOf(const SearchedRun& run)
{
    const SearchResult& result = run.result;
    TextTable table({"layer", "weight bits", "activation bits", "kept channels %", "regulariser"});
    for (const SearchedLayer& layer : result.layers) {
        table.addRow({layer.name, std::to_string(layer.weightBits),
                      std::to_string(layer.activationBits), formatFixed(layer.keptPercent, 1),
                      layer.regulariser ? formatFixed(*layer.regulariser, 3) : "-"});
    }
    TextTable baseline({"sensitivity baseline", "top-1 %", "BOPs %", "bytes"});
    for (const FrontierPoint& point : result.baseline) {
        baseline.addRow({point.label, formatFixed(point.top1Percent.value_or(0), 2),
                         formatFixed(point.bopsPercentOfFp32, 3), std::to_string(point.bytes)});
    }
    return table.toString() + "\n" + (result.baseline.empty() ? "" : baseline.toString() + "\n") +
           formatFixed(result.top1Percent, 2) + " % top-1 at " +
           formatFixed(result.relativeBopsPercent, 3) + " % of the bit operations (" +
           formatFixed(result.relativeBopsPercentCountingPrunedInputs, 3) +
           " % with pruned inputs counted)\nread back and equal bit for bit, written to " +
           result.packed;
}

} // namespace bitloom::cli
