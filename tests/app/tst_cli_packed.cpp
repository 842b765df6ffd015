// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/app/program.h"
#include "tests/support/test_support.h"

#include <filesystem>

using nlohmann::json;
namespace fs = std::filesystem;

namespace bitloom::test {

/// What `bitloom inspect` and `verify` say of packed files.
class TestCliPacked : public QObject, protected CommandFolder {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(run("plan create arch:lenet5 --weight-bits 4 --activation-bits 32 -o w4.json")
                    .exitCode == 0);
        for (const char* name : {"packed.h5", "packed.safetensors"}) {
            const ProgramRun packed =
                run(std::string("pack arch:lenet5 --plan w4.json -o ") + name);
            QVERIFY2(packed.exitCode == 0, packed.err.constData());
        }
    }

    void bytesCoverTheFile_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("format");
        QTest::newRow("hdf5") << "packed.h5"
                              << "packed HDF5 1.0";
        QTest::newRow("safetensors") << "packed.safetensors"
                                     << "compressed-tensors pack-quantized";
    }

    void bytesCoverTheFile()
    {
        QFETCH(QString, name);
        QFETCH(QString, format);
        const json map = result("inspect " + name.toStdString() + " --bytes");
        QCOMPARE(map["format"], json(format.toStdString()));
        QCOMPARE(map["source"], json("arch:lenet5"));
        std::int64_t end = 0;
        std::int64_t codes = 0;
        for (const json& region : map["regions"]) {
            QCOMPARE(region["offset"].get<std::int64_t>(), end);
            end += region["bytes"].get<std::int64_t>();
            if (region["kind"] == "codes") {
                QCOMPARE(region["bits"], json(4));
                codes += region["bytes"].get<std::int64_t>();
            }
        }
        QCOMPARE(end, static_cast<std::int64_t>(fs::file_size(path(name.toStdString()))));
        QVERIFY(codes >= 290400); // LeNet-5 has 580,800 weights, at half a byte each
        const ProgramRun text = run("inspect " + name.toStdString() + " --bytes");
        QVERIFY(text.out.contains("features.0.weight"));
        QVERIFY(text.out.contains("metadata"));
    }

    void codesAreCountedAndCompared()
    {
        const json codes =
            result("inspect packed.h5 --codes features.0.weight --against arch:lenet5");
        QCOMPARE(codes["bits"], json(4));
        QCOMPARE(codes["counts"].size(), std::size_t(16));
        std::int64_t sum = 0;
        for (const json& count : codes["counts"]) {
            sum += count.get<std::int64_t>();
        }
        QCOMPARE(sum, std::int64_t(800)); // 32 x 1 x 5 x 5
        QVERIFY(codes["against"]["max_abs_error"].get<double>() > 0);
        QVERIFY(codes["against"]["sqnr_db"].get<double>() > 10);
        const ProgramRun text = run("inspect packed.h5 --codes features.0.weight");
        QVERIFY(text.out.contains("features.0.weight: 32 x 1 x 5 x 5, codes of 4 bits"));
        QVERIFY(!text.out.contains("SQNR"));
    }

    void bytesOfBitPacksFilesCoverThem()
    {
        QCOMPARE(run("pack arch:lenet5 --plan w4.json --to bitpack -o packed.pth.tar").exitCode, 0);
        const json map = result("inspect packed.pth.tar --bytes");
        QCOMPARE(map["format"], json("BitPack"));
        std::int64_t sum = 0;
        for (const json& region : map["regions"]) {
            sum += region["bytes"].get<std::int64_t>();
        }
        QCOMPARE(sum, static_cast<std::int64_t>(fs::file_size(path("packed.pth.tar"))));
        QVERIFY(run("inspect packed.pth.tar --bytes").out.contains("features.0.weight"));
    }

    void aPackedModelIsUnderItsOwnPlan()
    {
        for (const std::string packed : {"packed.h5", "packed.safetensors"}) {
            const json own = result("inspect " + packed);
            QCOMPARE(own["plan"]["name"], json("w4a32@" + packed));
            const ProgramRun text = run("inspect " + packed);
            QVERIFY(text.out.contains("its plan: w4a32@"));
            // The command that needs a plan takes the file's, and says so.
            const ProgramRun cost = run("cost " + packed);
            QCOMPARE(cost.exitCode, 0);
            QVERIFY(cost.err.contains("under the plan that the file holds, w4a32@"));
            QCOMPARE(result("cost " + packed), result("cost arch:lenet5 --plan w4.json"));
            // It can be taken out, and is the plan that was packed.
            QCOMPARE(run("plan create " + packed + " -o own.json").exitCode, 0);
            const json differences = result("plan diff own.json w4.json");
            QCOMPARE(differences["differences"].size(), std::size_t{1});
            QCOMPARE(differences["differences"][0]["field"], json("name"));
            QCOMPARE(
                result("inspect " + packed + " --layer features.0")["weight_histograms"][0]["bits"],
                json(4));
        }
        // Packed again it keeps every code.
        QCOMPARE(run("pack packed.h5 -o again.safetensors").exitCode, 0);
        QCOMPARE(result("verify again.safetensors --against arch:lenet5")["verified"], json(true));
        for (const char* words : {"cost arch:lenet5", "pack arch:lenet5 -o X.h5",
                                  "plan create arch:lenet5 -o X.json"}) {
            const ProgramRun missing = run(words);
            QCOMPARE(missing.exitCode, 2);
            QVERIFY2(missing.err.contains("lenet5 is not packed"), missing.err.constData());
        }
        QCOMPARE(run("plan create packed.h5 --weight-bits 4 -o X.json").exitCode, 2);
        QCOMPARE(run("plan create packed.h5 --weight-scheme affine -o X.json").exitCode, 2);
    }

    void weightsOfAFileHaveItsBits()
    {
        const json given = result("inspect arch:lenet5@packed.safetensors");
        QCOMPARE(given["plan"]["name"], json("packed.safetensors"));
        QCOMPARE(given["plan"]["layers"][0]["weight"]["bits"], json(4));
        const ProgramRun cost = run("cost arch:lenet5@packed.safetensors");
        QVERIFY2(cost.err.contains("packed weights do not say how activations are rounded"),
                 cost.err.constData());
    }

    void aPlanOfOtherWeightsIsRefusedAndTakenOver()
    {
        QCOMPARE(run("plan create arch:lenet5 --seed 3 --weight-bits 4 --activation-bits 32 -o "
                     "other.json")
                     .exitCode,
                 0);
        const ProgramRun refused = run("pack arch:lenet5 --plan other.json -o other.h5");
        QCOMPARE(refused.exitCode, 1);
        for (const char* part : {"the plan w4a32 was made for lenet5 (sha256:", "this model is",
                                 "bitloom plan create MODEL --from PLAN"}) {
            QVERIFY2(refused.err.contains(part), refused.err.constData());
        }
        QVERIFY(!refused.err.contains("does not read back"));
        QVERIFY(!fs::exists(path("other.h5")));
        QCOMPARE(run("plan create arch:lenet5 --from other.json -o mine.json").exitCode, 0);
        QCOMPARE(run("pack arch:lenet5 --plan mine.json -o mine.h5").exitCode, 0);
    }

    void mistakesAreNamed()
    {
        const ProgramRun misspelt = run("inspect packed.h5 --codes features.0.wieght");
        QCOMPARE(misspelt.exitCode, 1);
        QVERIFY2(misspelt.err.contains("the nearest names are features.0.weight"),
                 misspelt.err.constData());
        QCOMPARE(run("inspect packed.h5 --bytes --codes features.0.weight").exitCode, 2);
        QCOMPARE(run("inspect packed.h5 --against arch:lenet5").exitCode, 2);
        const ProgramRun plan = run("inspect w4.json --bytes");
        QCOMPARE(plan.exitCode, 1);
        QVERIFY2(plan.err.contains(
                     "the bytes of packed HDF5, safetensors and BitPack's files are mapped"),
                 plan.err.constData());
    }
};

} // namespace bitloom::test

QTEST_GUILESS_MAIN(bitloom::test::TestCliPacked)
#include "tst_cli_packed.moc"
