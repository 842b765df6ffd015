// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <QtTest>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace bitloom::test {

/// A file of tests/data (small vectors kept in the project). Aborts the test run if
/// BITLOOM_TEST_DATA is unset.
std::filesystem::path dataFile(const std::string& name);

/// The folder of real models and data: BITLOOM_DATA, or ../shared/data beside the checkout; absent:
/// nullopt.
std::optional<std::filesystem::path> realData();

/// Runs body and returns the Error it threw; nullopt when it threw none.
std::optional<Error> errorOf(const std::function<void()>& body);

/// Reads a whole file as bytes.
std::string readFile(const std::filesystem::path& path);
void writeFile(const std::filesystem::path& path, std::string_view bytes);

} // namespace bitloom::test

/// Skips the running test, saying why, where the real models and data are absent.
#define BITLOOM_NEED_REAL_DATA(variable)                                                           \
    const auto variable##Found = bitloom::test::realData();                                        \
    if (!variable##Found) {                                                                        \
        QSKIP("real models and data are absent: set BITLOOM_DATA to their folder");                \
    }                                                                                              \
    const std::filesystem::path variable = *variable##Found

/// Fails unless the expression throws bitloom::Error with this code and a message holding this
/// text.
#define BITLOOM_EXPECT_ERROR(expression, expectedCode, expectedText)                               \
    do {                                                                                           \
        const auto caught = bitloom::test::errorOf([&] { static_cast<void>(expression); });        \
        QVERIFY2(caught.has_value(), "no error was thrown");                                       \
        QVERIFY2(caught->code() == (expectedCode), caught->what());                                \
        QVERIFY2(std::string(caught->what()).find(expectedText) != std::string::npos,              \
                 caught->what());                                                                  \
    } while (false)
