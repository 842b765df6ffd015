// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/detail/json_support.h"
#include "core/types/phrase.h"

#include <vector>

namespace bitloom::json {

/// A text for Verbatim, else {"phrase": name, "arguments": [...]}.
Json jsonOf(const Phrase& phrase);

/// The English text under the key, and in `phrases`, which is to become the object's member of this
/// name, what programs need to say it in another language.
void put(Json& object, Json& phrases, const char* key, const Phrase& phrase);
/// The same of a list of texts.
void put(Json& object, Json& phrases, const char* key, const std::vector<Phrase>& list);

/// Reads these. Where `phrases` is missing, or names a phrase that this version does not know, it
/// is the English text.
Phrase phraseUnder(const Cursor& object, const char* key);
std::vector<Phrase> phrasesUnder(const Cursor& object, const char* key);

} // namespace bitloom::json
