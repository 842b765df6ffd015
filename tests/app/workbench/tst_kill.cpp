// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The whole window in a process of its own, killed as by kill -9: in the middle of a save, and in
// the middle of a sensitivity sweep. The next start must have every edit and lose no measurement.
#include "app/workbench/frame/main_window.h"
#include "app/workbench/frame/notice_bar.h"
#include "app/workbench/frame/program.h"
#include "app/workbench/workbench.h"
#include "core/engine/project.h"
#include "tests/support/test_support.h"

#include <QApplication>
#include <QFileInfo>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include <chrono>
#include <csignal>
#include <thread>
#include <unistd.h>

using namespace bitloom;
using namespace bitloom::workbench;

namespace {
constexpr int kPatienceMs = 120000;
constexpr const char* kDieSaving = "--die-saving";
constexpr const char* kDieSweeping = "--die-sweeping";

[[noreturn]] void die()
{
    static_cast<void>(::kill(::getpid(), SIGKILL));
    for (;;) {
        ::pause();
    }
}

Workbench::Options optionsIn(const QString& folder)
{
    Workbench::Options options;
    options.settingsPath = folder + QStringLiteral("/settings.json");
    options.exampleFolder = folder + QStringLiteral("/example");
    options.untitledFolder = folder + QStringLiteral("/untitled");
    options.threads = 1; // the same bits, whatever the machine
    return options;
}

QString projectIn(const QString& folder)
{
    return folder + QStringLiteral("/kept.bitloom");
}

bool openProject(Workbench& workbench, const QString& folder)
{
    workbench.start(projectIn(folder));
    return QTest::qWaitFor(
        [&] { return workbench.document().isOpen() && workbench.session().isOpen(); }, kPatienceMs);
}

void setFirstLayer(Workbench& workbench, int bits)
{
    PlanEdit edit;
    edit.weightBits = bits;
    workbench.document().edit(
        {QString::fromStdString(workbench.document().plan().layers.front().name)}, edit,
        QStringLiteral("edit"));
}

int bitsOfFirstLayer(const BitPlan& plan)
{
    return plan.layers.front().weight.bits;
}

void startSweep(Workbench& workbench)
{
    DataSettings data;
    data.kind = DataKind::Digits;
    data.digits = 400;
    data.calibrationImages = 32;
    workbench.data().setSettings(data);
    SweepSettings sweep;
    sweep.images = 300; // three batches
    sweep.bits = {2, 4};
    workbench.sweep().start(sweep);
}

/// Edits, waits until the journal has the edit, then saves and is gone some microseconds later.
void dieSaving(const QString& folder, int bits, int microseconds)
{
    Workbench workbench(optionsIn(folder));
    if (!openProject(workbench, folder)) {
        return;
    }
    setFirstLayer(workbench, bits);
    const QString journal = projectIn(folder) + QStringLiteral("/journal.json");
    if (!QTest::qWaitFor([&] { return QFileInfo::exists(journal); }, kPatienceMs)) {
        return;
    }
    std::thread killer([microseconds] {
        std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
        die();
    });
    workbench.session().save();
    QTest::qWait(kPatienceMs);
    killer.join();
}

/// Edits, and is gone when the running sweep has measured the first of its batches.
void dieSweeping(const QString& folder, int bits)
{
    Workbench workbench(optionsIn(folder));
    if (!openProject(workbench, folder)) {
        return;
    }
    setFirstLayer(workbench, bits);
    const QString journal = projectIn(folder) + QStringLiteral("/journal.json");
    QObject::connect(&workbench.sweep(), &SensitivityRun::learned, &workbench,
                     [journal](const std::shared_ptr<const SensitivityTable>& soFar) {
                         if (soFar && !soFar->complete && QFileInfo::exists(journal)) {
                             die();
                         }
                     });
    if (!QTest::qWaitFor([&] { return QFileInfo::exists(journal); }, kPatienceMs)) {
        return;
    }
    startSweep(workbench);
    QTest::qWait(kPatienceMs);
}
} // namespace

class TestKill : public QObject {
    Q_OBJECT

