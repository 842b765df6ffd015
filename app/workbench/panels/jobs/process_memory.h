// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <optional>

namespace bitloom::workbench {

/// Bytes of memory that this process occupies now; nullopt where the system does not tell. Takes
/// microseconds: the kernel's own counters, no disk.
std::optional<qint64> residentBytes();

} // namespace bitloom::workbench
