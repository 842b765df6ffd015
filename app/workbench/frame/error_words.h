// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QString>

namespace bitloom::workbench {

/// What an error means for the user, in the user's language. The message of the error itself says
/// what was found and where.
struct ErrorWords {
    QString what; ///< "The file is damaged."
    QString next; ///< "Copy it again from where it came from."; empty: nothing to advise
};

ErrorWords errorWords(ErrorCode code);

} // namespace bitloom::workbench
