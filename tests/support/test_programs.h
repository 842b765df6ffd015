// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace bitloom::test {

/// A script of tests/ that tests start in Python, e.g. "core/ops/check_ops.py". Found beside the
/// data, so that the tests also run from a folder that was carried to another machine.
QString testScript(const char* name);

/// A file that was built, by its place seen from the test programs, e.g.
/// "../lib/libbitloom_ops.so".
QString builtFile(const char* name);

} // namespace bitloom::test
