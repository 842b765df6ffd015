// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/io/tensor_tasks.h"
#include "tests/support/test_support.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

using namespace bitloom;

/// Work on the tensors of a file, two at a time.
class TestTensorTasks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyTensorHasItsTurnAndIsReported()
    {
        std::mutex mutex;
        std::vector<std::int64_t> reported;
        RunControl control([&](const ProgressReport& progress) {
            const std::lock_guard lock(mutex);
            QCOMPARE(progress.phase, std::string("comparing"));
            QCOMPARE(progress.total, std::int64_t{100});
            reported.push_back(progress.done);
        });
        std::vector<int> seen(100, 0);
        QVERIFY(io::forEachTensorAtOnce(100, "comparing", control, [&](std::int64_t i) {
            ++seen[static_cast<std::size_t>(i)];
        }));
        QVERIFY(std::all_of(seen.begin(), seen.end(), [](int times) { return times == 1; }));
        QVERIFY(std::is_sorted(reported.begin(), reported.end()));
        QCOMPARE(reported.back(), std::int64_t{100});
        QVERIFY(
            io::forEachTensorAtOnce(0, "comparing", control, [](std::int64_t) { QFAIL("none"); }));
    }

    /// A user who repairs what the message names must not find another one named by chance.
    void theFirstTensorInTheFileIsNamed()
    {
        RunControl control;
        for (int round = 0; round < 20; ++round) {
            BITLOOM_EXPECT_ERROR(
                io::forEachTensorAtOnce(
                    40, "packing", control,
                    [](std::int64_t i) {
                        if (i == 10) {
                            std::this_thread::sleep_for(std::chrono::milliseconds(2));
                        }
                        BITLOOM_REQUIRE(i < 10, ErrorCode::CorruptFile, "tensor ", i);
                    }),
                ErrorCode::CorruptFile, "tensor 10");
        }
    }

    void cancelEndsIt()
    {
        RunControl control;
        std::atomic<int> ran{0};
        QVERIFY(!io::forEachTensorAtOnce(1000, "packing", control, [&](std::int64_t) {
            if (++ran == 5) {
                control.requestStop();
            }
        }));
        QVERIFY(ran < 10);
    }
};

QTEST_GUILESS_MAIN(TestTensorTasks)
#include "tst_tensor_tasks.moc"
