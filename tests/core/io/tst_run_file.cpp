// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/run_file.h"

#include "core/io/packed/hdf5_file.h"
#include "tests/support/test_support.h"

#include <ATen/Functions.h>
#include <QTemporaryDir>

#include <array>
#include <limits>

using namespace bitloom;
using namespace bitloom::io;
using namespace bitloom::test;
namespace fs = std::filesystem;

namespace {

fs::path in(const QTemporaryDir& folder, const char* name)
{
    return fs::path(folder.path().toStdString()) / name;
}

RunFile smallRun()
{
    RunFile run;
    run.method = "bayesian-bits";
    run.request = R"({"options":{"lambda":0.1},"seed":7})";
    run.versions = "bitloom 0.1";
    run.plan = R"({"name":"best"})";
    run.position = R"({"epoch":2,"step":31})";
    run.history.declare("losses", {"cross_entropy", "regulariser"});
    run.history.append("losses", 0, std::array{2.3F, 36.6F});
    run.history.append("losses", 31, std::array{std::numeric_limits<float>::infinity(), -0.0F});
    run.history.declare("evaluation/test", {"top1_percent"});
    run.state.tensors = {{"z.weight", at::arange(12, at::kFloat).reshape({3, 4}).t()},
                         {"a/step", at::scalar_tensor(31, at::kLong)},
                         {"mask", at::arange(0, 2, at::kInt).to(at::kBool)},
                         {"moments", at::full({2}, 1e-300, at::kDouble)},
                         {"rng", at::arange(254, 256, at::kByte)},
                         {"none", at::empty({0, 3}, at::kInt)}};
    return run;
}

} // namespace

class TestRunFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everythingComesBack()
    {
        const QTemporaryDir folder;
        const fs::path path = in(folder, "run.h5");
        const RunFile written = smallRun();
        writeRunFile(path, written);
        const RunFile read = readRunFile(path);
        QCOMPARE(read.method, written.method);
        QCOMPARE(read.request, written.request);
        QCOMPARE(read.versions, written.versions);
        QCOMPARE(read.result, std::string());
        QCOMPARE(read.plan, written.plan);
        QCOMPARE(read.position, written.position);
        const HistorySeries* losses = read.history.find("losses");
        QVERIFY(losses != nullptr && *losses == *written.history.find("losses"));
        QVERIFY(std::signbit(losses->values[3]));
        QVERIFY(*read.history.find("evaluation/test") == *written.history.find("evaluation/test"));
        QCOMPARE(read.state.tensors.size(), written.state.tensors.size());
        for (std::size_t i = 0; i < read.state.tensors.size(); ++i) {
            const auto& [name, tensor] = read.state.tensors[i];
            QCOMPARE(name, written.state.tensors[i].first);
            QCOMPARE(tensor.scalar_type(), written.state.tensors[i].second.scalar_type());
            QVERIFY2(tensor.equal(written.state.tensors[i].second), name.c_str());
        }
    }

    void sameRunSameBytes()
    {
        const QTemporaryDir folder;
        writeRunFile(in(folder, "a.h5"), smallRun());
        writeRunFile(in(folder, "b.h5"), smallRun());
        QVERIFY(readFile(in(folder, "a.h5")) == readFile(in(folder, "b.h5")));
    }

    void lookingReadsNoTensors()
    {
        const QTemporaryDir folder;
        writeRunFile(in(folder, "run.h5"), smallRun());
        const RunFile read = readRunFileWithoutState(in(folder, "run.h5"));
        QCOMPARE(read.history.find("losses")->rows(), std::size_t{2});
        QVERIFY(read.state.tensors.empty());
    }

    void refusedRunLeavesTheOldOne()
    {
        const QTemporaryDir folder;
        const fs::path path = in(folder, "run.h5");
        writeRunFile(path, smallRun());
        const std::string before = readFile(path);
        RunFile run = smallRun();
        run.state.tensors.push_back({"half", at::ones({2}, at::kHalf)});
        BITLOOM_EXPECT_ERROR(writeRunFile(path, run), ErrorCode::Unsupported, "half");
        run = smallRun();
        run.state.tensors.push_back(run.state.tensors.front());
        BITLOOM_EXPECT_ERROR(writeRunFile(path, run), ErrorCode::InvalidArgument,
                             "two tensors of the run are named z.weight");
        run = smallRun();
        run.request = "{";
        BITLOOM_EXPECT_ERROR(writeRunFile(path, run), ErrorCode::InvalidArgument, "request");
        QVERIFY(readFile(path) == before);
        BITLOOM_EXPECT_ERROR(writeRunFile(in(folder, "no/run.h5"), smallRun()), ErrorCode::NotFound,
                             "no");
    }

    void foreignFiles()
    {
        const QTemporaryDir folder;
        BITLOOM_EXPECT_ERROR(readRunFile(in(folder, "none.h5")), ErrorCode::NotFound, "none.h5");
        writeFile(in(folder, "text.h5"), "not HDF5 at all");
        BITLOOM_EXPECT_ERROR(readRunFile(in(folder, "text.h5")), ErrorCode::UnknownFormat,
                             "text.h5");
        hdf5::File other = hdf5::File::create(in(folder, "other.h5"));
        other.root().setAttribute("format", "bitloom.packed");
        other.close();
        BITLOOM_EXPECT_ERROR(readRunFile(in(folder, "other.h5")), ErrorCode::UnknownFormat,
                             "expected the history of a run");
        hdf5::File newer = hdf5::File::create(in(folder, "newer.h5"));
        newer.root().setAttribute("format", "bitloom.run");
        newer.root().setAttribute("version", hdf5::ElementType::Int64, RunFile::kVersion + 1);
        newer.close();
        BITLOOM_EXPECT_ERROR(readRunFile(in(folder, "newer.h5")), ErrorCode::Unsupported,
                             "version 2");
    }

    void contradictingHistory()
    {
        const QTemporaryDir folder;
        hdf5::File file = hdf5::File::create(in(folder, "bad.h5"));
        hdf5::Group& root = file.root();
        root.setAttribute("format", "bitloom.run");
        root.setAttribute("version", hdf5::ElementType::Int64, RunFile::kVersion);
        root.setAttribute("method", "m");
        root.setAttribute("versions", "v");
        hdf5::Group history = root.createGroup("history");
        hdf5::Group series = history.createGroup("losses");
        series.setAttribute("name", "losses");
        series.writeString("columns", R"(["a","b"])");
        const std::array<std::int64_t, 2> steps{0, 1};
        series.write("steps", hdf5::ElementType::Int64, std::array{std::int64_t{2}},
                     std::as_bytes(std::span(steps)));
        const std::array<float, 2> values{1, 2}; // two columns x two rows would be four
        series.write("values", hdf5::ElementType::Float32,
                     std::array{std::int64_t{2}, std::int64_t{1}},
                     std::as_bytes(std::span(values)));
        root.createGroup("state");
        file.close();
        BITLOOM_EXPECT_ERROR(readRunFile(in(folder, "bad.h5")), ErrorCode::CorruptFile,
                             "history/losses/values");
    }

    void everyCutIsRefused()
    {
        const QTemporaryDir folder;
        writeRunFile(in(folder, "run.h5"), smallRun());
        const std::string whole = readFile(in(folder, "run.h5"));
        for (std::size_t bytes = 0; bytes < whole.size(); bytes += 97) {
            writeFile(in(folder, "cut.h5"), std::string_view(whole).substr(0, bytes));
            const auto error = errorOf([&] { readRunFile(in(folder, "cut.h5")); });
            QVERIFY2(error.has_value(), std::to_string(bytes).c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestRunFile)
#include "tst_run_file.moc"
