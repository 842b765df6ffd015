// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/document/plan_document.h"
#include "app/workbench/jobs/job_center.h"
#include "app/workbench/project/project_session.h"
#include "tests/support/test_support.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <sys/wait.h>
#include <unistd.h>

using namespace bitloom;
using namespace bitloom::workbench;

namespace {

/// What a window has, without the window.
struct Parts {
    explicit Parts(const QString& untitled)
        : bridge(2), jobs(bridge), session(document, jobs, store, untitled)
    {
    }
    EngineBridge bridge;
    JobCenter jobs;
    PlanDocument document;
    ProjectStore store;
    ProjectSession session;

    void openModel()
    {
        JobOrder order;
        order.spec = engine::InspectJob{{"arch:lenet5", {}}};
        bool open = false;
        order.onFinished = [&](const JobResult& result) {
            document.open(std::get<std::shared_ptr<const ModelReport>>(result),
                          {"arch:lenet5", {}});
            session.adoptModel();
            open = true;
            return QString();
        };
        jobs.start(std::move(order), &document);
        QTRY_VERIFY_WITH_TIMEOUT(open && session.isOpen(), 60000);
    }
    void openProject(const QString& folder, bool startClean = false)
    {
        QSignalSpy opened(&session, &ProjectSession::projectOpened);
        QSignalSpy failed(&session, &ProjectSession::failed);
        session.openProject(folder, startClean);
        QTRY_VERIFY_WITH_TIMEOUT(!opened.isEmpty() || !failed.isEmpty(), 60000);
    }
    /// Of the first layer.
    int bits() const { return document.plan().layers.front().weight.bits; }
    void setBits(int bits)
    {
        PlanEdit edit;
        edit.weightBits = bits;
        document.edit({QString::fromStdString(document.plan().layers.front().name)}, edit,
                      QStringLiteral("set bits"));
    }
};

} // namespace

