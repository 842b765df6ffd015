// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/app/program.h"

#include "tests/support/test_programs.h"

#include <QProcess>

#include <algorithm>
#include <cmath>

namespace bitloom::test {

ProgramRun runOther(const QString& program, const QString& folder, const QStringList& arguments)
{
    constexpr int kTimeoutMs = 250'000;
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(program, arguments);
    ProgramRun run;
    if (process.waitForFinished(kTimeoutMs) && process.exitStatus() == QProcess::NormalExit) {
        run.exitCode = process.exitCode();
    }
    run.out = process.readAllStandardOutput();
    run.err = process.readAllStandardError();
    return run;
}

ProgramRun runProgram(const QString& folder, const QStringList& arguments)
{
    return runOther(builtFile("bitloom"), folder, arguments);
}

nlohmann::json resultOf(const QString& folder, const std::string& command)
{
    const ProgramRun done =
        runProgram(folder, words(QString::fromStdString(command)) + QStringList{"--json"});
    const nlohmann::json parsed = done.exitCode == 0 ? done.json() : nlohmann::json::object();
    if (parsed.is_discarded() || done.exitCode != 0) {
        qWarning("%s: exit code %d\n%s%s", command.c_str(), done.exitCode, done.out.constData(),
                 done.err.constData());
    }
    return parsed.is_discarded() ? nlohmann::json::object() : parsed;
}

QStringList words(const QString& commandLine)
{
    return QProcess::splitCommand(commandLine);
}

bool sameHistory(const RunHistory& left, const RunHistory& right)
{
    const auto sameNumber = [](float a, float b) {
        return a == b || (std::isnan(a) && std::isnan(b));
    };
    return std::equal(left.series.begin(), left.series.end(), right.series.begin(),
                      right.series.end(), [&](const HistorySeries& a, const HistorySeries& b) {
                          return a.name == b.name && a.columns == b.columns && a.steps == b.steps &&
                                 std::equal(a.values.begin(), a.values.end(), b.values.begin(),
                                            b.values.end(), sameNumber);
                      });
}

bool trainSmallModel(const QString& folder)
{
    return runProgram(folder, words("train arch:lenet5 --data digits:256 --limit 128 --epochs 1 "
                                    "--train-batch-size 32 -o lenet5.pth"))
               .exitCode == 0;
}

} // namespace bitloom::test
