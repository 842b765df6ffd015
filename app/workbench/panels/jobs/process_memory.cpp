// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/jobs/process_memory.h"

#include <cstdio>
#include <unistd.h>

namespace bitloom::workbench {

std::optional<qint64> residentBytes()
{
    std::FILE* file = std::fopen("/proc/self/statm", "r");
    if (file == nullptr) {
        return std::nullopt;
    }
    long long total = 0;
    long long resident = 0;
    const int read = std::fscanf(file, "%lld %lld", &total, &resident);
    std::fclose(file);
    const long page = sysconf(_SC_PAGESIZE);
    if (read != 2 || page <= 0) {
        return std::nullopt;
    }
    return resident * page;
}

} // namespace bitloom::workbench
