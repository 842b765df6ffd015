// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/run_history.h"

#include <nlohmann/json.hpp>

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <filesystem>
#include <string>

namespace bitloom::test {

/// What a run of the command line program left behind.
struct ProgramRun {
    int exitCode = -1;
    QByteArray out;
    QByteArray err;

    /// The JSON object on standard output; discarded if it is anything else.
    nlohmann::json json() const { return nlohmann::json::parse(out.toStdString(), nullptr, false); }
};

/// Runs the built program in a folder and waits for its end.
ProgramRun runProgram(const QString& folder, const QStringList& arguments);
/// Any other program.
ProgramRun runOther(const QString& program, const QString& folder, const QStringList& arguments);
/// What the command prints with --json; an empty object, with a message, unless it succeeds and
/// prints JSON alone.
nlohmann::json resultOf(const QString& folder, const std::string& command);
/// "a b 'c d'" as words.
QStringList words(const QString& commandLine);
/// Bit for bit; numbers that are missing (NaN) in both are equal.
bool sameHistory(const RunHistory& left, const RunHistory& right);
/// LeNet-5 trained for one short epoch, as lenet5.pth in the folder. False where that failed.
bool trainSmallModel(const QString& folder);

/// A folder of a test's own in which it runs commands.
class CommandFolder {
protected:
    std::filesystem::path path(const std::string& name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    ProgramRun run(const std::string& command) const
    {
        return runProgram(m_folder.path(), words(QString::fromStdString(command)));
    }
    nlohmann::json result(const std::string& command) const
    {
        return resultOf(m_folder.path(), command);
    }

    QTemporaryDir m_folder;
};

} // namespace bitloom::test