    /// The window with this project, until it is killed. False: it ended in another way.
    static bool isKilled(const QStringList& arguments)
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::ForwardedChannels);
        process.start(QCoreApplication::applicationFilePath(), arguments);
        return process.waitForFinished(2 * kPatienceMs) &&
               process.exitStatus() == QProcess::CrashExit && process.exitCode() == SIGKILL;
    }
    static void makeProject(const QString& folder)
    {
        Workbench workbench(optionsIn(folder));
        workbench.start(QStringLiteral("arch:lenet5"));
        QTRY_VERIFY_WITH_TIMEOUT(workbench.document().isOpen() && workbench.session().isOpen(),
                                 kPatienceMs);
        QSignalSpy opened(&workbench.session(), &ProjectSession::projectOpened);
        workbench.session().saveAs(projectIn(folder));
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!workbench.document().isModified(workbench.document().planName()),
                                 kPatienceMs);
    }
    static void clickRestore(Workbench& workbench)
    {
        const auto buttons = workbench.window().notices().findChildren<QPushButton*>();
        for (QPushButton* button : buttons) {
            if (button->text() == QLatin1String("Restore them")) {
                button->click();
                return;
            }
        }
        QFAIL("nothing offers the edits of last time");
    }

    /// The whole table as text; empty: the sweep did not end.
    static QString sweepWith(Workbench& workbench)
    {
        startSweep(workbench);
        const bool ended = QTest::qWaitFor(
            [&] { return workbench.document().sensitivity() != nullptr; }, kPatienceMs);
        return ended ? QString::fromStdString(toJson(*workbench.document().sensitivity()))
                     : QString();
    }

private Q_SLOTS:
    void inTheMiddleOfASave()
    {
        const QTemporaryDir folder;
        makeProject(folder.path());
        int offered = 0;
        int written = 0;
        const int delays[] = {0, 100, 300, 600, 1000, 2000, 4000, 10000};
        int bits = 2;
        for (const int delay : delays) {
            ++bits; // each round has an edit of its own
            QVERIFY(isKilled({QString::fromLatin1(kDieSaving), folder.path(), QString::number(bits),
                              QString::number(delay)}));
            Workbench workbench(optionsIn(folder.path()));
            QVERIFY(openProject(workbench, folder.path()));
            const QString journal = projectIn(folder.path()) + QStringLiteral("/journal.json");
            const bool wasWritten = bitsOfFirstLayer(workbench.document().plan()) == bits;
            written += wasWritten ? 1 : 0;
            if (QFileInfo::exists(journal)) {
                ++offered;
                clickRestore(workbench);
            }
            QCOMPARE(bitsOfFirstLayer(workbench.document().plan()), bits);
            bool saved = false;
            workbench.session().save([&saved](bool ok) { saved = ok; });
            QTRY_VERIFY_WITH_TIMEOUT(saved, kPatienceMs);
        }
        QVERIFY2(offered > 0, "no kill came before the save was through");
        qInfo("of %zu kills %d left a journal, %d a written plan", std::size(delays), offered,
              written);
    }

    void inTheMiddleOfASweep()
    {
        const QTemporaryDir killed;
        const QTemporaryDir whole;
        makeProject(killed.path());
        QVERIFY(isKilled({QString::fromLatin1(kDieSweeping), killed.path(), QStringLiteral("6")}));
        const QString table = projectIn(killed.path()) + QStringLiteral("/sensitivity.json");
        QVERIFY(!QFileInfo::exists(table));
        QVERIFY(QFileInfo::exists(table + QStringLiteral(".progress")));
        QString resumed;
        {
            Workbench workbench(optionsIn(killed.path()));
            QVERIFY(openProject(workbench, killed.path()));
            clickRestore(workbench);
            QCOMPARE(bitsOfFirstLayer(workbench.document().plan()), 6);
            resumed = sweepWith(workbench);
            const QStringList log = workbench.jobs().rows().back().log;
            QVERIFY2(log.join(u'\n').contains(QStringLiteral("continuing the sweep")),
                     qPrintable(log.join(u'\n')));
        }
        makeProject(whole.path());
        Workbench workbench(optionsIn(whole.path()));
        QVERIFY(openProject(workbench, whole.path()));
        const QString uninterrupted = sweepWith(workbench);
        QVERIFY(!workbench.jobs().rows().back().log.join(u'\n').contains(
            QStringLiteral("continuing the sweep")));
        QVERIFY(!resumed.isEmpty());
        QCOMPARE(resumed, uninterrupted);
    }
};

int main(int argc, char** argv)
{
    QStandardPaths::setTestModeEnabled(true);
    QApplication application(argc, argv);
    prepareProgram();
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == QLatin1String(kDieSaving)) {
        dieSaving(arguments.value(2), arguments.value(3).toInt(), arguments.value(4).toInt());
        return 1; // it should not have come back
    }
    if (arguments.value(1) == QLatin1String(kDieSweeping)) {
        dieSweeping(arguments.value(2), arguments.value(3).toInt());
        return 1;
    }
    TestKill test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_kill.moc"
