// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/palette/fuzzy_match.h"
#include "app/workbench/palette/palette_model.h"

#include <QAbstractItemModelTester>
#include <QtTest>

using namespace bitloom::workbench;

namespace {
PaletteEntry entry(const QString& title, const QString& kind = QStringLiteral("action"))
{
    PaletteEntry result;
    result.kind = kind;
    result.title = title;
    return result;
}

QStringList titles(const PaletteModel& model)
{
    QStringList found;
    for (int row = 0; row < model.rowCount(); ++row) {
        found << model.index(row).data().toString();
    }
    return found;
}
} // namespace

class TestPalette : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void matches_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QList<int>>("positions");
        QTest::newRow("word starts") << "dp"
                                     << "Duplicate plan" << QList<int>{0, 10};
        QTest::newRow("case and spaces") << "D P"
                                         << "duplicate plan" << QList<int>{0, 10};
        QTest::newRow("in a row") << "plan"
                                  << "Duplicate plan" << QList<int>{10, 11, 12, 13};
        QTest::newRow("after dots") << "l0c"
                                    << "layer1.0.conv1" << QList<int>{0, 7, 9};
        QTest::newRow("whole") << "a"
                               << "a" << QList<int>{0};
        QTest::newRow("empty") << ""
                               << "abc" << QList<int>{};
    }
    void matches()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, text);
        QFETCH(QList<int>, positions);
        const auto match = fuzzyMatch(pattern, text);
        QVERIFY(match.has_value());
        QCOMPARE(QList<int>(match->positions.begin(), match->positions.end()), positions);
    }

    void doesNotMatch_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("text");
        QTest::newRow("other order") << "pd"
                                     << "duplicate";
        QTest::newRow("longer") << "abcd"
                                << "abc";
        QTest::newRow("twice the same letter") << "aa"
                                               << "abc";
        QTest::newRow("empty text") << "a"
                                    << "";
    }
    void doesNotMatch()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, text);
        QVERIFY(!fuzzyMatch(pattern, text).has_value());
    }

    void bestComesFirst()
    {
        PaletteModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setEntries({entry(QStringLiteral("Reopen the example")),
                          entry(QStringLiteral("Open model")), entry(QStringLiteral("Redo"))});
        QCOMPARE(model.rowCount(), 3); // without a text, as they are
        model.setText(QStringLiteral("open"));
        QCOMPARE(titles(model),
                 (QStringList{QStringLiteral("Open model"), QStringLiteral("Reopen the example")}));
        QCOMPARE(model.index(0).data(PaletteModel::PositionsRole).value<QList<int>>(),
                 (QList<int>{0, 1, 2, 3}));
        model.setText(QStringLiteral("zzz"));
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(model.entryAt(model.index(0)) == nullptr);
        QVERIFY(!model.data({}).isValid());
    }

    void layersNeedTwoLetters()
    {
        PaletteModel model;
        model.setEntries({entry(QStringLiteral("Close")),
                          entry(QStringLiteral("conv1"), PaletteModel::tr("layer"))});
        model.setText(QStringLiteral("c"));
        QCOMPARE(titles(model), QStringList{QStringLiteral("Close")});
        model.setText(QStringLiteral("co"));
        QCOMPARE(titles(model),
                 QStringList{QStringLiteral("conv1")} + QStringList{QStringLiteral("Close")});
    }

    void sayWhyNot()
    {
        PaletteModel model;
        PaletteEntry blocked = entry(QStringLiteral("Close model"));
        blocked.detail = QStringLiteral("Closes it.");
        blocked.unavailable = QStringLiteral("no model is open.");
        model.setEntries({blocked});
        QVERIFY(!model.index(0).data(PaletteModel::AvailableRole).toBool());
        QVERIFY(model.index(0)
                    .data(PaletteModel::DetailRole)
                    .toString()
                    .contains(QLatin1String("no model is open.")));
    }

    void manyLayersStayFew()
    {
        std::vector<PaletteEntry> entries;
        for (int i = 0; i < 10000; ++i) {
            entries.push_back(
                entry(QStringLiteral("blocks.%1.conv").arg(i), PaletteModel::tr("layer")));
        }
        PaletteModel model;
        model.setEntries(std::move(entries));
        model.setText(QStringLiteral("blocks.7"));
        QCOMPARE(model.rowCount(), PaletteModel::kMostShown);
        QCOMPARE(model.index(0).data().toString(), QStringLiteral("blocks.7.conv"));
    }
};

QTEST_GUILESS_MAIN(TestPalette)
#include "tst_palette.moc"
