// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/project.h"

#include "core/base/sanitizers.h"
#include "core/engine/project_copy.h"
#include "tests/support/test_support.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <optional>
#include <thread>

namespace fs = std::filesystem;
using namespace bitloom;
using namespace bitloom::engine;

namespace {

constexpr const char* kHoldFlag = "--hold-the-project";
constexpr std::chrono::seconds kPatience{20};

ModelInfo sampleModel()
{
    ModelInfo model;
    model.name = "tiny";
    model.fingerprint = "sha256:" + std::string(64, 'a');
    model.inputShape = {1, 4};
    model.parameters = 8;
    model.macs = 8;
    model.storedBytes = 32;
    LayerInfo layer;
    layer.name = "fc";
    layer.kind = LayerKind::Linear;
    layer.op = "aten::linear";
    layer.weight = "fc.weight";
    layer.weightShape = {2, 4};
    layer.weightBytes = 32;
    layer.outputShape = {1, 2};
    layer.macs = 8;
    layer.parameters = 8;
    layer.inputs = {"input"};
    model.layers = {layer};
    model.tensors = {{"input", {1, 4}, true, {"fc"}}};
    return model;
}

BitPlan samplePlan(const std::string& name, int bits)
{
    UniformPlanOptions options;
    options.weightBits = bits;
    BitPlan plan = makeUniformPlan(sampleModel(), options);
    plan.name = name;
    return plan;
}

SensitivityTable sampleTable()
{
    SensitivityTable table;
    table.modelName = "tiny";
    table.modelFingerprint = sampleModel().fingerprint;
    table.data = "digits:8";
    table.images = 8;
    table.bits = {2, 8};
    table.settings = "{}";
    table.entries = {{SensitivityTarget::Weight, "fc", 2, 0.5, 0.25, 50},
                     {SensitivityTarget::Weight, "fc", 8, 0.1, 0.01, 90}};
    table.complete = true;
    return table;
}

FrontierPoint point(const std::string& label, double top1)
{
    FrontierPoint point;
    point.kind = PointKind::Measured;
    point.label = label;
    point.top1Percent = top1;
    return point;
}

} // namespace

class TestProject : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path folder(const std::string& name) const
    {
        return fs::path(m_folder.path().toStdString()) / name;
    }
    /// No temporary file is left anywhere below.
    static bool isTidy(const fs::path& root)
    {
        for (const auto& entry : fs::recursive_directory_iterator(root)) {
            if (entry.path().filename().string().find(".partial") != std::string::npos) {
                return false;
            }
        }
        return true;
    }

    static void everyChangeIsRefused(Project& project, const std::string& because)
    {
        const std::vector<std::function<void()>> changes{
            [&] { project.saveModel(sampleModel()); },
            [&] {
                project.saveSource({"arch:lenet5", {}}, std::nullopt);
            },
            [&] { project.savePlan(samplePlan("w4", 2)); },
            [&] { project.removePlan("w4"); },
            [&] { project.renamePlan("w4", "w5"); },
            [&] { project.saveSensitivity(sampleTable()); },
            [&] { project.savePoint(point("a", 80)); },
            [&] { project.saveTraining({}); },
            [&] { project.saveHistograms({}); },
            [&] { project.saveSheet({}); },
            [&] {
                project.savePacked({"a.h5", std::nullopt});
            },
            [&] { project.saveEvaluation({}); },
            [&] {
                project.recordRun({"bitloom", "eval", "cpu", 0, "", "", ""});
            },
            [&] { project.saveJournal("{}"); },
            [&] { project.clearJournal(); },
            [&] { project.saveSession("{}"); },
            [&] { project.requireWritable(); }};
        for (std::size_t i = 0; i < changes.size(); ++i) {
            const auto error = test::errorOf(changes[i]);
            QVERIFY2(error && error->code() == ErrorCode::Unsupported, std::to_string(i).c_str());
            QVERIFY2(std::string(error->what()).find(because) != std::string::npos, error->what());
        }
    }

