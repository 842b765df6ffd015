// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/types/predictions.h"

#include "tests/app/program.h"
#include "tests/support/test_programs.h"
#include "tests/support/test_support.h"

#include <QDir>
#include <QStandardPaths>

namespace fs = std::filesystem;

namespace bitloom::test {

/// Each kind of bad input ends in one clear sentence, the right exit code, and no output file.
class TestCliBadInput : public QObject, private CommandFolder {
    Q_OBJECT

    QString python() const { return QStandardPaths::findExecutable("python3"); }
    /// A copy of the good plan with one piece of its text changed.
    void writePlan(const std::string& name, const std::string& from, const std::string& to)
    {
        std::string text = readFile(path("good.json"));
        const std::size_t at = text.find(from);
        QVERIFY2(at != std::string::npos, from.c_str());
        writeFile(path(name), text.replace(at, from.size(), to));
    }
    static QByteArray bigEndian(std::initializer_list<quint32> numbers)
    {
        QByteArray bytes;
        for (const quint32 number : numbers) {
            for (int shift = 24; shift >= 0; shift -= 8) {
                bytes.append(static_cast<char>(number >> shift & 0xff));
            }
        }
        return bytes;
    }
    /// A .npy file of float32 zeros; its header is padded to 128 bytes.
    void writeZeros(const std::string& name, const std::string& shape, std::size_t count)
    {
        const std::string text =
            "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }";
        const std::size_t length = 128 - 10;
        std::string npy = std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(length) + '\0';
        npy += text + std::string(length - text.size() - 1, ' ') + '\n';
        writeFile(path(name), npy + std::string(count * sizeof(float), '\0'));
    }
    /// Two test digits; labels as given.
    void writeMnist(const std::string& name, const QByteArray& labels)
    {
        fs::create_directory(path(name));
        const QByteArray images = bigEndian({0x803, 2, 28, 28}) + QByteArray(2 * 28 * 28, '\x20');
        const QByteArray file = bigEndian({0x801, 2}) + labels;
        for (const char* split : {"t10k", "train"}) {
            writeFile(path(name) / (std::string(split) + "-images-idx3-ubyte"),
                      images.toStdString());
            writeFile(path(name) / (std::string(split) + "-labels-idx1-ubyte"), file.toStdString());
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(trainSmallModel(m_folder.path()));
        const ProgramRun made =
            python().isEmpty() ? ProgramRun{}
                               : runOther(python(), m_folder.path(),
                                          {testScript("app/make_bad_files.py"), "lenet5.pth", "."});
        QVERIFY2(python().isEmpty() || made.exitCode == 0, made.err.constData());
        QCOMPARE(
            runProgram(m_folder.path(), words("plan create arch:lenet5@lenet5.pth --weight-bits 4 "
                                              "--activation-bits 8 -o good.json"))
                .exitCode,
            0);
        QVERIFY(
            python().isEmpty() ||
            runProgram(m_folder.path(), words("plan create arch:lenet5@nan.pth --from good.json "
                                              "-o nan.json"))
                    .exitCode == 0);
        QCOMPARE(runProgram(m_folder.path(),
                            words("sensitivity arch:lenet5@lenet5.pth --data digits:64 --limit 16 "
                                  "--bits 2,8 --weights-only -o sens.json"))
                     .exitCode,
                 0);
        Predictions predictions;
        predictions.data = "digits:8";
        predictions.split = "test";
        predictions.images = {1, 3};
        predictions.labels = predictions.predicted = {0, 1};
        writeFile(path("a.json"), toJson(predictions));
        predictions.predicted = {0, 0};
        writeFile(path("a2.json"), toJson(predictions));
        predictions.images = {1, 4};
        writeFile(path("b.json"), toJson(predictions));
        writePlan("unknown.json", "\"features.3\"", "\"featurs.3\"");
        writePlan("wide.json", "\"bits\":4", "\"bits\":20");
        writePlan("newer.json", "\"version\": 1", "\"version\": 99");
        writeFile(path("cut.json"), readFile(path("good.json")).substr(0, 200));
        fs::create_directory(path("nothing"));
        fs::create_directory(path("readonly"));
        fs::permissions(path("readonly"), fs::perms::owner_read | fs::perms::owner_exec);
        writeMnist("digits", QByteArray("\x01\x02", 2));
        writeMnist("labels", QByteArray("\x01\x63", 2));
        writeMnist("incomplete", QByteArray("\x01\x02", 2));
        fs::remove(path("incomplete/t10k-labels-idx1-ubyte"));
        writeMnist("short", QByteArray("\x01", 1));
        writeZeros("wide.npy", "2, 1, 28, 30", std::size_t{2} * 28 * 30);
    }

    void refused_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QStringList>("parts");
        const auto add = [](const char* name, const QString& command, const char* code,
                            const QStringList& parts) {
            QTest::newRow(name) << command << (qstrcmp(code, "usage") == 0 ? 2 : 1) << QString(code)
                                << parts;
        };
        const QString model = "arch:lenet5@lenet5.pth";
        const auto weights = [&](const char* name, const char* file, const char* code,
                                 const QStringList& parts) {
            add(name, QString("inspect arch:lenet5@") + file, code, QStringList{file} + parts);
        };
        const auto weightsAlone = [&](const char* name, const char* file, const char* code,
                                      const QStringList& parts) {
            add(name, QString("inspect ") + file, code, QStringList{file} + parts);
        };
        weights("missing file", "missing.pth", "not_found", {"No such file"});
        weights("empty file", "empty.pth", "corrupt_file", {"is empty"});
        weights("truncated file", "truncated.pth", "corrupt_file", {"cut off"});
        weights("text file", "text.pth", "unknown_format", {"torch.save", "text file"});
        weights("picture", "picture.pth", "unknown_format", {"torch.save", "PNG"});
        weights("tar archive", "archive.tar", "unsupported", {"tar", "re-save"});
        weights("folder", "nothing", "unknown_format", {"folder", "file was expected"});
        weights("pickle that runs a command", "command.pkl", "unknown_format", {"pickle"});
        weights("checkpoint that runs a command", "command.pth", "unsafe_file", {"os.system"});
        weights("zip bomb", "bomb.pth", "unsafe_file", {"declares", "bytes"});
        weights("tensor outside its storage", "outside.pth", "corrupt_file",
                {"features.0.weight", "3300", "3200"});
        weights("tensor of another shape", "shape.pth", "model_mismatch",
                {"features.0.weight", "(25, 1, 5, 5)", "(32, 1, 5, 5)"});
        add("NaN weights", "eval arch:lenet5@nan.pth --data digits:64", "non_finite",
            {"features.3", "3 of 51200"});
        add("NaN weights packed", "pack arch:lenet5@nan.pth --plan nan.json --data digits:64 -o X",
            "non_finite", {"features.3", "3 of 51200"});
        add("state dict without network", "eval lenet5.pth --data digits:64", "unsupported",
            {"state dict", "arch:lenet5@lenet5.pth"});
        add("state dict of unknown shape", "inspect lenet5.pth --layer fc", "unsupported",
            {"state dict", "arch:lenet5@lenet5.pth"});
        weightsAlone("damaged state dict alone", "truncated.pth", "corrupt_file", {"cut off"});
        weightsAlone("checkpoint alone that runs a command", "command.pth", "unsafe_file",
                     {"os.system"});
        add("predictions of other images", "compare a.json b.json", "invalid_argument",
            {"image 3 is in one of them only", "--data"});
        add("predictions that are none", "compare good.json a.json", "unknown_format",
            {"good.json", "bitloom.predictions"});
        add("pictures of no data", "compare a.json a2.json --thumbnails X --data digits:2",
            "invalid_argument", {"no item 3"});
        add("frontier without table", "frontier " + model, "usage", {"--sensitivity"});
        add("frontier of one point", "frontier " + model + " --sensitivity sens.json --points 1",
            "usage", {"--points"});
        add("one of several patterns matches nothing",
            "plan set good.json features.3 conv9 --weight-bits 4", "not_found", {"conv9"});
        add("a pattern where a name is needed",
            "plan set good.json features.* --exact --weight-bits 4", "not_found", {"features.*"});
        add("no model", "inspect good.json", "unknown_format",
            {"good.json", "JSON", "TorchScript"});
        add("unknown layer", "inspect arch:lenet5 --layer features.2", "not_found",
            {"features.2", "features.0"});
        add("histogram of no layer", "inspect arch:lenet5 --bins 5", "usage", {"--layer"});
        add("unknown architecture", "inspect arch:lenet6", "not_found", {"lenet6", "lenet5"});
        add("bits outside the range",
            "plan create " + model + " --weight-bits 17 --activation-bits 8 -o X",
            "invalid_argument", {"17", "0..16"});
        add("bits outside the range in a plan", "cost " + model + " --plan wide.json",
            "invalid_argument", {"wide.json", "layers[0].weight.bits", "20", "0..16"});
        add("unknown layer in a plan", "cost " + model + " --plan unknown.json", "model_mismatch",
            {"unknown.json", "featurs.3", "nearest: features.3"});
        add("plan for another model", "cost arch:resnet20_cifar --plan good.json", "model_mismatch",
            {"good.json", "resnet20_cifar", "features.0"});
        add("newer plan", "plan show newer.json", "unsupported", {"newer.json", "99", "newer"});
        add("plan cut short", "plan show cut.json", "corrupt_file", {"cut.json", "JSON"});
        add("plan that is no plan", "plan show sens.json", "unknown_format",
            {"bitloom.plan", "bitloom.sensitivity"});
        add("no layer matches", "plan set good.json features.33 --weight-bits 4", "not_found",
            {"features.33", "features.3"});
        add("budget below the minimum",
            "allocate " + model + " --sensitivity sens.json --max-bytes 1000 -o X",
            "budget_too_small", {"1000", "takes", "bytes"});
        add("table of another model",
            "allocate arch:resnet20_cifar --sensitivity sens.json --max-bytes 100000 -o X",
            "model_mismatch", {"lenet5", "resnet20_cifar"});
        add("data folder missing", "eval " + model + " --data mnist:nowhere", "not_found",
            {"nowhere", "does not exist"});
        add("data folder empty", "eval " + model + " --data mnist:nothing", "bad_dataset",
            {"nothing", "empty"});
        add("data folder without images", "eval " + model + " --data images:nothing", "bad_dataset",
            {"nothing"});
        add("data folder incomplete", "eval " + model + " --data mnist:incomplete", "bad_dataset",
            {"t10k-labels-idx1-ubyte"});
        add("data folder of another kind", "eval arch:resnet20_cifar --data cifar10:digits",
            "bad_dataset", {"digits", "mnist:digits"});
        add("data file cut short", "eval " + model + " --data mnist:short", "corrupt_file",
            {"labels"});
        add("label out of range", "eval " + model + " --data mnist:labels", "corrupt_file",
            {"99", "0 to 9"});
        add("unknown kind of data", "eval " + model + " --data foo:1", "invalid_argument",
            {"foo:1", "cifar10:DIR"});
        add("images of another size", "eval arch:resnet20_cifar --data mnist:digits",
            "shape_mismatch", {"28", "32", "--preprocessing"});
        add("no calibration images", "pack " + model + " --plan good.json -o X", "invalid_argument",
            {"--data"});
        add("output folder missing", "train arch:lenet5 --data digits:64 --epochs 1 -o nowhere/X",
            "not_found", {"nowhere"});
        add("output is a folder", "unpack good.json -o nothing", "unknown_format", {"good.json"});
        add("no project", "report nothing -o X", "unknown_format", {"nothing", "project.json"});
        add("no packed file", "verify lenet5.pth", "unknown_format", {"lenet5.pth"});
        add("no array", "infer " + model + " --input good.json -o X", "unknown_format",
            {"good.json", ".npy"});
        add("array of another shape", "infer " + model + " --input wide.npy -o X", "shape_mismatch",
            {"wide.npy", "[2, 1, 28, 30]", "[1, 1, 28, 28]"});
        add("unknown device", "inspect arch:lenet5 --device gpu", "invalid_argument",
            {"gpu", "cpu, cuda"});
        for (const char* over :
             {"plan create arch:lenet5@lenet5.pth --weight-bits 4 --activation-bits 8 -o "
              "lenet5.pth",
              "pack arch:lenet5@lenet5.pth --plan good.json -o ./good.json --to pth",
              "infer arch:lenet5@lenet5.pth --input wide.npy -o wide.npy",
              "allocate arch:lenet5@lenet5.pth --sensitivity sens.json --max-bytes 9 -o "
              "sens.json"}) {
            add(over, over, "invalid_argument", {"is the input, which is never changed"});
        }
        add("negative seed", "--seed -1 selftest", "usage",
            {"--seed", "a whole number from 0 to 18446744073709551615 was expected, not -1"});
        add("input shape of a batch", "inspect arch:lenet5 --input-shape 4,1,28,28",
            "invalid_argument",
            {"(4, 1, 28, 28) is of 4 items at once; give that of one: (1, 1, 28, 28)"});
        add("no arguments for a command", "eval", "usage", {"MODEL is required", "--help"});
        add("data missing", "eval " + model, "usage", {"--data is required"});
        add("budget missing", "allocate " + model + " --sensitivity sens.json -o X", "usage",
            {"--max-bytes", "--max-bops-percent"});
        add("nothing to set", "plan set good.json features.3", "usage", {"--weight-bits"});
        add("unknown command", "evall", "usage", {"evall", "eval"});
        add("unknown subcommand", "plan crate", "usage", {"crate", "create"});
        add("plan alone", "plan", "usage", {"create", "diff"});
        add("unknown option", "inspect arch:lenet5 --bogus", "usage", {"--bogus"});
        add("number out of range", "eval " + model + " --data digits:9 --limit -1", "usage",
            {"--limit", "-1"});
    }

