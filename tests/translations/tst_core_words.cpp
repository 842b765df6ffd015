// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/architecture_catalog.h"
#include "core/engine/method_catalog.h"
#include "core/types/phrase.h"
#include "tests/support/test_support.h"

#include <QFile>
#include <QtTest>

#include <set>

using namespace bitloom;

namespace {

QString fileName()
{
    return QString::fromStdString(test::dataFile("../../translations/core_words.cpp"));
}

/// What the window shows of the methods in words.
std::set<std::string> wordsOfMethods()
{
    std::set<std::string> words;
    for (const MethodDescription& method : engine::methodCatalog()) {
        words.insert(method.summary);
        for (const OptionPreset& preset : method.options->presets()) {
            words.insert(preset.help);
        }
        for (const OptionSpec& option : method.options->options()) {
            words.insert({option.help, option.group, option.unit});
        }
    }
    return words;
}

std::set<std::string> wordsOfArchitectures()
{
    std::set<std::string> words;
    for (const engine::ArchitectureEntry& entry : engine::architectureCatalog()) {
        words.insert(entry.description);
    }
    return words;
}

std::set<std::string> wordsOfPhrases()
{
    std::set<std::string> words;
    for (const PhraseId id : phraseIds()) {
        words.emplace(englishOf(id));
    }
    return words;
}

/// As lupdate finds them in a source.
QByteArray listed(const char* context, std::set<std::string> words)
{
    words.erase("");
    QByteArray text;
    for (const std::string& word : words) {
        text += QByteArray("QT_TRANSLATE_NOOP(\"") + context + "\", \"" +
                QByteArray::fromStdString(word).replace('\\', "\\\\").replace('"', "\\\"") +
                "\")\n";
    }
    return text;
}

QByteArray expectedFile()
{
    return "// SPDX-FileCopyrightText: The Bitloom authors\n"
           "// SPDX-License-Identifier: GPL-3.0-or-later\n"
           "// The words of core/engine/{architecture,method}_catalog.h and core/types/phrase.h "
           "for the\n"
           "// translators; not compiled.\n"
           "// Written by the test core_words when BITLOOM_WRITE_CORE_WORDS is set.\n"
           "// clang-format off\n" +
           listed("Architectures", wordsOfArchitectures()) +
           listed("MethodOptions", wordsOfMethods()) + listed("Phrases", wordsOfPhrases());
}

} // namespace

/// Every word of the catalogs and every phrase of core can be translated.
class TestCoreWords : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void translatorsSeeEveryWord()
    {
        const QByteArray expected = expectedFile();
        QFile file(fileName());
        if (qEnvironmentVariableIsSet("BITLOOM_WRITE_CORE_WORDS")) {
            QVERIFY(file.open(QIODevice::WriteOnly));
            QCOMPARE(file.write(expected), expected.size());
            return;
        }
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.errorString()));
        QVERIFY2(file.readAll() == expected,
                 "core has other words than translations/core_words.cpp: run this test with "
                 "BITLOOM_WRITE_CORE_WORDS=1, then translations/update.sh");
    }
};

QTEST_GUILESS_MAIN(TestCoreWords)
#include "tst_core_words.moc"