private Q_SLOTS:
    void sourceIsFoundAgainAfterAMove()
    {
        const fs::path before = fs::path(m_folder.path().toStdString()) / "before.bitloom";
        const fs::path after = fs::path(m_folder.path().toStdString()) / "after.bitloom";
        {
            Project project = Project::openOrCreate(before);
            QVERIFY(!project.source());
            const std::string inside = (before / "exports" / "net.pth").string();
            project.saveSource({"arch:lenet5@" + inside, {1, 1, 28, 28}},
                               DataRef{"images:/data/val", "train", 7, {}, 32});
        }
        fs::rename(before, after);
        const ProjectSource source = Project::open(after).source().value();
        QCOMPARE(source.model.spec, "arch:lenet5@" + (after / "exports" / "net.pth").string());
        QCOMPARE(source.model.inputShape.size(), std::size_t{4});
        QCOMPARE(source.data.value().spec, std::string("images:/data/val"));
        QCOMPARE(source.data.value().split, std::string("train"));
        QCOMPARE(source.data.value().limit, std::int64_t{7});

        // Other models and data: what is no path stays as it is, data are kept until others come.
        Project project = Project::open(after);
        for (const char* spec : {"arch:resnet18", "/models/a@b.pt"}) {
            project.saveSource({spec, {}}, std::nullopt);
            QCOMPARE(project.source().value().model.spec, std::string(spec));
            QCOMPARE(project.source().value().data.value().spec, std::string("images:/data/val"));
        }
        project.saveSource({"arch:lenet5", {}}, DataRef{"digits:50", "test", 0, {}, 100});
        QCOMPARE(project.source().value().data.value().spec, std::string("digits:50"));
        test::writeFile(after / "source.json", "{}");
        BITLOOM_EXPECT_ERROR(project.source(), ErrorCode::CorruptFile, "source.json");
    }

    void aNewProjectIsEmpty()
    {
        const Project project = Project::openOrCreate(folder("new.bitloom"));
        QVERIFY(!project.model() && !project.sensitivity() && !project.sheet());
        QVERIFY(!project.plan("w4a8"));
        QVERIFY(project.planNames().empty() && project.points().empty() && project.runs().empty());
        QVERIFY(project.training().empty() && project.histograms().empty());
        QCOMPARE(Project::open(folder("new.bitloom"), Access::ReadOnly).folder(),
                 folder("new.bitloom"));
    }

    void keepsWhatWasSaved()
    {
        Project::openOrCreate(folder("full.bitloom")).saveModel(sampleModel());
        Project project = Project::openOrCreate(folder("full.bitloom"));
        project.savePlan(samplePlan("w8", 8));
        project.savePlan(samplePlan("w4", 4));
        project.savePlan(samplePlan("w4", 3)); // replaces the one of the same name
        project.saveSensitivity(sampleTable());
        project.savePoint(point("a", 80));
        project.savePoint(point("b", 81));
        project.savePoint(point("a", 82));
        project.saveTraining({{1, 2.5, 30, std::nullopt, 1}, {2, 1.5, 60, 55.0, 1}});
        WeightHistogram histogram;
        histogram.layer = "fc";
        histogram.low = -1;
        histogram.high = 1;
        histogram.counts = {3, 5};
        project.saveHistograms({histogram});
        PackSheet sheet;
        sheet.fileName = "a.h5";
        sheet.fileBytes = 100;
        sheet.verified = true;
        project.saveSheet(sheet);

        const Project again = Project::open(folder("full.bitloom"), Access::ReadOnly);
        QCOMPARE(again.model()->layers.front().name, std::string("fc"));
        QCOMPARE(again.model()->fingerprint, sampleModel().fingerprint);
        QCOMPARE(again.planNames(), (std::vector<std::string>{"w4", "w8"}));
        QVERIFY(again.plan("w4") == samplePlan("w4", 3));
        QCOMPARE(again.sensitivity()->entries.size(), std::size_t{2});
        QCOMPARE(again.sensitivity()->entries[1].kl, 0.01);
        const auto points = again.points();
        QCOMPARE(points.size(), std::size_t{2});
        QCOMPARE(points[0].label, std::string("b"));
        QCOMPARE(*points[1].top1Percent, 82.0);
        QCOMPARE(again.training().size(), std::size_t{2});
        QVERIFY(!again.training()[0].testTop1Percent);
        QCOMPARE(*again.training()[1].testTop1Percent, 55.0);
        QCOMPARE(again.histograms().front().counts, (std::vector<std::int64_t>{3, 5}));
        QCOMPARE(again.sheet()->fileBytes, std::int64_t{100});
        QVERIFY(again.sheet()->verified);
        QVERIFY(isTidy(folder("full.bitloom")));
    }

    void packedFilesAreKnownByTheirPlace()
    {
        {
            Project project = Project::openOrCreate(folder("packed.bitloom"));
            QVERIFY(!project.packed());
            project.savePacked({project.exportPath("a.h5"), samplePlan("w4", 4)});
        }
        fs::rename(folder("packed.bitloom"), folder("moved.bitloom"));
        const auto inside = Project::open(folder("moved.bitloom"), Access::ReadOnly).packed();
        QCOMPARE(inside->file, folder("moved.bitloom") / "exports/a.h5");
        QVERIFY(inside->plan == samplePlan("w4", 4));
        Project moved = Project::openOrCreate(folder("moved.bitloom"));
        moved.savePacked({folder("elsewhere") / "b.h5", std::nullopt});
        QCOMPARE(moved.packed()->file, folder("elsewhere") / "b.h5");
        QVERIFY(!moved.packed()->plan);
        test::writeFile(folder("moved.bitloom") / "packed.json", R"({"format":"x"})");
        BITLOOM_EXPECT_ERROR(moved.packed(), ErrorCode::UnknownFormat, "packed.json");
        test::writeFile(folder("moved.bitloom") / "packed.json", "{}");
        BITLOOM_EXPECT_ERROR(moved.packed(), ErrorCode::CorruptFile, "packed.json");
        test::writeFile(folder("moved.bitloom") / "packed.json",
                        R"({"format":"bitloom.packed","version":2,"file":"a","plan":null})");
        BITLOOM_EXPECT_ERROR(moved.packed(), ErrorCode::Unsupported, "version 2");
    }

    void evaluationsAreKeptByPlanAndImages()
    {
        Project project = Project::openOrCreate(folder("evals.bitloom"));
        QVERIFY(project.evaluations().empty());
        engine::KeptEvaluation kept;
        kept.data.spec = "images:" + (folder("evals.bitloom") / "pictures").string();
        kept.data.limit = 3;
        kept.result.images = 3;
        kept.result.correct = 2;
        kept.result.predictions = Predictions{"net", "f",       "",        kept.data.spec, "test",
                                              {},    {0, 1, 2}, {4, 5, 6}, {4, 5, 7},      {}};
        project.saveEvaluation(kept);
        kept.result.correct = 1;
        kept.data.batchSize = 7; // changes nothing that is measured
        project.saveEvaluation(kept);
        kept.planDigest = std::string(64, 'a');
        kept.calibrationImages = 64;
        project.saveEvaluation(kept);
        kept.calibrationImages = 128;
        project.saveEvaluation(kept);
        QCOMPARE(project.evaluations().size(), std::size_t{3});
        fs::rename(folder("evals.bitloom"), folder("evals2.bitloom"));
        const auto again = Project::open(folder("evals2.bitloom"), Access::ReadOnly).evaluations();
        QCOMPARE(again.size(), std::size_t{3});
        const auto first = std::find_if(again.begin(), again.end(), [](const auto& evaluation) {
            return evaluation.planDigest.empty();
        });
        QVERIFY(first != again.end());
        QCOMPARE(first->result.correct, std::int64_t{1});
        QCOMPARE(first->result.predictions->predicted, (std::vector<std::int64_t>{4, 5, 7}));
        QCOMPARE(first->data.spec, "images:" + (folder("evals2.bitloom") / "pictures").string());
        QCOMPARE(first->data.limit, std::int64_t{3});
        test::writeFile(folder("evals2.bitloom") / "runs/evaluations/x.json", "{");
        BITLOOM_EXPECT_ERROR(
            Project::open(folder("evals2.bitloom"), Access::ReadOnly).evaluations(),
            ErrorCode::CorruptFile, "x.json");
    }

    void copiesAreWhole()
    {
        Project from = Project::openOrCreate(folder("from.bitloom"));
        from.saveModel(sampleModel());
        from.savePlan(samplePlan("w4", 4));
        from.savePoint(point("a", 80));
        from.saveJournal("{}");
        from.recordRun({"bitloom eval x", "eval", "cpu", 7, "", "1", ""});
        from.saveEvaluation({});
        test::writeFile(from.exportPath("a.h5"), "packed");
        from.savePacked({from.exportPath("a.h5"), samplePlan("w4", 4)});
        const Project to = Project::openOrCreate(folder("to.bitloom"));
        engine::copyResults(from, to);
        QCOMPARE(test::readFile(to.exportPath("a.h5")), std::string("packed"));
        QCOMPARE(to.packed()->file, to.exportPath("a.h5"));
        QCOMPARE(to.points().size(), std::size_t{1});
        QCOMPARE(to.runs().size(), std::size_t{1});
        QCOMPARE(to.evaluations().size(), std::size_t{1});
        QVERIFY(to.planNames().empty() && !to.journal());
        QVERIFY(isTidy(folder("to.bitloom")));
        const engine::ModelRef moved = engine::movedReference(
            engine::ModelRef{"arch:lenet5@" + from.exportPath("w.pth").string(), {}}, from, to);
        QCOMPARE(moved.spec, "arch:lenet5@" + to.exportPath("w.pth").string());
        QCOMPARE(engine::movedReference(engine::ModelRef{"arch:lenet5", {}}, from, to).spec,
                 std::string("arch:lenet5"));
        // A folder where a file should be.
        fs::create_directory(folder("from.bitloom") / "exports/b.h5");
        test::writeFile(folder("from.bitloom") / "exports/b.h5/x", "x");
        test::writeFile(to.exportPath("b.h5"), "in the way");
        BITLOOM_EXPECT_ERROR(engine::copyResults(from, to), ErrorCode::IoFailure, "cannot copy");
    }

    void runsAreNumbered()
    {
        Project project = Project::openOrCreate(folder("runs.bitloom"));
        project.recordRun({"bitloom eval x", "eval", "cpu", 7, "2026-01-01T00:00:00Z", "1", "{}"});
        project.recordRun({"bitloom pack x", "pack", "cpu", 8, "2026-01-01T00:00:01Z", "1", ""});
        QVERIFY(fs::exists(folder("runs.bitloom/runs/0001-eval.json")));
        QVERIFY(fs::exists(folder("runs.bitloom/runs/0002-pack.json")));
        fs::remove(folder("runs.bitloom/runs/0001-eval.json"));
        project.recordRun({"bitloom eval y", "eval", "cpu", 9, "2026-01-01T00:00:02Z", "1",
                           R"({"top1_percent":90.5})"});
        const auto runs = project.runs(); // no number is given twice
        QCOMPARE(runs.size(), std::size_t{2});
        QCOMPARE(runs[0].command, std::string("bitloom pack x"));
        QCOMPARE(runs[1].command, std::string("bitloom eval y"));
        QCOMPARE(runs[1].seed, std::uint64_t{9});
        QCOMPARE(runs[1].result, std::string(R"({"top1_percent":90.5})"));
        QVERIFY(fs::exists(folder("runs.bitloom/runs/0003-eval.json")));
    }

    void foldersThatWereRemovedAreEmpty()
    {
        Project project = Project::openOrCreate(folder("bare.bitloom"));
        fs::remove_all(folder("bare.bitloom/plans"));
        fs::remove_all(folder("bare.bitloom/runs"));
        QVERIFY(project.planNames().empty() && project.runs().empty());
        project.recordRun({"bitloom", "eval", "cpu", 0, "", "", ""});
        QCOMPARE(project.runs().size(), std::size_t{1});
    }

    void planNamesBecomeFileNames()
    {
        Project project = Project::openOrCreate(folder("names.bitloom"));
        project.savePlan(samplePlan("budget 3 %/../x", 4));
        QVERIFY(fs::exists(folder("names.bitloom/plans/budget_3___.._x.json")));
        QCOMPARE(project.plan("budget 3 %/../x")->name, std::string("budget 3 %/../x"));
        BITLOOM_EXPECT_ERROR(project.savePlan(samplePlan("", 4)), ErrorCode::InvalidArgument,
                             "cannot be the name of a plan");
        BITLOOM_EXPECT_ERROR(project.plan("../project"), ErrorCode::InvalidArgument, "../project");
    }

    void otherFoldersAreNoProjects()
    {
        BITLOOM_EXPECT_ERROR(Project::open(folder("nowhere")), ErrorCode::NotFound, "nowhere");
        fs::create_directory(folder("plain"));
        BITLOOM_EXPECT_ERROR(Project::open(folder("plain")), ErrorCode::UnknownFormat,
                             "project.json");
        test::writeFile(folder("file"), "x");
        BITLOOM_EXPECT_ERROR(Project::openOrCreate(folder("file")), ErrorCode::IoFailure, "file");
        const auto withText = [this](const char* text) {
            test::writeFile(folder("plain/project.json"), text);
            return [this] { Project::open(folder("plain")); };
        };
        BITLOOM_EXPECT_ERROR(withText("{")(), ErrorCode::CorruptFile, "project.json");
        BITLOOM_EXPECT_ERROR(withText("[]")(), ErrorCode::UnknownFormat, "bitloom.project");
        BITLOOM_EXPECT_ERROR(withText(R"({"format": 5})")(), ErrorCode::UnknownFormat,
                             "bitloom.project");
        BITLOOM_EXPECT_ERROR(withText(R"({"format": "bitloom.project", "version": "x"})")(),
                             ErrorCode::CorruptFile, "version");
        BITLOOM_EXPECT_ERROR(withText(R"({"format": "bitloom.project", "version": 0})")(),
                             ErrorCode::CorruptFile, "found 0");
    }

    void aNewerProjectIsReadAndNotWritten()
    {
        const fs::path root = folder("newer.bitloom");
        Project::openOrCreate(root).savePlan(samplePlan("w4", 4));
        test::writeFile(root / "project.json", R"({"format": "bitloom.project", "version": 9})");
        for (Project project : {Project::openOrCreate(root), Project::open(root)}) {
            QVERIFY(project.isReadOnly());
            QVERIFY2(project.readOnlyReason().find("version 9, this program writes version 1") !=
                         std::string::npos,
                     project.readOnlyReason().c_str());
            QVERIFY(project.plan("w4") == samplePlan("w4", 4));
            everyChangeIsRefused(project, "version 9");
        }
        QCOMPARE(test::readFile(root / "project.json"),
                 std::string(R"({"format": "bitloom.project", "version": 9})"));
    }

    void readersChangeNothing()
    {
        const fs::path root = folder("read.bitloom");
        Project writer = Project::openOrCreate(root);
        writer.saveModel(sampleModel());
        Project reader = Project::open(root, Access::ReadOnly);
        everyChangeIsRefused(reader, "reading only");
        writer.savePlan(samplePlan("w4", 4)); // reading does not disturb the writer
        QCOMPARE(reader.planNames(), std::vector<std::string>{"w4"});
        QCOMPARE(std::distance(fs::directory_iterator(root / "runs"), {}), std::ptrdiff_t{0});
    }

    void oneWriterAtATime()
    {
        const fs::path root = folder("locked.bitloom");
        std::optional<Project> first = Project::openOrCreate(root);
        const std::string self = "process " + std::to_string(QCoreApplication::applicationPid());
        BITLOOM_EXPECT_ERROR(Project::open(root), ErrorCode::InvalidArgument, self);
        BITLOOM_EXPECT_ERROR(Project::openOrCreate(root), ErrorCode::InvalidArgument, self);
        const Project copy = *first;
        first.reset(); // the copy still writes
        BITLOOM_EXPECT_ERROR(Project::open(root), ErrorCode::InvalidArgument, self);
        QVERIFY(!Project::open(root, Access::ReadOnly).model());
    }

    void theWriterMayEndMeanwhile()
    {
        const fs::path root = folder("patience.bitloom");
        std::optional<Project> first = Project::openOrCreate(root);
        std::thread other([&first] {
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            first.reset();
        });
        const auto error =
            test::errorOf([&root] { Project::open(root, Access::ReadWrite, kPatience); });
        other.join();
        QVERIFY2(!error, error ? error->what() : "");
    }

    void anotherProcessIsNamedAndItsEndFrees_data()
    {
        QTest::addColumn<bool>("killed");
        QTest::newRow("it ends") << false;
        QTest::newRow("it is killed") << true;
    }

    void anotherProcessIsNamedAndItsEndFrees()
    {
        QFETCH(bool, killed);
        if (kThreadSanitizer) {
            QSKIP("clang 14's thread sanitizer does not survive starting a process by QProcess");
        }
        const fs::path root = folder(killed ? "killed.bitloom" : "ended.bitloom");
        QProcess holder;
        holder.start(QCoreApplication::applicationFilePath(),
                     {kHoldFlag, QString::fromStdString(root.string())});
        QVERIFY(holder.waitForReadyRead());
        const std::string sentence = "is open for writing in another program (process " +
                                     std::to_string(holder.processId()) +
                                     "): close it there, or open it for reading only";
        BITLOOM_EXPECT_ERROR(Project::openOrCreate(root), ErrorCode::InvalidArgument, sentence);
        QCOMPARE(Project::open(root, Access::ReadOnly).planNames(), std::vector<std::string>{"w4"});
        if (killed) {
            holder.kill();
        } else {
            holder.closeWriteChannel();
        }
        QVERIFY(holder.waitForFinished());
        Project project = Project::open(root);
        project.savePlan(samplePlan("w8", 8));
        QCOMPARE(project.planNames(), (std::vector<std::string>{"w4", "w8"}));
    }

    void journalAndSessionAreKeptUntilReplaced()
    {
        const fs::path root = folder("window.bitloom");
        Project project = Project::openOrCreate(root);
        QVERIFY(!project.journal() && !project.session());
        project.clearJournal(); // there is none
        project.saveJournal(R"({"edits": 1})");
        project.saveJournal(R"({"edits": 2})");
        project.saveSession("{}");
        const Project reader = Project::open(root, Access::ReadOnly);
        QCOMPARE(reader.journal().value(), std::string(R"({"edits": 2})"));
        QCOMPARE(reader.session().value(), std::string("{}"));
        project.clearJournal();
        QVERIFY(!reader.journal() && reader.session());
        QVERIFY(isTidy(root));
    }

    void plansAreRemovedAndRenamed()
    {
        const fs::path root = folder("plans.bitloom");
        Project project = Project::openOrCreate(root);
        project.savePlan(samplePlan("w4", 4));
        project.savePlan(samplePlan("w8", 8));
        FrontierPoint measured = point("w4", 90);
        measured.plan = "w4";
        project.savePoint(measured);
        measured.label = "budget 3 %";
        project.savePoint(measured);
        project.savePoint(point("w8", 91));

        project.renamePlan("w4", "small");
        QCOMPARE(project.planNames(), (std::vector<std::string>{"small", "w8"}));
        QVERIFY(project.plan("small") == samplePlan("small", 4));
        QCOMPARE(project.points()[0].label, std::string("small"));
        QCOMPARE(project.points()[0].plan, std::string("small"));
        QCOMPARE(project.points()[1].label, std::string("budget 3 %"));
        QCOMPARE(project.points()[1].plan, std::string("small"));
        QCOMPARE(project.points()[2].label, std::string("w8"));
        BITLOOM_EXPECT_ERROR(project.renamePlan("small", "w8"), ErrorCode::InvalidArgument,
                             "has a plan 'w8' already");
        BITLOOM_EXPECT_ERROR(project.renamePlan("w4", "x"), ErrorCode::NotFound, "no plan 'w4'");
        project.savePlan(samplePlan("a b", 4));
        project.renamePlan("a b", "a_b"); // the same file
        QCOMPARE(project.plan("a_b")->name, std::string("a_b"));

        project.removePlan("w8");
        QVERIFY(!project.plan("w8"));
        BITLOOM_EXPECT_ERROR(project.removePlan("w8"), ErrorCode::NotFound, "no plan 'w8'");
        QCOMPARE(project.planNames(), (std::vector<std::string>{"a_b", "small"}));
    }

    void damagedFilesAreNamed_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("text");
        for (const char* file :
             {"model.json", "plans/w4.json", "sensitivity.json", "points.json", "training.json",
              "histograms.json", "sheet.json", "runs/0001-eval.json"}) {
            QTest::addRow("%s cut", file) << file << "{\"format";
            QTest::addRow("%s of another kind", file) << file << "{\"a\": 1}";
            QTest::addRow("%s empty", file) << file << "";
        }
    }

    void damagedFilesAreNamed()
    {
        QFETCH(QString, file);
        QFETCH(QString, text);
        const fs::path root = folder("damaged.bitloom");
        fs::remove_all(root);
        const Project project = Project::openOrCreate(root);
        test::writeFile(root / file.toStdString(), text.toStdString());
        const auto error = test::errorOf([&] {
            static_cast<void>(project.model());
            static_cast<void>(project.plan("w4"));
            static_cast<void>(project.sensitivity());
            static_cast<void>(project.points());
            static_cast<void>(project.training());
            static_cast<void>(project.histograms());
            static_cast<void>(project.sheet());
            static_cast<void>(project.runs());
        });
        QVERIFY(error.has_value());
        QVERIFY2(std::string(error->what()).find(file.toStdString()) != std::string::npos,
                 error->what());
        QVERIFY2(error->code() == ErrorCode::CorruptFile ||
                     error->code() == ErrorCode::UnknownFormat,
                 error->what());
    }
};

/// With the flag, the program is the other process: it keeps a project open until its input ends.
int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    if (argc == 3 && QString(argv[1]) == kHoldFlag) {
        Project project = Project::openOrCreate(argv[2]);
        project.savePlan(samplePlan("w4", 4));
        std::cout << "ready" << std::endl;
        std::cin.get();
        return 0;
    }
    TestProject tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "tst_project.moc"
