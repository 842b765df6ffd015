// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/method_catalog.h"
#include "tests/support/test_support.h"

#include <QFile>
#include <QtTest>

#include <set>

using namespace bitloom;

namespace {

QString fileName()
{
    return QString::fromStdString(test::dataFile("../../translations/method_words.cpp"));
}

/// What the window shows of the methods in words, as lupdate finds it in a source.
QByteArray expectedFile()
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
    words.erase("");
    QByteArray text = "// SPDX-FileCopyrightText: The Bitloom authors\n"
                      "// SPDX-License-Identifier: GPL-3.0-or-later\n"
                      "// The words of core/engine/method_catalog.h for the translators; not "
                      "compiled. Written by the test\n"
                      "// method_words when BITLOOM_WRITE_METHOD_WORDS is set.\n"
                      "// clang-format off\n";
    for (const std::string& word : words) {
        text += "QT_TRANSLATE_NOOP(\"MethodOptions\", \"" +
                QByteArray::fromStdString(word).replace('\\', "\\\\").replace('"', "\\\"") +
                "\")\n";
    }
    return text;
}

} // namespace

/// Every word of a method's description can be translated.
class TestMethodWords : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void translatorsSeeEveryWord()
    {
        const QByteArray expected = expectedFile();
        QFile file(fileName());
        if (qEnvironmentVariableIsSet("BITLOOM_WRITE_METHOD_WORDS")) {
            QVERIFY(file.open(QIODevice::WriteOnly));
            QCOMPARE(file.write(expected), expected.size());
            return;
        }
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.errorString()));
        QVERIFY2(file.readAll() == expected,
                 "the methods' options have other words than translations/method_words.cpp: run "
                 "this test with BITLOOM_WRITE_METHOD_WORDS=1, then translations/update.sh");
    }
};

QTEST_GUILESS_MAIN(TestMethodWords)
#include "tst_method_words.moc"