    void refused()
    {
        QFETCH(QString, command);
        QFETCH(int, exitCode);
        QFETCH(QString, code);
        QFETCH(QStringList, parts);
        if (python().isEmpty() && command.contains(".pth") && !command.contains("@lenet5.pth")) {
            QSKIP("no python3 to make the bad files with");
        }
        const QStringList before = QDir(m_folder.path()).entryList();
        const ProgramRun run =
            runProgram(m_folder.path(), words(command) + QStringList{"--json", "--quiet"});
        QVERIFY2(run.exitCode == exitCode, run.err.constData());
        QVERIFY2(run.err.startsWith("bitloom: "), run.err.constData());
        QVERIFY2(run.err.count('\n') == 1 && run.err.endsWith('\n'), run.err.constData());
        for (const QString& part : parts) {
            QVERIFY2(run.err.contains(part.toUtf8()),
                     (part.toUtf8() + " is missing in " + run.err).constData());
        }
        const nlohmann::json error = run.json();
        QVERIFY2(error.contains("error"), run.out.constData());
        QCOMPARE(QString::fromStdString(error["error"]["code"].get<std::string>()), code);
        QCOMPARE("bitloom: " + error["error"]["message"].get<std::string>() + "\n",
                 run.err.toStdString());
        QCOMPARE(QDir(m_folder.path()).entryList(), before);
        QVERIFY(!fs::exists(path("executed")));
    }

