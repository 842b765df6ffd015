// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/state_dict.h"

#include "tests/app/program.h"
#include "tests/core/io/bitpack_samples.h"
#include "tests/support/test_programs.h"
#include "tests/support/test_support.h"

using nlohmann::json;
namespace fs = std::filesystem;

namespace bitloom::test {

/// Integer weights by the same commands as everything else, with BitPack's option names beside
/// ours.
class TestCliBitPack : public QObject, private CommandFolder {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        writeHawqSample(path("hawq.pth.tar"));
        writeParts(path("other.pth.tar"),
                   {{"weight_integer",
                     {{"module.a.weight_integer", realsOf({-3, 2, 9, 0}).reshape({2, 2})},
                      {"module.b.weight_integer", realsOf({7, -8, 1})}}}});
        io::writeStateDict(path("floats.pth"), {{{"w", realsOf({0.5, 1})}}, {}});
        writeSample(path("sample.pth.tar"), {});
    }

    void bitPacksOwnCommandLinesWork()
    {
        const ProgramRun packed = run("pack --input-int-file hawq.pth.tar --force-pack-fp "
                                      "--packed-output-path packed.pth.tar");
        QVERIFY2(packed.exitCode == 0, packed.err.constData());
        QVERIFY(packed.out.contains("read back and equal in every value"));
        const ProgramRun unpacked =
            run("unpack --input-packed-file packed.pth.tar --original-int-file hawq.pth.tar "
                "--device -1");
        QVERIFY2(unpacked.exitCode == 0, unpacked.err.constData());
        QVERIFY(unpacked.out.contains("verified: 3 tensors compared, 0 differences"));
        // Its default output.
        QCOMPARE(run("pack --input-int-file hawq.pth.tar --force-pack-fp --quiet").exitCode, 0);
        QVERIFY(fs::exists(path("packed_quantized_checkpoint.pth.tar")));
    }

    void d17_sizesAreExact()
    {
        const json report = result("pack --input-int-file hawq.pth.tar --force-pack-fp -o s.pth");
        QCOMPARE(report["file_bytes"].get<std::uintmax_t>(), fs::file_size(path("s.pth")));
        QCOMPARE(report["file_bytes"].get<int>(),
                 report["payload_bytes"].get<int>() + report["metadata_bytes"].get<int>());
        // 4 codes of 3 bits in 2 rows, 2 codes of 4 bits, 2 scales as they are.
        QCOMPARE(report["source_bytes"], json(16 + 8 + 8));
        const json& tensors = report["tensors"];
        QCOMPARE(tensors.size(), std::size_t{3});
        QCOMPARE(tensors[0]["bits"], json(3));
        QCOMPARE(tensors[0]["offset"], json(3));
        QCOMPARE(tensors[1]["packed_bytes"], json(1));
        QCOMPARE(tensors[2]["kind"], json("raw"));
        QVERIFY(tensors[2]["bits"].is_null());
    }

    void d20_differencesEndWithCodeOne()
    {
        QVERIFY(!result("pack --input-int-file hawq.pth.tar --force-pack-fp -o v.pth").empty());
        for (const char* command : {"verify v.pth --original-int-file other.pth.tar --json --quiet",
                                    "unpack v.pth --original-int-file other.pth.tar --json "
                                    "--quiet"}) {
            const ProgramRun done = run(command);
            QCOMPARE(done.exitCode, 1);
            QVERIFY(done.err.contains("v.pth differs from other.pth.tar in 3 places"));
            QVERIFY(done.out.contains("[1, 0] is 1, the original has 9 (1 of 4 values differ)"));
            QVERIFY(done.out.contains("has the shape [2], the original has [3]"));
            QVERIFY(done.out.contains("module.a.fc_scaling_factor"));
        }
        const json same = result("verify v.pth --original-int-file hawq.pth.tar");
        QCOMPARE(same["verified"], json(true));
        QCOMPARE(same["compared"], json(3));
        const ProgramRun alone = run("verify v.pth");
        QCOMPARE(alone.exitCode, 0);
        QVERIFY(alone.out.contains("all checksums are right"));
    }

