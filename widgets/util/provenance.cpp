// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/util/provenance.h"

#include <QStringList>

#include <algorithm>
#include <iterator>

namespace bitloom::ui {

namespace {
struct Field {
    const char* key;
    QString Provenance::*value;
};
constexpr Field kFields[] = {
    {"model", &Provenance::model}, {"fingerprint", &Provenance::fingerprint},
    {"plan", &Provenance::plan},   {"plan_digest", &Provenance::planDigest},
    {"seed", &Provenance::seed},   {"versions", &Provenance::versions},
    {"panel", &Provenance::panel},
};

const Field* fieldOf(const QString& key)
{
    const auto* found = std::find_if(std::begin(kFields), std::end(kFields),
                                     [&](const Field& f) { return key == QLatin1String(f.key); });
    return found == std::end(kFields) ? nullptr : found;
}
} // namespace

QList<QPair<QString, QString>> Provenance::fields() const
{
    QList<QPair<QString, QString>> known;
    for (const Field& field : kFields) {
        if (const QString& value = this->*field.value; !value.isEmpty()) {
            known.append({QString::fromLatin1(field.key), value});
        }
    }
    return known;
}

void Provenance::set(const QString& key, const QString& value)
{
    if (const Field* field = fieldOf(key)) {
        this->*field->value = value;
    }
}

bool Provenance::isKey(const QString& key)
{
    return fieldOf(key) != nullptr;
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
