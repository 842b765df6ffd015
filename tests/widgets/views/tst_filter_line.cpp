// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/layer_filter.h"
#include "widgets/views/filter_line.h"

#include <QCompleter>
#include <QLineEdit>
#include <QSignalSpy>
#include <QtTest>

using namespace bitloom;

namespace {
struct Fixture {
    Fixture()
    {
        line.setWords(ui::filterWords(ui::layerFilterFields()));
        line.setAccept([this](const QString& text) -> std::optional<ui::FilterError> {
            const auto parsed = ui::RowFilter::parse(text, ui::layerFilterFields());
            if (const auto* error = std::get_if<ui::FilterError>(&parsed)) {
                return *error;
            }
            taken = text;
            return std::nullopt;
        });
    }
    QLineEdit* edit() const { return line.findChild<QLineEdit*>(); }
    void type(const char* text) const
    {
        edit()->clear();
        QTest::keyClicks(edit(), QString::fromLatin1(text));
    }
    void enter(const char* text) const
    {
        type(text);
        QTest::keyClick(edit(), Qt::Key_Return);
    }

    QString taken;
    ui::FilterLine line;
};
} // namespace

class TestFilterLine : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void filtersWhileTyping()
    {
        Fixture f;
        f.type("bits<=4");
        QCOMPARE(f.taken, QStringLiteral("bits<=4"));
        QVERIFY(f.line.errorMessage().isEmpty());
    }

    void errorsWaitForAPauseOrReturn()
    {
        Fixture f;
        f.type("bits<=");
        QVERIFY(f.line.errorMessage().isEmpty());  // not yet a mistake
        QCOMPARE(f.taken, QStringLiteral("bits")); // the last text that was a filter
        QTRY_VERIFY(f.line.errorMessage().contains(QStringLiteral("a value is missing")));
        f.type("bits<=4");
        QVERIFY(f.line.errorMessage().isEmpty());
        f.enter("bist<=4");
        QVERIFY(f.line.errorMessage().contains(QStringLiteral("unknown field, nearest: bits")));
        f.edit()->clear();
        QVERIFY(f.line.errorMessage().isEmpty());
        QCOMPARE(f.taken, QString());
    }

    void historyKeepsWhatWasConfirmed()
    {
        Fixture f;
        f.enter("locked");
        f.enter("bits<=4");
        f.enter("bist<=4"); // an error is not kept
        f.enter("locked");
        QCOMPARE(f.line.history(),
                 (QStringList{QStringLiteral("locked"), QStringLiteral("bits<=4")}));
        f.type("fc");
        QTest::keyClick(f.edit(), Qt::Key_Up);
        QTest::keyClick(f.edit(), Qt::Key_Up);
        QTest::keyClick(f.edit(), Qt::Key_Up); // stays at the oldest
        QCOMPARE(f.line.text(), QStringLiteral("bits<=4"));
        QTest::keyClick(f.edit(), Qt::Key_Down);
        QTest::keyClick(f.edit(), Qt::Key_Down);
        QCOMPARE(f.line.text(), QStringLiteral("fc"));
        QSignalSpy left(&f.line, &ui::FilterLine::leaveRequested);
        QTest::keyClick(f.edit(), Qt::Key_Down);
        QCOMPARE(left.count(), 1);
        QStringList many;
        for (int i = 0; i < 50; ++i) {
            many << QString::number(i);
        }
        f.line.setHistory(many);
        QCOMPARE(f.line.history().size(), ui::FilterLine::kHistory);
    }

    void escapeClearsThenLeaves()
    {
        Fixture f;
        f.type("fc");
        QSignalSpy left(&f.line, &ui::FilterLine::leaveRequested);
        QTest::keyClick(f.edit(), Qt::Key_Escape);
        QCOMPARE(f.line.text(), QString());
        QCOMPARE(left.count(), 0);
        QTest::keyClick(f.edit(), Qt::Key_Escape);
        QCOMPARE(left.count(), 1);
    }

    void completesTheLastTerm_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("completed");
        const auto row = [](const char* text, const char* completed) {
            QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(completed);
        };
        row("loc", "locked");
        row("fc bit", "fc bits<=");
        row("a|loc", "a|locked");
        row("fc -loc", "fc -locked");
        row("op:lin", "op:linear");
    }
    void completesTheLastTerm()
    {
        QFETCH(QString, text);
        Fixture f;
        f.edit()->setText(text);
        QCompleter* completer = f.edit()->completer();
        completer->setCompletionPrefix(text);
        QVERIFY(completer->completionCount() > 0);
        QTEST(completer->currentCompletion(), "completed");
    }

    void isAccessible()
    {
        const Fixture f;
        QVERIFY(!f.edit()->accessibleName().isEmpty());
        QVERIFY(!f.edit()->accessibleDescription().isEmpty());
    }
};

QTEST_MAIN(TestFilterLine)
#include "tst_filter_line.moc"
