// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace bitloom::cli {

class Session;

/// One subcommand: declares its arguments, then runs with what was parsed.
class Command {
public:
    virtual ~Command() = default;
    virtual std::string name() const = 0;
    /// One sentence for the list of commands.
    virtual std::string description() const = 0;
    /// Command lines that work, one per line, shown below the help.
    virtual std::string examples() const = 0;
    virtual void declare(CLI::App& app) = 0;
    /// Prints its result through the session. Throws Error, or CLI::ParseError for a command line
    /// that lacks something.
    virtual void run(Session& session) = 0;
};

/// All commands in the order in which help lists them.
std::vector<std::unique_ptr<Command>> makeCommands();

std::unique_ptr<Command> makeInspectCommand();
std::unique_ptr<Command> makeEvalCommand();
std::unique_ptr<Command> makeCompareCommand();
std::unique_ptr<Command> makePlanCommand();
std::unique_ptr<Command> makeCostCommand();
std::unique_ptr<Command> makeSensitivityCommand();
std::unique_ptr<Command> makeAllocateCommand();
std::unique_ptr<Command> makeFrontierCommand();
std::unique_ptr<Command> makePackCommand();
std::unique_ptr<Command> makeUnpackCommand();
std::unique_ptr<Command> makeConvertCommand();
std::unique_ptr<Command> makeVerifyCommand();
std::unique_ptr<Command> makeSelfTestCommand();
std::unique_ptr<Command> makeInferCommand();
std::unique_ptr<Command> makeTrainCommand();
std::unique_ptr<Command> makeSearchCommand();
std::unique_ptr<Command> makeSweepCommand();
std::unique_ptr<Command> makeResumeCommand();
std::unique_ptr<Command> makeRunsCommand();
std::unique_ptr<Command> makeWatchCommand();
std::unique_ptr<Command> makeReportCommand();
std::unique_ptr<Command> makeDemoCommand();

} // namespace bitloom::cli
