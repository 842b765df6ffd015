// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/app/program.h"

#include "tests/support/test_programs.h"

#include <QProcess>

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

QStringList words(const QString& commandLine)
{
    return QProcess::splitCommand(commandLine);
}

bool trainSmallModel(const QString& folder)
{
    return runProgram(folder, words("train arch:lenet5 --data digits:256 --limit 128 --epochs 1 "
                                    "--train-batch-size 32 -o lenet5.pth"))
               .exitCode == 0;
}

} // namespace bitloom::test
