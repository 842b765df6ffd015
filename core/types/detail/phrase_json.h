// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/detail/json_support.h"
#include "core/types/phrase.h"

namespace bitloom::json {

/// A text for Verbatim, else {"phrase": name, "arguments": [...]}.
Json jsonOf(const Phrase& phrase);
/// Errors: CorruptFile for a phrase that this version does not know.
Phrase phraseFrom(const Cursor& value);

} // namespace bitloom::json
