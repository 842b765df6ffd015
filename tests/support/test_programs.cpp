// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_programs.h"

#include "tests/support/test_support.h"

#include <QCoreApplication>

namespace bitloom::test {

QString testScript(const char* name)
{
    return QString::fromStdString((dataFile("..") / name).lexically_normal().string());
}

QString builtFile(const char* name)
{
    return QCoreApplication::applicationDirPath() + "/" + name;
}

} // namespace bitloom::test
