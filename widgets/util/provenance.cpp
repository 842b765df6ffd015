// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/util/provenance.h"

#include <QStringList>

namespace bitloom::ui {

QList<QPair<QString, QString>> Provenance::fields() const
{
    QList<QPair<QString, QString>> known;
    const auto add = [&known](const char* key, const QString& value) {
        if (!value.isEmpty()) {
            known.append({QString::fromLatin1(key), value});
        }
    };
    add("model", model);
    add("fingerprint", fingerprint);
    add("plan", plan);
    add("seed", seed);
    add("versions", versions);
    return known;
}

QString Provenance::toLine() const
{
    QStringList parts;
    for (const auto& [key, value] : fields()) {
        parts << key + u'=' + value;
    }
    return parts.join(QStringLiteral("; "));
}

} // namespace bitloom::ui
