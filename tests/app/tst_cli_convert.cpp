// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/app/program.h"
#include "tests/support/python.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>

using nlohmann::json;
namespace fs = std::filesystem;

namespace bitloom::test {

/// `bitloom convert` as people call it; every pair of containers is in tst_conversion.
class TestCliConvert : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    fs::path path(const std::string& name) const
    {
        return fs::path(m_folder.path().toStdString()) / name;
    }
    static QString gptq(const std::string& name)
    {
        return QString::fromStdString(
            (dataFile("interchange") / name / "model.safetensors").string());
    }
    ProgramRun run(const QStringList& arguments)
    {
        return runProgram(m_folder.path(), QStringList{"convert"} + arguments);
    }

private Q_SLOTS:
    void theTableComesBeforeTheFile()
    {
        const ProgramRun dry = run({gptq("gptq_v2_order"), "dry.pth", "--dry-run"});
        QVERIFY2(dry.exitCode == 0, dry.err.constData());
        QVERIFY(dry.out.contains("(GPTQ v2) into dry.pth (pth)"));
        QVERIFY(
            dry.out.contains("block.fc.weight changed: codes and scales become their products"));
        QVERIFY(dry.out.contains("nothing was written"));
        QVERIFY(!fs::exists(path("dry.pth")));
        const ProgramRun done = run({gptq("gptq_v2_order"), "done.h5", "--compress", "9"});
        QVERIFY2(done.exitCode == 0, done.err.constData());
        QVERIFY(done.out.indexOf("4 bits unsigned, groups of 16 in any order, zero points") <
                done.out.indexOf("read back and compared, written to done.h5"));
        QVERIFY(fs::exists(path("done.h5")));
    }

    void jsonIsOneObject()
    {
        const ProgramRun done = run({gptq("awq"), "awq.safetensors", "--json", "--quiet"});
        QVERIFY2(done.exitCode == 0, done.err.constData());
        const json report = done.json();
        QCOMPARE(report["input_format"], json("AWQ"));
        QCOMPARE(report["output_format"], json("safetensors"));
        QCOMPARE(report["verified"], json(true));
        QCOMPARE(report["tensors"][0]["fate"], json("changed"));
        QCOMPARE(report["output_bytes"].get<std::uintmax_t>(),
                 fs::file_size(path("awq.safetensors")));
    }

    void aConversionIsAJobLikeAnyOther()
    {
        const ProgramRun done =
            run({gptq("awq"), "events.pth", "--events", m_folder.filePath("events.jsonl")});
        QVERIFY2(done.exitCode == 0, done.err.constData());
        std::vector<std::string> kinds;
        for (const QByteArray& line :
             QByteArray::fromStdString(readFile(path("events.jsonl"))).split('\n')) {
            if (!line.isEmpty()) {
                kinds.push_back(json::parse(line.toStdString())["event"].get<std::string>());
            }
        }
        QCOMPARE(std::count(kinds.begin(), kinds.end(), "job_finished"), 2); // the look before too
        QVERIFY(std::find(kinds.begin(), kinds.end(), "progress") != kinds.end());
    }

    void modelsAreExportedIntoAnyFormat()
    {
        QCOMPARE(runProgram(m_folder.path(), {"plan", "create", "arch:lenet5", "--weight-bits", "4",
                                              "--activation-bits", "32", "-o", "w4.json"})
                     .exitCode,
                 0);
        const auto pack = [&](const QStringList& more) {
            return runProgram(m_folder.path(),
                              QStringList{"pack", "arch:lenet5", "--plan", "w4.json"} + more);
        };
        const ProgramRun dry =
            pack({"--to", "compressed-tensors", "-o", "l.safetensors", "--dry-run"});
        QVERIFY2(dry.exitCode == 0, dry.err.constData());
        QVERIFY(dry.out.contains("arch:lenet5 (a model under a plan) into l.safetensors"));
        QVERIFY(dry.out.contains("codes that only Bitloom reads"));
        QVERIFY(dry.out.contains("nothing was written"));
        QVERIFY(!fs::exists(path("l.safetensors")));
        const ProgramRun done = pack({"--to", "pth", "-o", "l.pth", "--json", "--quiet"});
        QVERIFY2(done.exitCode == 0, done.err.constData());
        QCOMPARE(done.json()["format"], json("pth"));
        QCOMPARE(done.json()["verified"], json(true));
        QCOMPARE(pack({"--to", "hdf5", "--compress", "10", "-o", "l.h5"}).exitCode, 2);
        const ProgramRun refused = pack({"--dtype", "float16", "-o", "l.h5"});
        QCOMPARE(refused.exitCode, 1);
        QVERIFY2(refused.err.contains("--dtype is of state dicts"), refused.err.constData());
    }

