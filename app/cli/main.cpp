// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/command.h"
#include "app/cli/session.h"
#include "app/cli/shared_options.h"
#include "app/cli/version.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/sanitizers.h"
#include "core/base/text.h"
#include "core/types/model_spec.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom::cli {

std::vector<std::unique_ptr<Command>> makeCommands()
{
    std::vector<std::unique_ptr<Command>> commands;
    commands.push_back(makeInspectCommand());
    commands.push_back(makeEvalCommand());
    commands.push_back(makeCompareCommand());
    commands.push_back(makePlanCommand());
    commands.push_back(makeCostCommand());
    commands.push_back(makeSensitivityCommand());
    commands.push_back(makeAllocateCommand());
    commands.push_back(makeFrontierCommand());
    commands.push_back(makePackCommand());
    commands.push_back(makeUnpackCommand());
    commands.push_back(makeConvertCommand());
    commands.push_back(makeVerifyCommand());
    commands.push_back(makeSelfTestCommand());
    commands.push_back(makeInferCommand());
    commands.push_back(makeTrainCommand());
    commands.push_back(makeSearchCommand());
    commands.push_back(makeSweepCommand());
    commands.push_back(makeResumeCommand());
    commands.push_back(makeRunsCommand());
    commands.push_back(makeWatchCommand());
    commands.push_back(makeReportCommand());
    commands.push_back(makeDemoCommand());
    return commands;
}

namespace {

constexpr std::string_view kJsonFlag = "--json";
constexpr std::size_t kHelpColumn = 36;

/// Devices by number, as many programs of research take them.
std::string deviceOfNumber(const std::string& device)
{
    const bool number = !device.empty() && device.find_first_not_of("0123456789") == device.npos;
    return device == "-1" ? "cpu" : number ? "cuda:" + device : device;
}

/// CLI11 takes the sign of an unsigned number, and gives 2^64 - 1 for -1.
CLI::Validator wholeNumber()
{
    return {
        [](const std::string& text) {
            const bool isWhole = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
            return isWhole
                       ? std::string()
                       : "a whole number from 0 to 18446744073709551615 was expected, not " + text;
        },
        "", "whole number"};
}

void declareGlobals(CLI::App& app, GlobalOptions& options)
{
    app.add_flag(std::string(kJsonFlag), options.json,
                 "Print the result as one JSON object on standard output")
        ->group("Global options");
    app.add_option("--seed", options.seed, "Seed of everything random")
        ->check(wholeNumber())
        ->capture_default_str()
        ->group("Global options");
    app.add_option("--threads", options.threads,
                   "Processor threads; 0 = OMP_NUM_THREADS, without it all cores")
        ->check(numbersFrom(0, 1024))
        ->capture_default_str()
        ->group("Global options");
    app.add_option("--device", options.device, "cpu, cuda or cuda:N, also just N; -1 is cpu")
        ->transform(deviceOfNumber)
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

void reportError(std::string_view code, const std::string& message, bool json)
{
    std::cerr << "bitloom: " << message << '\n';
    if (json) {
        const Json document{{"error", {{"code", code}, {"message", message}}}};
        std::cout << document.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
    }
}

/// json: where nothing else is the one object on standard output.
int reportError(const Error& error, bool json)
{
    reportError(toString(error.code()), error.what(), json);
    return ExitFailed;
}

/// What is to be written must be none of the files that are named beside it: in the command line of
/// all commands that make a new file. A plan may be changed: plan set has no other, and allocate's
/// answer may take the place of its --base.
void requireInputsStay(const CLI::App& command)
{
    const CLI::Option* output = command.get_option_no_throw("--output");
    if (output == nullptr || !output->get_required() || output->empty()) {
        return;
    }
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& value : option->results()) {
            const std::string file(fileOfSpec(value));
            if (option != output && !option->check_lname("base") && !file.empty()) {
                requireOtherThanInput(output->results().front(), file);
            }
        }
    }
}

/// The innermost command on the command line so far.
const CLI::App* innermost(const CLI::App* app)
{
    const std::vector<CLI::App*> parsed = app->get_subcommands();
    return parsed.empty() ? app : innermost(parsed.front());
}

