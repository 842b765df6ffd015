// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/phrase.h"

#include <QString>

namespace bitloom::workbench {

/// What a phrase of core says, in the language of the window (translations/core_words.cpp).
QString phraseText(const Phrase& phrase);

} // namespace bitloom::workbench