class TestProjectSession : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    QString path(const char* name) const { return m_folder->filePath(QString::fromLatin1(name)); }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void aModelGetsAProjectWithoutAName()
    {
        Parts parts(path("untitled"));
        parts.openModel();
        QVERIFY(parts.session.isUntitled());
        QVERIFY(parts.session.name().startsWith(QStringLiteral("untitled-")));
        QTRY_VERIFY(QFile::exists(parts.store.planFile(QStringLiteral("w8a8"))));
    }

    void everythingIsThereAgain()
    {
        const QString folder = path("kept.bitloom");
        {
            Parts parts(path("untitled"));
            parts.openModel();
            parts.setBits(3);
            parts.document.duplicatePlan();
            parts.document.setLocked(
                {QString::fromStdString(parts.document.plan().layers.back().name)}, true);
            FrontierPoint point;
            point.kind = PointKind::Measured;
            point.label = "w8a8";
            point.top1Percent = 12.5;
            parts.document.addPoint(point);
            QSignalSpy opened(&parts.session, &ProjectSession::projectOpened);
            parts.session.saveAs(folder);
            QTRY_COMPARE(opened.size(), 1);
            QTRY_VERIFY(!parts.document.isModified(QStringLiteral("w8a8")));
            QVERIFY(!parts.session.isUntitled());
            QCOMPARE(parts.session.name(), QStringLiteral("kept"));
        }
        Parts parts(path("untitled"));
        QSignalSpy journal(&parts.session, &ProjectSession::journalFound);
        parts.openProject(folder);
        QCOMPARE(parts.document.planNames().size(), 2);
        QCOMPARE(parts.document.planName(), QStringLiteral("w8a8-2")); // as it was left
        QCOMPARE(parts.document.lockedLayers().size(), 1);
        QCOMPARE(parts.bits(), 3);
        QCOMPARE(parts.document.points().size(), std::size_t{1});
        QVERIFY(!parts.document.isModified(QStringLiteral("w8a8")));
        QCOMPARE(journal.size(), 0);
        // A plan that is removed and saved is gone from the folder.
        parts.document.removePlan();
        bool saved = false;
        parts.session.save([&](bool ok) { saved = ok; });
        QTRY_VERIFY(saved);
        QCOMPARE(
            QDir(folder + QStringLiteral("/plans")).entryList({QStringLiteral("*.json")}).size(),
            1);
    }

    void unsavedEditsComeBackAfterAKill()
    {
        const QString folder = path("killed.bitloom");
        {
            Parts parts(path("untitled"));
            parts.openModel();
            parts.session.saveAs(folder);
            QTRY_COMPARE(parts.store.folder(), folder);
            QTRY_VERIFY(!parts.document.isModified(QStringLiteral("w8a8")));
            parts.setBits(2);
            QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(folder + QStringLiteral("/journal.json")),
                                     10000);
            // Nothing was saved: the window went away as after kill -9.
        }
        Parts parts(path("untitled"));
        QSignalSpy journal(&parts.session, &ProjectSession::journalFound);
        parts.openProject(folder);
        QTRY_COMPARE(journal.size(), 1);
        QCOMPARE(parts.bits(), 8);
        parts.session.restoreJournal();
        QCOMPARE(parts.bits(), 2);
        QVERIFY(parts.document.isModified(QStringLiteral("w8a8")));
        bool saved = false;
        parts.session.save([&](bool ok) { saved = ok; });
        QTRY_VERIFY(saved);
        QTRY_VERIFY(!QFile::exists(folder + QStringLiteral("/journal.json")));
    }

    void startCleanForgetsThem()
    {
        const QString folder = path("clean.bitloom");
        {
            Parts parts(path("untitled"));
            parts.openModel();
            parts.session.saveAs(folder);
            QTRY_VERIFY(!parts.document.isModified(QStringLiteral("w8a8")));
            parts.setBits(2);
            QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(folder + QStringLiteral("/journal.json")),
                                     10000);
        }
        Parts parts(path("untitled"));
        QSignalSpy journal(&parts.session, &ProjectSession::journalFound);
        parts.openProject(folder, true);
        QCOMPARE(parts.bits(), 8);
        QCOMPARE(journal.size(), 0);
        QTRY_VERIFY(!QFile::exists(folder + QStringLiteral("/journal.json")));
    }

    void aFolderHeldByAnotherProcessIsReadOnly()
    {
        const QString folder = path("held.bitloom");
        {
            Parts parts(path("untitled"));
            parts.openModel();
            parts.session.saveAs(folder);
            QTRY_VERIFY(!parts.document.isModified(QStringLiteral("w8a8")));
        }
        int ready[2];
        int done[2];
        QVERIFY(pipe(ready) == 0 && pipe(done) == 0);
        const pid_t child = fork();
        if (child == 0) { // holds the folder until it is told to go
            alarm(60);    // a failed test must not wait for it
            try {
                const auto held = engine::Project::open(folder.toStdString());
                char byte = 1;
                if (write(ready[1], &byte, 1) != 1 || read(done[0], &byte, 1) != 1) {
                    _exit(2);
                }
            } catch (...) {
                _exit(3);
            }
            _exit(0);
        }
        char byte = 0;
        QCOMPARE(read(ready[0], &byte, 1), ssize_t{1});
        Parts parts(path("untitled"));
        QSignalSpy warned(&parts.session, &ProjectSession::warned);
        parts.openProject(folder);
        QVERIFY(parts.store.isReadOnly());
        QVERIFY2(parts.store.readOnlyReason().contains(QString::number(child)),
                 qPrintable(parts.store.readOnlyReason()));
        QVERIFY(!warned.isEmpty());
        // Saving says why it cannot, and loses nothing.
        QSignalSpy failed(&parts.session, &ProjectSession::failed);
        parts.setBits(4);
        bool answered = false;
        parts.session.save([&](bool ok) { answered = !ok; });
        QTRY_VERIFY(answered);
        QCOMPARE(failed.size(), 1);
        QCOMPARE(parts.bits(), 4);
        QCOMPARE(write(done[1], &byte, 1), ssize_t{1});
        int status = 0;
        waitpid(child, &status, 0);
        QCOMPARE(status, 0);
    }

    void damagedPartsAreNamedAndTheRestOpens()
    {
        const QString folder = path("damaged.bitloom");
        {
            Parts parts(path("untitled"));
            parts.openModel();
            parts.document.duplicatePlan();
            parts.session.saveAs(folder);
            QTRY_VERIFY(!parts.document.isModified(QStringLiteral("w8a8-2")));
        }
        test::writeFile((folder + QStringLiteral("/plans/w8a8-2.json")).toStdString(), "{");
        test::writeFile((folder + QStringLiteral("/points.json")).toStdString(), "[1]");
        Parts parts(path("untitled"));
        QSignalSpy warned(&parts.session, &ProjectSession::warned);
        parts.openProject(folder);
        QCOMPARE(parts.document.planNames(), QStringList{QStringLiteral("w8a8")});
        QCOMPARE(warned.size(), 2);
    }

    void aFolderThatIsNoProjectChangesNothing()
    {
        Parts parts(path("untitled"));
        parts.openModel();
        parts.setBits(5);
        const QString before = parts.store.folder();
        QSignalSpy failed(&parts.session, &ProjectSession::failed);
        parts.session.openProject(path("nowhere"));
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(failed.at(0).at(2).toString().contains(path("nowhere")));
        QCOMPARE(parts.bits(), 5);
        QCOMPARE(parts.store.folder(), before);
    }
};

QTEST_GUILESS_MAIN(TestProjectSession)
#include "tst_project_session.moc"
