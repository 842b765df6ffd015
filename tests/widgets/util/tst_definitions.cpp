// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/util/definitions.h"

#include <QSet>
#include <QtTest>

using namespace bitloom;

class TestDefinitions : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyMetricIsExplained()
    {
        QSet<QString> names, meanings;
        for (int i = 0; i <= static_cast<int>(ui::Metric::Sqnr); ++i) {
            const auto metric = static_cast<ui::Metric>(i);
            const ui::Definition definition = ui::definitionOf(metric);
            for (const QString& part : {definition.name, definition.unit, definition.source}) {
                QVERIFY2(!part.isEmpty(), qPrintable(QString::number(i)));
                QVERIFY(ui::whatsThis(metric).contains(part));
            }
            QVERIFY2(definition.meaning.endsWith(u'.'), qPrintable(definition.meaning));
            QVERIFY(ui::whatsThis(metric).contains(definition.meaning.toHtmlEscaped()));
            names.insert(definition.name);
            meanings.insert(definition.meaning);
        }
        // Each is one of its own: none fell through to another's words.
        QCOMPARE(names.size(), static_cast<int>(ui::Metric::Sqnr) + 1);
        QCOMPARE(meanings.size(), names.size());
    }
};

QTEST_MAIN(TestDefinitions)
#include "tst_definitions.moc"