std::vector<std::string> namesOfSubcommands(const CLI::App& app)
{
    std::vector<std::string> names;
    for (const CLI::App* subcommand : app.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(subcommand->get_name());
    }
    return names;
}

/// What is wrong with the command line, in one sentence that says where to read more.
std::string usageMessage(const CLI::App& app, const CLI::ParseError& error)
{
    const CLI::App& command = *innermost(&app);
    const std::vector<std::string> subcommands = namesOfSubcommands(command);
    const std::vector<std::string> unknown = app.remaining(true);
    std::string text = error.what();
    if (!subcommands.empty() && !unknown.empty() && !unknown.front().starts_with("-")) {
        text = "there is no command '" + unknown.front() + "'; the nearest are " +
               joinForPeople(nearestNames(unknown.front(), subcommands));
    } else if (!subcommands.empty() && unknown.empty()) {
        text = "a command is needed: " + joinForPeople(subcommands);
    }
    std::string names;
    for (const CLI::App* level = &command; level != nullptr; level = level->get_parent()) {
        names = level->get_name() + " " + names;
    }
    return text + " (see " + names + "--help)";
}

int reportUsage(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv)
{
    const bool json =
        std::any_of(argv, argv + argc, [](const char* word) { return word == kJsonFlag; });
    reportError("usage", usageMessage(app, error), json);
    return ExitUsage;
}

int runProgram(int argc, char** argv)
{
    CLI::App app(
        "Bitloom: plan, evaluate, pack and prove mixed-precision quantization of neural networks",
        "bitloom");
    app.set_version_flag(
        "--version", [] { return versionText(); }, "Versions of the program and its libraries");
    app.require_subcommand(1);
    app.get_formatter()->column_width(kHelpColumn);
    app.fallthrough();
    GlobalOptions options;
    declareGlobals(app, options);
    const std::vector<std::unique_ptr<Command>> commands = makeCommands();
    std::vector<CLI::App*> subcommands;
    for (const auto& command : commands) {
        CLI::App* subcommand = app.add_subcommand(command->name(), command->description());
        subcommand->footer("Global options (see bitloom --help): --json --seed --threads --device "
                           "--events --project --quiet\n\nExamples:\n" +
                           command->examples());
        command->declare(*subcommand);
        subcommands.push_back(subcommand);
    }
    if (argc == 1) {
        std::cout << app.help();
        return ExitUsage;
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& request) { // --help, --version
        return app.exit(request, std::cout, std::cerr);
    } catch (const CLI::ParseError& error) {
        return reportUsage(app, error, argc, argv);
    }
    std::optional<Session> session;
    const auto failed = [&](const Error& error) {
        return reportError(error, options.json && !(session && session->hasPrinted()));
    };
    try {
        requireInputsStay(*innermost(&app));
        session.emplace(options, std::vector<std::string>(argv, argv + argc));
        for (std::size_t i = 0; i < commands.size(); ++i) {
            if (subcommands[i]->parsed()) {
                commands[i]->run(*session);
            }
        }
    } catch (const Cancelled& cancelled) {
        std::cerr << "bitloom: cancelled\n";
        if (options.json && !cancelled.result.is_null()) {
            std::cout << cancelled.result.dump(2) << '\n';
        }
        return ExitCancelled;
    } catch (const CLI::ParseError& error) {
        return reportUsage(app, error, argc, argv);
    } catch (const Error& error) {
        return failed(error);
    } catch (const std::bad_alloc&) {
        return failed(Error(ErrorCode::OutOfMemory, "there is not enough memory"));
    } catch (const std::exception& error) {
        return failed(Error(ErrorCode::Internal, error.what()));
    }
    return ExitOk;
}

} // namespace
} // namespace bitloom::cli

// NOLINTNEXTLINE(bugprone-exception-escape): what cannot even be reported ends the program
int main(int argc, char** argv)
{
    const int exitCode = bitloom::cli::runProgram(argc, argv);
    if (bitloom::kSanitized) { // which reports at the end
        return exitCode;
    }
    // Everything of ours is closed by now. LibTorch's static destructors would take thousands of
    // operators off their tables one by one: a tenth of a second for nothing.
    std::cout.flush();
    std::cerr.flush();
    std::fflush(nullptr);
    std::_Exit(exitCode);
}
