// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/python.h"

#include "tests/support/test_programs.h"

#include <QProcess>
#include <QtGlobal>

namespace bitloom::test {

namespace {
constexpr int kLongestScriptMs = 110'000;

QString programName()
{
    return qEnvironmentVariable("BITLOOM_PYTHON");
}
} // namespace

std::optional<QString> pythonWith(const QStringList& packages, QString* missing)
{
    // They are looked for and not imported, which would take seconds for some.
    const QString look = QStringLiteral("import importlib.util, sys; print(' '.join(p for p in "
                                        "sys.argv[1:] if not importlib.util.find_spec(p)))");
    QString problem;
    if (programName().isEmpty()) {
        problem = QStringLiteral("BITLOOM_PYTHON is not set: it names a Python that has %1")
                      .arg(packages.join(' '));
    } else {
        QProcess process;
        process.start(programName(), QStringList{"-c", look} + packages);
        const bool answers = process.waitForFinished(kLongestScriptMs) && process.exitCode() == 0;
        const QString lacks = QString::fromUtf8(process.readAllStandardOutput()).trimmed();
        if (!answers) {
            problem = QStringLiteral("BITLOOM_PYTHON is %1, which does not run: %2")
                          .arg(programName(), process.errorString());
        } else if (!lacks.isEmpty()) {
            problem =
                QStringLiteral("BITLOOM_PYTHON is %1, which lacks %2").arg(programName(), lacks);
        }
    }
    if (missing != nullptr) {
        *missing = problem;
    }
    return problem.isEmpty() ? std::optional(programName()) : std::nullopt;
}

nlohmann::json runScript(const char* script, const QStringList& arguments)
{
    QProcess process;
    process.start(programName(), QStringList{testScript(script)} + arguments);
    if (!process.waitForFinished(kLongestScriptMs) || process.exitCode() != 0) {
        qFatal("%s", process.readAllStandardError().constData());
    }
    const std::string out = process.readAllStandardOutput().toStdString();
    return out.empty() ? nlohmann::json() : nlohmann::json::parse(out);
}

} // namespace bitloom::test
