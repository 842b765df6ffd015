// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/phrase.h"

#include <string>
#include <vector>

namespace bitloom::test {

/// What the command line would print, a sentence each.
inline std::vector<std::string> textsOf(const std::vector<Phrase>& phrases)
{
    std::vector<std::string> texts;
    for (const Phrase& phrase : phrases) {
        texts.push_back(textOf(phrase));
    }
    return texts;
}

} // namespace bitloom::test
