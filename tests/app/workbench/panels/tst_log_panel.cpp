// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/log/log_panel.h"

#include "app/workbench/panels/log/log_filter.h"
#include "app/workbench/panels/log/qt_messages.h"
#include "core/engine/versions.h"
#include "tests/app/workbench/panels/model_lines.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QToolButton>
#include <QTreeView>
#include <QtTest>

#include <thread>

using namespace bitloom;
using namespace bitloom::workbench;

namespace {
LogEntry entry(LogLevel level, const QString& text)
{
    return {QDateTime(QDate(2026, 1, 2), QTime(3, 4, 5)), level, text};
}

QList<LogEntry> numbered(int count, int from = 0)
{
    QList<LogEntry> entries;
    for (int i = 0; i < count; ++i) {
        entries << entry(LogLevel::Info, QString::number(from + i));
    }
    return entries;
}
} // namespace

class TestLogPanel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void modelPrints()
    {
        LogModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.append({entry(LogLevel::Command, QStringLiteral("bitloom inspect m.pt")),
                      entry(LogLevel::Warning, QStringLiteral("slow"))});
        const QStringList expected{QStringLiteral("Time | Level | Text"),
                                   QStringLiteral("03:04:05 | command | bitloom inspect m.pt"),
                                   QStringLiteral("03:04:05 | warning | slow")};
        QCOMPARE(test::modelLines(model), expected);
        QVERIFY(model.index(0, 2).data(Qt::FontRole).isValid());
        QVERIFY(!model.index(1, 2).data(Qt::FontRole).isValid());
        QVERIFY(!model.headerData(LogModel::kColumns, Qt::Horizontal).isValid());
        QVERIFY(!model.data(model.index(5, 0)).isValid());
    }

    void oldLinesDropOut()
    {
        LogModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.append(numbered(LogModel::kMaxLines - 1));
        model.append(numbered(3, LogModel::kMaxLines - 1));
        QCOMPARE(model.rowCount(), LogModel::kMaxLines);
        QCOMPARE(model.entry(0).text, QStringLiteral("2"));
        QCOMPARE(model.entry(model.rowCount() - 1).text, QString::number(LogModel::kMaxLines + 1));
        model.append(numbered(LogModel::kMaxLines + 5));
        QCOMPARE(model.rowCount(), LogModel::kMaxLines);
        QCOMPARE(model.entry(0).text, QStringLiteral("5"));
    }

    void filterByLevelAndText()
    {
        LogModel model;
        LogFilter filter(model);
        const QAbstractItemModelTester tester(
            &filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.append({entry(LogLevel::Debug, QStringLiteral("Detail of conv1")),
                      entry(LogLevel::Info, QStringLiteral("note")),
                      entry(LogLevel::Error, QStringLiteral("CONV2 failed")),
                      entry(LogLevel::Command, QStringLiteral("bitloom eval"))});
        QCOMPARE(filter.rowCount(), 3);
        filter.setLevel(LogLevel::Debug);
        QCOMPARE(filter.rowCount(), 4);
        filter.setText(QStringLiteral(" conv "));
        QCOMPARE(filter.rowCount(), 2);
        filter.setLevel(LogLevel::Command);
        QCOMPARE(filter.rowCount(), 0);
        filter.setText({});
        QCOMPARE(filter.rowCount(), 1);
    }

    void followsTheEndOnlyWhileItIsInSight()
    {
        LogPanel panel;
        panel.resize(500, 160);
        panel.show();
        const auto addLines = [&panel](int count) {
            for (int i = 0; i < count; ++i) {
                panel.addNote(QString::number(i));
            }
            panel.flushRefresh();
            QCoreApplication::processEvents();
        };
        addLines(100);
        QScrollBar* bar = panel.findChild<QTreeView*>()->verticalScrollBar();
        QVERIFY(bar->maximum() > 0);
        QTRY_COMPARE(bar->value(), bar->maximum());
        addLines(10);
        QTRY_COMPARE(bar->value(), bar->maximum());
        bar->setValue(5);
        addLines(10);
        QCOMPARE(bar->value(), 5);
    }

    void commandsBecomeAScript()
    {
        LogPanel panel;
        QVERIFY(!panel.emptySentence().isEmpty());
        panel.addCommand(QStringLiteral("bitloom inspect m.pt"));
        panel.addNote(QStringLiteral("Opened."));
        panel.addCommand(QStringLiteral("bitloom eval m.pt --data digits:20"));
        const QString expected = QStringLiteral("#!/bin/sh\n# %1\nset -e\nbitloom inspect m.pt\n"
                                                "bitloom eval m.pt --data digits:20\n")
                                     .arg(QString::fromStdString(engine::libraryVersions()));
        QCOMPARE(panel.script(), expected); // also before it was ever shown
        panel.flushRefresh();
        QCOMPARE(panel.script(), expected);
        QVERIFY(panel.emptySentence().isEmpty());
        const auto buttons = panel.findChildren<QToolButton*>();
        for (QToolButton* button : buttons) {
            if (button->accessibleName() == QLatin1String("Copy commands")) {
                button->click();
            }
        }
        QCOMPARE(QGuiApplication::clipboard()->text(), expected);
        panel.clear();
        panel.flushRefresh();
        QVERIFY(!panel.emptySentence().isEmpty());
    }

    void hiddenPanelKeepsTheNewest()
    {
        LogPanel panel;
        for (int i = 0; i < 3 * LogModel::kMaxLines; ++i) {
            panel.addNote(QString::number(i));
        }
        auto* view = panel.findChild<QTreeView*>();
        QCOMPARE(view->model()->rowCount(), 0); // nothing done while hidden
        panel.flushRefresh();
        QCOMPARE(view->model()->rowCount(), LogModel::kMaxLines);
        QCOMPARE(view->model()->index(LogModel::kMaxLines - 1, 2).data().toString(),
                 QString::number(3 * LogModel::kMaxLines - 1));
    }

    void qtMessagesArriveFromAnyThread()
    {
        QtMessages messages;
        QStringList texts;
        connect(&messages, &QtMessages::logged, this,
                [&texts](LogLine::Level level, const QString& text) {
                    texts << QStringLiteral("%1 %2").arg(static_cast<int>(level)).arg(text);
                });
        std::thread other([] { qWarning("from a thread"); });
        other.join();
        qInfo("from here");
        QTRY_COMPARE(texts.size(), 2);
        QVERIFY(texts.contains(QStringLiteral("2 from a thread")));
        QVERIFY(texts.contains(QStringLiteral("1 from here")));
    }
};

QTEST_MAIN(TestLogPanel)
#include "tst_log_panel.moc"
