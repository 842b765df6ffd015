// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace bitloom::workbench {

/// Codes of the languages that the window speaks ("en" and the translations that were built in).
QStringList availableLanguages();

/// Loads the translation of a language, or of the system's if the code is empty, for the whole
/// program; numbers follow it. Before the first widget. English needs none.
void installLanguage(const QString& code);

} // namespace bitloom::workbench
