// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/jobs/process_memory.h"

#include <fstream>
#include <unistd.h>

namespace bitloom::workbench {

std::optional<qint64> residentBytes()
{
    std::ifstream file("/proc/self/statm");
    qint64 total = 0; // in pages, as the next
    qint64 resident = 0;
    const long page = sysconf(_SC_PAGESIZE);
    if (!(file >> total >> resident) || page <= 0) {
        return std::nullopt;
    }
    return resident * page;
}

} // namespace bitloom::workbench
