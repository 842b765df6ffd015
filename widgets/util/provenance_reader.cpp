// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/util/provenance_reader.h"

#include <QBuffer>
#include <QImageReader>
#include <QXmlStreamReader>

namespace bitloom::ui {

namespace {
using Fields = QList<QPair<QString, QString>>;

Fields pngFields(const QByteArray& file)
{
    QByteArray bytes = file;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer, "png");
    Fields fields;
    for (const QString& key : reader.textKeys()) {
        if (key.startsWith(QLatin1String(kProvenancePrefix))) {
            fields.append({key.mid(QLatin1String(kProvenancePrefix).size()), reader.text(key)});
        }
    }
    return fields;
}

/// "key=value; key=value", where a value may hold a semicolon but no known key behind it.
Fields lineFields(const QString& line)
{
    Fields fields;
    const QStringList parts = line.split(QStringLiteral("; "));
    for (const QString& part : parts) {
        const QString key = part.section(u'=', 0, 0);
        if (Provenance::isKey(key)) {
            fields.append({key, part.section(u'=', 1)});
        } else if (!fields.isEmpty()) {
            fields.back().second += QStringLiteral("; ") + part;
        }
    }
    return fields;
}

Fields svgFields(const QByteArray& file)
{
    QXmlStreamReader reader(file);
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::StartElement) {
            if (reader.name() == QLatin1String("desc")) {
                return lineFields(reader.readElementText());
            }
            if (reader.name() == QLatin1String("g")) { // the drawing: nothing is said behind it
                break;
            }
        }
    }
    return {};
}

Fields csvFields(const QByteArray& file)
{
    Fields fields;
    for (const QByteArray& line : file.split('\n')) {
        if (!line.startsWith("# ")) {
            break;
        }
        const QString text = QString::fromUtf8(line.mid(2));
        fields.append(
            {text.section(QStringLiteral(": "), 0, 0), text.section(QStringLiteral(": "), 1)});
    }
    return fields;
}
} // namespace

std::optional<Provenance> readProvenance(const QByteArray& file)
{
    const Fields fields = file.startsWith("\x89PNG") ? pngFields(file)
                          : file.startsWith("# ")    ? csvFields(file)
                                                     : svgFields(file);
    Provenance provenance;
    for (const auto& [key, value] : fields) {
        provenance.set(key, value);
    }
    return provenance.fields().isEmpty() ? std::nullopt : std::optional(provenance);
}

} // namespace bitloom::ui
