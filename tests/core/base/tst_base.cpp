// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/atomic_file.h"
#include "core/base/base64.h"
#include "core/base/checked_math.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/heap.h"
#include "core/base/isa.h"
#include "core/base/mapped_file.h"
#include "core/base/rng.h"
#include "core/base/run_control.h"
#include "core/base/sanitizers.h"
#include "core/base/text.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <limits>
#include <thread>
#include <vector>

using namespace bitloom;
namespace fs = std::filesystem;

class TestBase : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Small blocks, freed below one that stays, would be kept for later.
    void freedMemoryGoesBack()
    {
#if !defined(__GLIBC__)
        QSKIP("another allocator");
#endif
        if (kSanitized) {
            QSKIP("the sanitizer has an allocator of its own");
        }
        constexpr std::size_t kBlock = 32 << 10;
        constexpr std::size_t kBlocks = 2048; // 64 MiB
        const auto residentBytes = [] {
            return QString::fromStdString(test::readFile("/proc/self/statm"))
                       .split(' ')[1]
                       .toLongLong() *
                   sysconf(_SC_PAGESIZE);
        };
        std::vector<std::string> blocks(kBlocks, std::string(kBlock, 'x'));
        const std::string last = blocks.back() + "y";
        blocks.clear();
        const qint64 before = residentBytes();
        releaseFreeMemory();
        const qint64 freed = before - residentBytes();
        QVERIFY2(freed > qint64{kBlock * kBlocks / 2}, qPrintable(QString::number(freed)));
        QCOMPARE(last.size(), kBlock + 1);
    }

    void errorCollectsContext()
    {
        const auto error = test::errorOf([] {
            withContext("model.pth",
                        [] { fail(ErrorCode::CorruptFile, "record ", 7, " is damaged"); });
        });
        QVERIFY(error.has_value());
        QCOMPARE(error->what(), "model.pth: record 7 is damaged");
        QCOMPARE(std::string(toString(error->code())), std::string("corrupt_file"));
        QVERIFY(errorCodeFrom("corrupt_file") == ErrorCode::CorruptFile);
        QVERIFY(errorCodeFrom("of another program") == ErrorCode::Internal);
    }

    void checkedMathRefusesOverflow()
    {
        constexpr std::int64_t big = std::numeric_limits<std::int64_t>::max() / 2;
        BITLOOM_EXPECT_ERROR(checkedMultiply<std::int64_t>(big, 3, "the size"),
                             ErrorCode::CorruptFile, "the size");
        BITLOOM_EXPECT_ERROR(checkedAdd<std::int64_t>(big, big + 2, "the offset"),
                             ErrorCode::CorruptFile, "the offset");
        const std::vector<std::int64_t> negative{2, -1};
        BITLOOM_EXPECT_ERROR(checkedNumel(negative, "tensor w"), ErrorCode::CorruptFile,
                             "negative size -1");
        const std::vector<std::int64_t> shape{2, 3, 4};
        QCOMPARE(checkedNumel(shape, "tensor w"), 24);
        QCOMPARE(ceilDivide(9, 8), 2);
    }

    void hashesMatchPublishedValues()
    {
        QCOMPARE(sha256Hex({}),
                 std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        const QTemporaryDir folder;
        const fs::path path = fs::path(folder.path().toStdString()) / "file";
        const std::string text(600'000, 'x'); // more than one piece
        test::writeFile(path, text);
        QCOMPARE(sha256HexOfFile(path), sha256Hex(std::as_bytes(std::span(text))));
        BITLOOM_EXPECT_ERROR(sha256HexOfFile(path.string() + "2"), ErrorCode::NotFound, "file2");
        Sha256 hash;
        hash.update("a");
        hash.update("bc");
        QCOMPARE(hash.hexDigest(),
                 std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        const std::string digits = "123456789";
        QCOMPARE(crc32(std::as_bytes(std::span(digits))), 0xCBF43926U);
        QCOMPARE(crc32({}, 0xCBF43926U), 0xCBF43926U); // nothing more to add
    }

    /// Bit by bit, as the definition says, for every instruction set, length, place and start.
    void checksumsAreThoseOfTheDefinition()
    {
        const auto bitByBit = [](std::span<const std::byte> bytes, std::uint32_t start) {
            std::uint32_t state = ~start;
            for (const std::byte byte : bytes) {
                state ^= std::to_integer<std::uint32_t>(byte);
                for (int i = 0; i < 8; ++i) {
                    state = (state >> 1U) ^ ((state & 1U) * 0xEDB88320U);
                }
            }
            return ~state;
        };
        Rng random(3);
        std::vector<std::byte> bytes(5000);
        for (std::byte& byte : bytes) {
            byte = static_cast<std::byte>(random.next());
        }
        const Isa before = activeIsa();
        for (const Isa isa : supportedIsas()) {
            QVERIFY(setActiveIsa(isa));
            for (std::size_t size = 0; size < 1200; ++size) {
                const auto some = std::span(bytes).subspan(size % 31, size);
                const auto start = static_cast<std::uint32_t>(random.next());
                QCOMPARE(crc32(some, start), bitByBit(some, start));
            }
            QCOMPARE(crc32(bytes), bitByBit(bytes, 0));
            const auto [first, second] =
                std::pair(std::span(bytes).first(1777), std::span(bytes).subspan(1777));
            QCOMPARE(crc32(second, crc32(first)), crc32(bytes));
        }
        QVERIFY(setActiveIsa(before));
    }

    void randomNumbersAreReproducible()
    {
        Rng first(7);
        Rng second(7);
        Rng other(7, 1);
        const std::uint64_t value = first.next();
        QCOMPARE(value, second.next());
        QVERIFY(value != other.next());
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 100000; ++i) {
            const double x = first.normal();
            sum += x;
            squares += x * x;
            QVERIFY(second.below(10) < 10);
        }
        QVERIFY(std::abs(sum / 100000) < 0.02);
        QVERIFY(std::abs(squares / 100000 - 1) < 0.02);
    }

    void atomicFileAppearsOnlyWhenCommitted()
    {
        const QTemporaryDir folder;
        const fs::path path = fs::path(folder.path().toStdString()) / "out.txt";
        test::writeFile(path, "old");
        {
            AtomicFile file(path);
            file.write("half");
        }
        QCOMPARE(test::readFile(path), std::string("old"));
        QCOMPARE(
            std::distance(fs::directory_iterator(path.parent_path()), fs::directory_iterator()), 1);
        writeFileAtomically(path, "new");
        QCOMPARE(test::readFile(path), std::string("new"));
        AtomicFile abandoned(path);
        removeTemporaryFiles();
        QVERIFY(!fs::exists(abandoned.temporaryPath()));
    }

    void atomicFileSaysWhyItCannotWrite()
    {
        const QTemporaryDir folder;
        const fs::path path(folder.path().toStdString());
        BITLOOM_EXPECT_ERROR(AtomicFile(path / "absent" / "x"), ErrorCode::NotFound,
                             "does not exist");
        BITLOOM_EXPECT_ERROR(AtomicFile(path), ErrorCode::IoFailure,
                             "a folder of that name exists");
        const fs::path pipe = fs::path(folder.path().toStdString()) / "pipe";
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        BITLOOM_EXPECT_ERROR(AtomicFile{pipe}, ErrorCode::IoFailure, "it is a device, a pipe");
        QVERIFY(fs::is_fifo(pipe));
        fs::remove(pipe);
    }

    void atomicFileSaysThatTheDiskIsFull_data()
    {
        QTest::addColumn<quint64>("room");
        QTest::addColumn<int>("kilobytes");
        QTest::newRow("at once") << quint64{100} << 1;
        QTest::newRow("behind what is made") << (quint64{9} << 20) << 40'000;
        QTest::newRow("at the end") << (quint64{9} << 20) << 9'500;
    }

    /// A file size limit stands in for a full disk: the system's write fails in the middle in both
    /// cases.
    void atomicFileSaysThatTheDiskIsFull()
    {
        QFETCH(quint64, room);
        QFETCH(int, kilobytes);
        const QTemporaryDir folder;
        const fs::path path(folder.path().toStdString());
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        const rlimit small{room, before.rlim_max};
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
        const auto error = test::errorOf([&] {
            AtomicFile file(path / "large");
            for (int i = 0; i < kilobytes; ++i) {
                file.write(std::string(1000, 'x'));
            }
            file.commit();
        });
        setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, handler);
        QVERIFY(error.has_value());
        QVERIFY(error->code() == ErrorCode::IoFailure);
        const std::string text = error->what();
        QVERIFY2(text.find(" bytes still to be written") != std::string::npos, text.c_str());
        QVERIFY(kilobytes > 1 || text.find("900 bytes") != std::string::npos);
        QVERIFY(fs::is_empty(path));
    }

    /// Pieces of many sizes, and others in the place of some that may still wait.
    void atomicFileKeepsTheOrderOfWhatIsWritten()
    {
        const QTemporaryDir folder;
        const fs::path path = fs::path(folder.path().toStdString()) / "large";
        Rng random(11);
        std::string expected;
        AtomicFile file(path);
        while (expected.size() < (std::size_t{12} << 20)) {
            const auto piece =
                std::string(random.next() % 300'000, static_cast<char>(random.next()));
            file.write(piece);
            expected += piece;
            file.overwrite(0, {}); // changes nothing, now and later
            const std::string patch = std::to_string(expected.size());
            const std::size_t at =
                expected.size() < 20 ? 0 : random.next() % (expected.size() - 20);
            if (at > 0) {
                file.overwrite(at, std::as_bytes(std::span(patch)));
                expected.replace(at, patch.size(), patch);
            }
        }
        file.commit();
        QVERIFY(test::readFile(path) == expected);
        AtomicFile abandoned(path);
        abandoned.write(expected);
    }

    void mappedFileNamesWhatIsWrong()
    {
        const QTemporaryDir folder;
        const fs::path path(folder.path().toStdString());
        test::writeFile(path / "empty", "");
        test::writeFile(path / "full", "abc");
        BITLOOM_EXPECT_ERROR(MappedFile(path / "absent"), ErrorCode::NotFound, "cannot open");
        BITLOOM_EXPECT_ERROR(MappedFile(path / "empty"), ErrorCode::CorruptFile, "is empty");
        BITLOOM_EXPECT_ERROR(MappedFile(path), ErrorCode::UnknownFormat, "it is a folder");
        MappedFile first(path / "full");
        const MappedFile moved(std::move(first));
        QCOMPARE(moved.size(), std::size_t{3});
        QVERIFY(moved.bytes()[2] == std::byte{'c'});
        QCOMPARE(readTextFile(path / "full"), std::string("abc"));
        BITLOOM_EXPECT_ERROR(readTextFile(path / "absent"), ErrorCode::NotFound, "absent");
    }

    void runControlStopsAndPauses()
    {
        RunControl control;
        std::atomic<int> steps{0};
        control.pause();
        std::thread worker([&] {
            while (!control.shouldStop()) {
                ++steps;
                std::this_thread::yield();
            }
        });
        QCOMPARE(steps.load(), 0);
        control.resume();
        QTRY_VERIFY(steps.load() > 0);
        control.pause();
        control.requestStop(); // ends the pause too
        worker.join();
        QVERIFY(control.stopRequested());
        control.pause();
        QVERIFY(!control.isPaused());
    }

    void pausesAreHeardOnce()
    {
        std::vector<std::string> heard;
        RunControl control({}, [&heard](bool isPaused, const std::string& reason) {
            heard.push_back(isPaused ? "paused " + reason : "resumed" + reason);
        });
        control.resume(); // it was not paused
        control.pause("the disk is full");
        control.pause(); // it is already
        control.resume();
        control.resume();
        control.pause();
        control.requestStop(); // whoever stops a job hears that it ends
        control.pause();
        QCOMPARE(heard,
                 (std::vector<std::string>{"paused the disk is full", "resumed", "paused "}));
    }

    void progressIsThinnedButTheEndIsNot()
    {
        std::vector<ProgressReport> seen;
        RunControl control([&](const ProgressReport& report) { seen.push_back(report); });
        for (int i = 0; i <= 100000; ++i) {
            control.report({"work", i, 100000, "items"});
        }
        QVERIFY(seen.size() < 1000);
        QCOMPARE(seen.front().done, 0);
        QCOMPARE(seen.back().done, 100000);
    }

    void textHelpers()
    {
        QVERIFY(globMatches("layer*.conv1", "layer2.0.conv1"));
        QVERIFY(!globMatches("conv?", "conv12"));
        const std::vector<std::string> names{"conv1", "layer1.0.conv1", "fc"};
        QCOMPARE(nearestNames("conv2", names, 1), std::vector<std::string>{"conv1"});
        QCOMPARE(joinForPeople(names), std::string("conv1, layer1.0.conv1 and fc"));
        QCOMPARE(joinForPeople({}), std::string("none"));
        QCOMPARE(shapeText(std::array<std::int64_t, 2>{64, 3}), std::string("(64, 3)"));
        QCOMPARE(shapeText({}), std::string("()"));
    }

    void base64()
    {
        const auto text = [](std::string_view letters) {
            return toBase64(
                {reinterpret_cast<const std::uint8_t*>(letters.data()), letters.size()});
        };
        QCOMPARE(text(""), std::string()); // the test vectors of RFC 4648
        QCOMPARE(text("f"), std::string("Zg=="));
        QCOMPARE(text("fo"), std::string("Zm8="));
        QCOMPARE(text("foo"), std::string("Zm9v"));
        QCOMPARE(text("foobar"), std::string("Zm9vYmFy"));
        std::vector<std::uint8_t> bytes;
        for (int i = 0; i < 300; ++i) {
            QCOMPARE(fromBase64(toBase64(bytes)).value(), bytes);
            bytes.push_back(static_cast<std::uint8_t>(i * 89));
        }
        for (const char* bad : {"A", "Zg=", "Zg===", "Z===", "====", "Zh==", "Zm9=", "Zm9 ", "Z=9v",
                                "Zm\n9v", "Zm9-"}) {
            QVERIFY2(!fromBase64(bad), bad);
        }
    }
};

QTEST_GUILESS_MAIN(TestBase)
#include "tst_base.moc"
