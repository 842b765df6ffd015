// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace bitloom::workbench {

/// Codes of the languages that the window speaks: "en", "de".
QStringList availableLanguages();

/// Loads the translation of a language, or of the system's if the code is empty, for the whole
/// program; numbers follow it. Before the first widget.
void installLanguage(const QString& code);

} // namespace bitloom::workbench
