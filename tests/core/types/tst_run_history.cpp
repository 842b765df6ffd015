// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/run_history.h"

#include "tests/support/test_support.h"

#include <array>

using namespace bitloom;

class TestRunHistory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rowsByStep()
    {
        RunHistory history;
        history.declare("losses", {"cross_entropy", "regulariser"});
        history.append("losses", 0, std::array{2.3F, 36.6F});
        history.append("losses", 5, std::array{1.1F, 30.0F});
        const HistorySeries* losses = history.find("losses");
        QVERIFY(losses != nullptr);
        QCOMPARE(losses->rows(), std::size_t{2});
        QCOMPARE(losses->row(1)[1], 30.0F);
        QVERIFY(history.find("gates") == nullptr);
    }

    void declaredAgain()
    {
        RunHistory history;
        history.declare("losses", {"a"});
        history.append("losses", 1, std::array{1.0F});
        QCOMPARE(history.declare("losses", {"a"}).rows(), std::size_t{1});
        QVERIFY_THROWS_EXCEPTION(Error, history.declare("losses", {"b"}));
    }

    void refusesWhatDoesNotFit()
    {
        RunHistory history;
        history.declare("losses", {"a", "b"});
        history.append("losses", 3, std::array{1.0F, 2.0F});
        QVERIFY_THROWS_EXCEPTION(Error, history.append("gates", 4, std::array{1.0F, 2.0F}));
        QVERIFY_THROWS_EXCEPTION(Error, history.append("losses", 4, std::array{1.0F}));
        QVERIFY_THROWS_EXCEPTION(Error, history.append("losses", 3, std::array{1.0F, 2.0F}));
        QCOMPARE(history.find("losses")->rows(), std::size_t{1});
    }

    void goesOnFromAStep()
    {
        RunHistory whole;
        RunHistory resumed;
        for (RunHistory* history : {&whole, &resumed}) {
            history->declare("losses", {"a"});
            history->declare("evaluation", {"top1"});
            for (int step = 0; step < 10; ++step) {
                history->append("losses", step, std::array{static_cast<float>(step)});
                if (step % 4 == 3) {
                    history->append("evaluation", step,
                                    std::array{90.0F + static_cast<float>(step)});
                }
            }
        }
        resumed.cutAfter(4);
        QCOMPARE(resumed.find("losses")->rows(), std::size_t{5});
        QCOMPARE(resumed.find("evaluation")->rows(), std::size_t{1});
        for (int step = 5; step < 10; ++step) {
            resumed.append("losses", step, std::array{static_cast<float>(step)});
        }
        resumed.append("evaluation", 7, std::array{97.0F});
        QVERIFY(resumed == whole);
    }
};

QTEST_GUILESS_MAIN(TestRunHistory)
#include "tst_run_history.moc"
