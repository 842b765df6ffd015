// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/console_sink.h"
#include "app/cli/interrupts.h"
#include "core/base/run_control.h"
#include "core/engine/engine.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bitloom::cli {

using Json = nlohmann::ordered_json;

/// A word as a shell takes it: quoted where it holds more than plain letters.
std::string quoteForShell(const std::string& word);

/// Exit codes of the program.
enum ExitCode { ExitOk = 0, ExitFailed = 1, ExitUsage = 2, ExitCancelled = 3 };

/// The options that every command takes.
struct GlobalOptions {
    bool json = false;
    bool quiet = false; ///< no progress on stderr
    std::uint64_t seed = 0;
    int threads = 0; ///< 0 = all cores
    std::string device = "cpu";
    std::string events;  ///< file for the JSON-lines event stream, "-" = stdout, empty = none
    std::string project; ///< folder that records what the command did, empty = none
};

/// Thrown when the user stopped a job; result is its best-so-far or null.
struct Cancelled {
    Json result;
};

/// One run of the program: its options, its engine and its two outputs (stdout for results, stderr
/// for the rest).
class Session {
public:
    Session(GlobalOptions options, std::vector<std::string> commandLine);
    ~Session();

    const GlobalOptions& options() const { return m_options; }
    /// For commands that have a project of their own.
    void setProject(const std::string& folder) { m_options.project = folder; }
    /// For a command that repeats what was done under other circumstances; before the first job.
    void setCircumstances(const std::string& device, std::uint64_t seed, int threads);
    /// The command line as typed, quoted for a shell, for records and reports.
    const std::string& commandLine() const { return m_commandLine; }

    /// Runs a job on the chosen device with the chosen seed and returns its result.
    /// Errors: whatever the job failed with. Throws Cancelled after Ctrl-C.
    Json runJob(engine::JobSpec spec);

    /// Shows an event of a job in another process as if it were one of ours.
    void show(const Event& event);

    /// For work that is not a job: its progress as that of one.
    void showProgress(const ProgressReport& report);
    /// For work that is not a job: where Ctrl-C goes.
    Interrupts& interrupts() { return m_interrupts; }

    /// Prints a result: the JSON object with --json, otherwise the text.
    void print(const Json& result, const std::string& text);
    /// A command that failed after its result says no more on stdout.
    bool hasPrinted() const { return m_hasPrinted; }
    /// One line on stderr.
    void note(const std::string& line);

private:
    engine::Engine& engine();

    GlobalOptions m_options;
    std::string m_commandLine;
    bool m_hasPrinted = false;
    std::shared_ptr<ConsoleSink> m_sink;
    Interrupts m_interrupts;
    std::unique_ptr<engine::Engine>
        m_engine; ///< started with the first job: plain commands need no LibTorch
};

} // namespace bitloom::cli