    void aFolderThatMayNotBeWrittenTo()
    {
        const ProgramRun probe =
            runOther("/bin/sh", m_folder.path(), {"-c", "touch readonly/probe"});
        if (probe.exitCode == 0) {
            QSKIP("this user may write everywhere");
        }
        const ProgramRun run =
            runProgram(m_folder.path(), words("plan create arch:lenet5 --weight-bits 4 "
                                              "--activation-bits 8 -o readonly/p.json"));
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.err.contains("readonly/p.json: Permission denied"), run.err.constData());
    }

    void aFullDisk_data()
    {
        QTest::addColumn<QString>("command");
        QTest::newRow("pack") << "pack arch:lenet5@lenet5.pth --plan good.json --data digits:64 "
                                 "--calibration-images 16 -o full.h5";
        QTest::newRow("train")
            << "train arch:lenet5 --data digits:64 --limit 32 --epochs 1 -o full.pth";
        QTest::newRow("infer") << "infer arch:lenet5@lenet5.pth --input in.npy -o full.npy";
    }

    void aFullDisk()
    {
        QFETCH(QString, command);
        writeZeros("in.npy", "4096, 1, 28, 28", std::size_t{4096} * 28 * 28);
        const QStringList before = QDir(m_folder.path()).entryList();
        // Files end at 64 KiB, as on a disk with no more room.
        const ProgramRun run =
            runOther("/bin/sh", m_folder.path(),
                     {"-c", "trap '' XFSZ; ulimit -f 128; exec " + builtFile("bitloom") + " " +
                                command + " --quiet"});
        QVERIFY2(run.exitCode == 1, run.err.constData());
        QVERIFY2(run.err.startsWith("bitloom: ") && run.err.count('\n') == 1, run.err.constData());
        QVERIFY2(run.err.contains("full.") && run.err.contains("File too large"),
                 run.err.constData());
        QCOMPARE(QDir(m_folder.path()).entryList(), before);
    }

