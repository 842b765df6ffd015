// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/jobs/phrase_text.h"

#include <QCoreApplication>

namespace bitloom::workbench {

QString phraseText(const Phrase& phrase)
{
    return QString::fromStdString(textOf(phrase, [](std::string_view english) {
        return QCoreApplication::translate("Phrases", std::string(english).c_str()).toStdString();
    }));
}

} // namespace bitloom::workbench
