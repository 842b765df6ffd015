// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/workbench/window/pseudo_translator.h"

#include <QFile>
#include <QXmlStreamReader>

#include <cmath>
#include <stdexcept>

namespace bitloom::test {

namespace {
const QString kBegin = QStringLiteral("[!");
const QString kEnd = QStringLiteral("!]");
} // namespace

PseudoTranslator::PseudoTranslator(const QString& path, QObject* parent) : QTranslator(parent)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        throw std::runtime_error(qPrintable(path + QStringLiteral(" cannot be read")));
    }
    QXmlStreamReader xml(&file);
    QString context;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement) {
            continue;
        }
        if (xml.name() == QLatin1String("name")) {
            context = xml.readElementText();
        } else if (xml.name() == QLatin1String("source")) {
            m_sources[context].insert(xml.readElementText());
            ++m_size;
        }
    }
    if (xml.hasError() || m_size == 0) {
        throw std::runtime_error(qPrintable(path + QStringLiteral(" holds no strings")));
    }
}

QString PseudoTranslator::pseudo(const QString& source)
{
    static const QString plain = QStringLiteral("aeiouAEIOUcnsz");
    static const QString accented = QStringLiteral("áéíóúÁÉÍÓÚčñšž");
    QString text;
    bool inTag = false;
    for (qsizetype i = 0; i < source.size(); ++i) {
        const QChar letter = source[i];
        inTag = (inTag || letter == u'<') && letter != u'>';
        // Placeholders, entities and tags stay as they are; so does the one ending that code asks
        // for.
        const bool isPlaceholder = i > 0 && source[i - 1] == u'%';
        const auto at = plain.indexOf(letter);
        text += at >= 0 && !inTag && !isPlaceholder ? accented[at] : letter;
    }
    const bool asksMore = text.endsWith(QLatin1String("..."));
    const auto longer =
        static_cast<qsizetype>(std::ceil(kLonger * static_cast<double>(source.size())));
    const qsizetype padding = longer - kBegin.size() - kEnd.size();
    text = kBegin + text + QString(qMax<qsizetype>(padding, 0), u'~') + kEnd;
    return asksMore ? text + QStringLiteral("...") : text;
}

bool PseudoTranslator::isPseudo(const QString& shown)
{
    return shown.contains(kBegin) && shown.contains(kEnd);
}

QString PseudoTranslator::translate(const char* context, const char* source, const char*,
                                    int number) const
{
    const auto found = m_sources.constFind(QString::fromUtf8(context));
    const QString text = QString::fromUtf8(source);
    if (found == m_sources.constEnd() || !found->contains(text)) {
        return {};
    }
    QString result = pseudo(text);
    return number >= 0 ? result.replace(QLatin1String("%n"), QString::number(number)) : result;
}

} // namespace bitloom::test