    void whatIsNotKnownIsAskedFor()
    {
        const ProgramRun asked = run({gptq("gptq_unknown"), "unknown.h5"});
        QCOMPARE(asked.exitCode, 1);
        QVERIFY2(asked.err.contains("--gptq-zeros v1 (less one) or v2 (as they are) decides"),
                 asked.err.constData());
        QVERIFY(!fs::exists(path("unknown.h5")));
        const ProgramRun look = run({gptq("gptq_unknown"), "unknown.h5", "--dry-run"});
        QCOMPARE(look.exitCode, 1);
        QVERIFY2(look.err.contains("--gptq-zeros v1"), look.err.constData());
        QCOMPARE(run({gptq("gptq_unknown"), "unknown.h5", "--gptq-zeros", "v1"}).exitCode, 0);
        QCOMPARE(run({gptq("awq"), "out.xyz"}).exitCode, 1);
        QCOMPARE(run({gptq("awq"), "out.pth", "--dtype", "int8"}).exitCode, 2);
    }

    void otherReadersAgree()
    {
        BITLOOM_NEED_PYTHON(python, "torch", "safetensors");
        const QStringList files{m_folder.filePath("a.pth"), m_folder.filePath("b.safetensors"),
                                m_folder.filePath("c.pth")};
        QCOMPARE(run({gptq("gptq_v2_3bit"), files[0], "--dtype", "float32"}).exitCode, 0);
        QCOMPARE(run({gptq("gptq_v2_3bit"), files[1], "--dtype", "float32"}).exitCode, 0);
        QCOMPARE(run({gptq("gptq_v2_3bit"), files[2]}).exitCode, 0);
        const json expected =
            json::parse(readFile(dataFile("interchange/gptq_v2_3bit/expected.json")));
        const json found = runScript("app/read_converted.py", files);
        for (const QString& file : {files[0], files[1]}) {
            const json& state = found[file.toStdString()];
            QCOMPARE(state.size(), std::size_t{3});
            const json& weight = state["block.fc.weight"];
            QCOMPARE(weight[0], json("torch.float32"));
            QCOMPARE(weight[1], json({9, 96}));
            QCOMPARE(weight[2], expected["block.fc.weight"]);
        }
        QCOMPARE(found[files[2].toStdString()]["block.fc.weight"][0], json("torch.float16"));
    }

    /// Complex and wide unsigned tensors go from PyTorch's file into every container that has their
    /// type, and from one into the next, bit for bit.
    void everyTypeOfPyTorchIsCarried()
    {
        BITLOOM_NEED_PYTHON(python, "torch", "safetensors", "h5py");
        const QTemporaryDir folder;
        runScript("app/every_dtype.py", {"make", folder.path()});
        const auto convert = [&](const QStringList& arguments) {
            return runProgram(folder.path(), QStringList{"convert"} + arguments);
        };
        const std::vector<QStringList> conversions{
            {"all.pth", "all.h5"},
            {"all.h5", "all_deflated.h5", "--compress", "6"},
            {"all_deflated.h5", "all.back.pth"},
            {"all.h5", "all.pth.tar", "--to", "bitpack"},
            {"all.pth.tar", "all_again.h5"},
            {"narrow.pth", "narrow.safetensors"},
            {"narrow.safetensors", "narrow.h5"},
            {"narrow.h5", "narrow_again.safetensors"},
            {"complex.pth", "complex.pth.tar", "--to", "bitpack-legacy"},
            {"complex.pth.tar", "complex.h5"}};
        for (const QStringList& conversion : conversions) {
            const ProgramRun done = convert(conversion);
            QVERIFY2(done.exitCode == 0, qPrintable(conversion.join(' ') + done.err));
        }
        const json wrong = runScript("app/every_dtype.py", {"check", folder.path()});
        QCOMPARE(wrong.size(), conversions.size());
        for (const auto& [file, tensors] : wrong.items()) {
            QVERIFY2(tensors.empty(), (file + ": " + tensors.dump()).c_str());
        }

        const ProgramRun map = runProgram(folder.path(), {"inspect", "all.h5", "--bytes"});
        QVERIFY2(map.exitCode == 0, map.err.constData());

        struct Refusal {
            QStringList arguments;
            const char* sentence;
        };
        const std::vector<Refusal> refusals{
            {{"all.pth", "no.safetensors"}, "tensor c128 is of the type complex128, which a "},
            {{"all.pth", "no.safetensors", "--dry-run"}, "convert to hdf5, or the tensor to"},
            {{"all.pth", "no.pth.tar", "--to", "bitpack-legacy"}, "tensor u16 of type UInt16"},
            {{"all.pth", "no.pth.tar", "--to", "bitpack-legacy", "--dry-run"}, "write a zip file"}};
        for (const auto& [arguments, sentence] : refusals) {
            const ProgramRun refused = convert(arguments);
            QCOMPARE(refused.exitCode, 1);
            QVERIFY2(refused.err.contains(sentence), refused.err.constData());
            QVERIFY(!fs::exists(folder.filePath(arguments[1]).toStdString()));
        }
    }
};

} // namespace bitloom::test

QTEST_GUILESS_MAIN(bitloom::test::TestCliConvert)
#include "tst_cli_convert.moc"