    void everyFormatGoesThereAndBack_data()
    {
        QTest::addColumn<QString>("options");
        QTest::newRow("safe") << "-o there.pth --mode safe";
        QTest::newRow("exact") << "-o there.pth --mode exact";
        QTest::newRow("legacy") << "-o there.pth --mode legacy";
        QTest::newRow("exact legacy") << "-o there.pth --mode exact-legacy";
        QTest::newRow("hdf5") << "-o there.h5";
        QTest::newRow("per channel") << "-o there.h5 --width-per-channel";
    }

    void everyFormatGoesThereAndBack()
    {
        QFETCH(QString, options);
        const std::string name = options.contains(".h5") ? "there.h5" : "there.pth";
        const json packed =
            result("pack --input-int-file hawq.pth.tar --force-pack-fp " + options.toStdString());
        QVERIFY(!packed.empty());
        QVERIFY(!result("unpack " + name + " -o back.pth --dtype int8").empty());
        const io::StateDict back = io::readStateDict(path("back.pth"));
        QCOMPARE(valuesOf(back.tensors.at(0).second), (std::vector<std::int64_t>{-3, 2, 1, 0}));
        QVERIFY(back.tensors.at(0).second.scalar_type() == at::kChar);
        QCOMPARE(result("verify " + name + " --original-int-file hawq.pth.tar")["verified"],
                 json(true));
    }

    void selfTest()
    {
        const json tested = result("selftest");
        QCOMPARE(tested["passed"], json(true));
        QCOMPARE(tested["isas"][0], json("scalar"));
        QVERIFY(tested["cases"].get<int>() > 1000);
        QVERIFY(tested["failures"].empty());
    }

    void aMissingGpuIsNotedOrRefused()
    {
        QVERIFY(!result("pack --input-int-file hawq.pth.tar --force-pack-fp -o g.pth").empty());
        const ProgramRun strict = run("unpack g.pth --device 0 --device-strict");
        const ProgramRun lenient = run("unpack g.pth --device 0");
        QCOMPARE(lenient.exitCode, 0);
        // With a GPU both run there.
        QCOMPARE(strict.exitCode, lenient.err.contains("note: unpacking on the CPU") ? 1 : 0);
        QVERIFY(lenient.out.contains("module.a.weight_integer"));
    }

    void warnings()
    {
        const json raw = result("pack --input-int-file floats.pth --all -o raw.pth");
        QVERIFY(raw["notes"].dump().find("0 tensors packed") != std::string::npos);
    }

    /// Of commands; bad files are in tst_cli_packed_input.
    void refused_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QStringList>("parts");
        const auto add = [](const char* name, const QString& command, const char* code,
                            const QStringList& parts) {
            QTest::newRow(name) << command << QString(code) << parts;
        };
        add("nothing to pack", "pack", "usage", {"MODEL or --input-int-file"});
        add("no plan", "pack arch:lenet5 -o X", "usage", {"--plan"});
        add("a model and integers", "pack arch:lenet5 --input-int-file hawq.pth.tar", "usage",
            {"--input-int-file"});
        add("a flag of integers", "pack arch:lenet5 --plan x --force-pack-fp -o X", "usage",
            {"--input-int-file"});
        add("another mode", "pack --input-int-file hawq.pth.tar --mode tight", "usage", {"--mode"});
        add("nothing to unpack", "unpack", "usage", {"--input-packed-file is required"});
        add("not exact", "pack --input-int-file floats.pth --all --mode exact -o X",
            "invalid_argument", {"tensor w", "Float", "mode safe"});
        add("does not fit", "unpack sample.pth.tar -o X --dtype int3", "invalid_argument",
            {"int3", "int8"});
    }

    void refused()
    {
        QFETCH(QString, command);
        QFETCH(QString, code);
        QFETCH(QStringList, parts);
        const ProgramRun done = run(command.toStdString() + " --json --quiet");
        QCOMPARE(done.exitCode, code == "usage" ? 2 : 1);
        const json error = done.json()["error"];
        QCOMPARE(QString::fromStdString(error["code"].get<std::string>()), code);
        for (const QString& part : parts) {
            QVERIFY2(done.err.contains(part.toUtf8()), done.err.constData());
        }
        QVERIFY(!fs::exists(path("X")));
    }
};

} // namespace bitloom::test

QTEST_GUILESS_MAIN(bitloom::test::TestCliBitPack)
#include "tst_cli_bitpack.moc"
