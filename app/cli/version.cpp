// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "app/cli/version.h"

#include "core/engine/versions.h"

namespace bitloom::cli {

std::string versionText()
{
    return engine::libraryVersions();
}

} // namespace bitloom::cli