    /// Paths are bytes; JSON is UTF-8.
    void aNameThatIsNotUtf8()
    {
        const QStringList before = QDir(m_folder.path()).entryList();
        const ProgramRun run = runOther(
            "/bin/sh", m_folder.path(),
            {"-c", "exec " + builtFile("bitloom") + " inspect $(printf 'no\\377where') --json"});
        QCOMPARE(run.exitCode, 1);
        QCOMPARE(run.json()["error"]["code"].get<std::string>(), std::string("not_found"));
        const ProgramRun folder =
            runOther("/bin/sh", m_folder.path(),
                     {"-c", "exec " + builtFile("bitloom") +
                                " convert lenet5.pth $(printf 'o\\377t').h5 --json --quiet"});
        QCOMPARE(folder.exitCode, 1);
        QVERIFY2(folder.err.contains("is not UTF-8"), folder.err.constData());
        QVERIFY(folder.json().contains("error"));
        QCOMPARE(QDir(m_folder.path()).entryList(), before);
    }

    void aDeviceThatIsNotThere()
    {
        const ProgramRun run = runProgram(
            m_folder.path(), words("eval arch:lenet5 --data digits:64 --device cuda:99 --quiet"));
        QCOMPARE(run.exitCode, 1);
        QVERIFY2(run.err.startsWith("bitloom: the device 'cuda:99' does not exist here"),
                 run.err.constData());
    }
};

} // namespace bitloom::test

using bitloom::test::TestCliBadInput;
QTEST_GUILESS_MAIN(TestCliBadInput)
#include "tst_cli_bad_input.moc"
