// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/run_paths.h"
#include "tests/support/test_support.h"

using namespace bitloom;

class TestRunPaths : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void filesOfARun()
    {
        const std::filesystem::path file = runFileIn("p.bitloom", "a-0.1");
        QCOMPARE(file.string(), std::string("p.bitloom/runs/a-0.1.run.h5"));
        QCOMPARE(runEventsPath(file).string(), std::string("p.bitloom/runs/a-0.1.events.jsonl"));
        QCOMPARE(runCheckpointPath(file, "epoch-3").string(),
                 std::string("p.bitloom/runs/a-0.1.checkpoints/epoch-3.run.h5"));
        QCOMPARE(runEventsPath("b.h5").string(), std::string("b.h5.events.jsonl"));
    }

    void theWayBack()
    {
        const std::filesystem::path file = runFileIn("/d/p.bitloom", "a-0.1");
        QCOMPARE(runNameOf(file), std::string("a-0.1"));
        QCOMPARE(runNameOf(runEventsPath(file)), std::string("a-0.1"));
        QCOMPARE(projectOfRunFile(file).string(), std::string("/d/p.bitloom"));
        for (const char* other : {"0001-eval.json", "plans", "a.h5", "run.h5"}) {
            QVERIFY2(runNameOf(other).empty(), other);
        }
    }
};

QTEST_GUILESS_MAIN(TestRunPaths)
#include "tst_run_paths.moc"
