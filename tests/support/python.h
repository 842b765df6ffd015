// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>
#include <nlohmann/json.hpp>

#include <optional>

// Other people's programs to compare with: those of the Python that BITLOOM_PYTHON names.
namespace bitloom::test {

/// That Python.
/// Returns: nullopt where it is not set or lacks one of the packages; *missing says which then.
std::optional<QString> pythonWith(const QStringList& packages, QString* missing = nullptr);

/// What a script of tests/ prints in that Python, as JSON; null where it prints nothing. Aborts the
/// test run where it fails.
nlohmann::json runScript(const char* script, const QStringList& arguments);

} // namespace bitloom::test

/// Skips the running test, saying why, where there is no Python with these packages.
#define BITLOOM_NEED_PYTHON(variable, ...)                                                         \
    QString variable##Missing;                                                                     \
    const auto variable##Found = bitloom::test::pythonWith({__VA_ARGS__}, &variable##Missing);     \
    if (!variable##Found) {                                                                        \
        QSKIP(qPrintable(variable##Missing));                                                      \
    }                                                                                              \
    [[maybe_unused]] const QString& variable = *variable##Found
