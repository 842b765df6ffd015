// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/test_programs.h"

#include <QProcess>
#include <QStringList>
#include <QtGlobal>
#include <nlohmann/json.hpp>

#include <string>

namespace bitloom::test {

/// The Python that LibTorch belongs to; empty where BITLOOM_PYTHON is not set.
inline QString pythonOfTorch()
{
    return qEnvironmentVariable("BITLOOM_PYTHON");
}

/// Whether that Python has a package; it is not imported, which would take seconds for some.
inline bool pythonHas(const QString& package)
{
    const QString look = "import importlib.util, sys; "
                         "sys.exit(importlib.util.find_spec(sys.argv[1]) is None)";
    return QProcess::execute(pythonOfTorch(), {"-c", look, package}) == 0;
}

/// What a script of tests/ prints, as JSON; null where it prints nothing. Aborts the test run where
/// it fails.
inline nlohmann::json runScript(const char* script, const QStringList& arguments)
{
    QProcess process;
    process.start(pythonOfTorch(), QStringList{testScript(script)} + arguments);
    if (!process.waitForFinished(100'000) || process.exitCode() != 0) {
        qFatal("%s", process.readAllStandardError().constData());
    }
    const std::string out = process.readAllStandardOutput().toStdString();
    return out.empty() ? nlohmann::json() : nlohmann::json::parse(out);
}

} // namespace bitloom::test
