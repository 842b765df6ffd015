// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QSet>
#include <QTranslator>

namespace bitloom::test {

/// A language that nobody speaks: each string of a translation file in marks, with accents, and 40
/// % longer, as German or Finnish would be. What is shown without marks was never translated.
class PseudoTranslator final : public QTranslator {
    Q_OBJECT
public:
    static constexpr double kLonger = 0.4;

    /// Knows the contexts and sources of this .ts file.
    explicit PseudoTranslator(const QString& path, QObject* parent = nullptr);

    qsizetype size() const { return m_size; }
    static QString pseudo(const QString& source);
    static bool isPseudo(const QString& shown);

    QString translate(const char* context, const char* source, const char* disambiguation,
                      int number) const override;
    bool isEmpty() const override { return false; }

private:
    QHash<QString, QSet<QString>> m_sources; ///< by context
    qsizetype m_size = 0;
};

} // namespace bitloom::test
