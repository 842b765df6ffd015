// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/session.h"
#include "app/cli/version.h"

#include "core/base/error.h"

#include <CLI/CLI.hpp>

#include <iostream>
#include <string>
#include <vector>

namespace bitloom::cli {

std::vector<std::unique_ptr<Command>> makeCommands()
{
    std::vector<std::unique_ptr<Command>> commands;
    commands.push_back(makeInspectCommand());
    commands.push_back(makeEvalCommand());
    commands.push_back(makePlanCommand());
    commands.push_back(makeCostCommand());
    commands.push_back(makeSensitivityCommand());
    commands.push_back(makeAllocateCommand());
    commands.push_back(makePackCommand());
    commands.push_back(makeUnpackCommand());
    commands.push_back(makeVerifyCommand());
    commands.push_back(makeInferCommand());
    commands.push_back(makeTrainCommand());
    commands.push_back(makeReportCommand());
    commands.push_back(makeDemoCommand());
    return commands;
}

namespace {

void declareGlobals(CLI::App& app, GlobalOptions& options)
{
    app.add_flag("--json", options.json, "Print the result as one JSON object on standard output")
        ->group("Global options");
    app.add_option("--seed", options.seed, "Seed of everything random")
        ->capture_default_str()
        ->group("Global options");
    app.add_option("--threads", options.threads, "Processor threads; 0 = all cores")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str()
        ->group("Global options");
    app.add_option("--device", options.device, "cpu, cuda or cuda:N")
        ->capture_default_str()
        ->group("Global options");
    app.add_option("--events", options.events,
                   "Write the event stream as JSON lines to this file, - = stdout")
        ->group("Global options");
    app.add_option("--project", options.project,
                   "Record what is done in this project folder (NAME.bitloom)")
        ->group("Global options");
    app.add_flag("--quiet", options.quiet, "No progress on standard error")
        ->group("Global options");
}

int reportError(const Error& error, const GlobalOptions& options)
{
    std::cerr << "bitloom: " << error.what() << '\n';
    if (options.json) {
        Json json;
        json["error"] = {{"code", toString(error.code())}, {"message", error.what()}};
        std::cout << json.dump(2) << '\n';
    }
    return ExitFailed;
}

int runProgram(int argc, char** argv)
{
    CLI::App app(
        "Bitloom: plan, evaluate, pack and prove mixed-precision quantization of neural networks",
        "bitloom");
    app.set_version_flag(
        "--version", [] { return versionText(); }, "Versions of the program and its libraries");
    app.require_subcommand(1);
    app.fallthrough();
    GlobalOptions options;
    declareGlobals(app, options);
    const std::vector<std::unique_ptr<Command>> commands = makeCommands();
    std::vector<CLI::App*> subcommands;
    for (const auto& command : commands) {
        CLI::App* subcommand = app.add_subcommand(command->name(), command->description());
        subcommand->footer("Examples:\n" + command->examples());
        command->declare(*subcommand);
        subcommands.push_back(subcommand);
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error, std::cout, std::cerr);
        return code == 0 ? ExitOk : ExitUsage;
    }
    try {
        Session session(options, std::vector<std::string>(argv, argv + argc));
        for (std::size_t i = 0; i < commands.size(); ++i) {
            if (subcommands[i]->parsed()) {
                commands[i]->run(session);
            }
        }
    } catch (const Cancelled& cancelled) {
        std::cerr << "bitloom: cancelled\n";
        if (options.json && !cancelled.result.is_null()) {
            std::cout << cancelled.result.dump(2) << '\n';
        }
        return ExitCancelled;
    } catch (const Error& error) {
        return reportError(error, options);
    } catch (const std::bad_alloc&) {
        return reportError(Error(ErrorCode::OutOfMemory, "there is not enough memory"), options);
    } catch (const std::exception& error) {
        return reportError(Error(ErrorCode::Internal, error.what()), options);
    }
    return ExitOk;
}

} // namespace
} // namespace bitloom::cli

int main(int argc, char** argv)
{
    return bitloom::cli::runProgram(argc, argv);
}
