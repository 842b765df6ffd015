// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/bitpack/integer_checkpoint.h"
#include "core/io/integer_file.h"
#include "core/io/state/state_dict.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/ones.h>

#include "tests/core/io/bitpack_samples.h"
#include "tests/support/phrase_texts.h"
#include "tests/support/python.h"
#include "tests/support/test_support.h"

#include <QTemporaryDir>

#include <limits>

using namespace bitloom;
using namespace bitloom::io;
using namespace bitloom::test;
using namespace std::string_literals;
namespace fs = std::filesystem;

/// What HAWQ leaves behind, and what of it can be packed.
class TestIntegerCheckpoint : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_noFiles; ///< why there are none

    fs::path file(const std::string& name) const
    {
        return fs::path(m_folder.path().toStdString()) / name;
    }
    static std::string notesOf(const IntegerCheckpoint& checkpoint)
    {
        std::string text;
        for (const std::string& note : test::textsOf(checkpoint.notes)) {
            text += note + "\n";
        }
        return text;
    }
    IntegerInput input(const std::string& name, bool forcePackFp) const
    {
        IntegerInput found;
        found.file = file(name).string();
        found.forcePackFp = forcePackFp;
        return found;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (pythonWith({"torch", "numpy"}, &m_noFiles)) {
            runScript("core/io/bitpack_in_python.py", {"hawq", m_folder.path()});
        }
    }

    void findsTheFivePartsOfHawq()
    {
        if (!m_noFiles.isEmpty()) {
            QSKIP(qPrintable(m_noFiles));
        }
        const IntegerCheckpoint found = readIntegerCheckpoint(file("quantized_checkpoint.pth.tar"));
        QVERIFY(found.isHawq);
        QCOMPARE(found.weights.size(), std::size_t{5});
        QCOMPARE(found.carried.size(), std::size_t{6});
        QCOMPARE(found.scaleOf.size(), std::size_t{3});
        QCOMPARE(found.scaleOf.at("module.quant_init_convbn.weight_integer"),
                 "module.quant_init_convbn.convbn_scaling_factor"s);
        QCOMPARE(found.scaleOf.at("module.quant_output.weight_integer"),
                 "module.quant_output.fc_scaling_factor"s);
        const std::string notes = notesOf(found);
        for (const char* part :
             {"5 weight_integer, 2 bias_integer, 2 convbn_scaling_factor, 1 fc_scaling_factor, 1 "
              "act_scaling_factor",
              "no scale for module.final_conv.weight_integer (",
              "all weights are 0, as before the first run or where a layer stays in floating "
              "point: module.unused.weight_integer"}) {
            QVERIFY2(notes.find(part) != std::string::npos, notes.c_str());
        }
    }

    void aTrainingCheckpointHasTheScaleThatTheExportForgets()
    {
        if (!m_noFiles.isEmpty()) {
            QSKIP(qPrintable(m_noFiles));
        }
        const IntegerCheckpoint found = readIntegerCheckpoint(file("checkpoint.pth.tar"));
        QCOMPARE(found.weights.size(), std::size_t{5});
        QCOMPARE(found.scaleOf.at("final_conv.weight_integer"), "final_conv.conv_scaling_factor"s);
        const std::string notes = notesOf(found);
        QVERIFY2(notes.find("no scale for") == std::string::npos, notes.c_str());
        QVERIFY2(notes.find("HAWQ training checkpoint: 5 weight_integer among its 13 tensors") !=
                     std::string::npos,
                 notes.c_str());
    }

    void integersMayLieInASafetensorsFile()
    {
        const at::Tensor integers = at::arange(-4, 4, at::kFloat).reshape({2, 4});
        writeStateDict(file("hawq.safetensors"),
                       {{{"module.fc.weight_integer", integers},
                         {"module.fc.fc_scaling_factor", at::ones({2}, at::kFloat)},
                         {"module.fc.bias", at::ones({2}, at::kFloat)}},
                        {}});
        const IntegerCheckpoint found = readIntegerCheckpoint(file("hawq.safetensors"));
        QCOMPARE(found.weights.size(), std::size_t{1});
        QVERIFY(at::equal(found.weights.at(0).second, integers));
        QCOMPARE(found.scaleOf.at("fc.weight_integer"), "fc.fc_scaling_factor"s);
        QCOMPARE(readIntegerCheckpoint(file("hawq.safetensors"), {"", true}).weights.size(),
                 std::size_t{3});
        BITLOOM_EXPECT_ERROR(readIntegerCheckpoint(file("hawq.safetensors"), {"weights", false}),
                             ErrorCode::NotFound, "which has no entry weights");
        writeStateDict(file("plain.safetensors"), {{{"fc.weight", integers}}, {}});
        BITLOOM_EXPECT_ERROR(readIntegerCheckpoint(file("plain.safetensors")), ErrorCode::NotFound,
                             "has no tensor with weight_integer in its name; use --all");
    }

    void partsThatAreNotThereAreNamed()
    {
        if (!m_noFiles.isEmpty()) {
            QSKIP(qPrintable(m_noFiles));
        }
        const std::string notes = notesOf(readIntegerCheckpoint(file("integers.pth.tar")));
        QVERIFY2(notes.find("not in the file: bias_integer, convbn_scaling_factor, "
                            "fc_scaling_factor and act_scaling_factor") != std::string::npos,
                 notes.c_str());
        BITLOOM_EXPECT_ERROR(readIntegerCheckpoint(file("float.pth.tar")), ErrorCode::NotFound,
                             "float.pth.tar: no entry weight_integer; the file holds a dict with "
                             "the keys epoch and state_dict");
        BITLOOM_EXPECT_ERROR(readIntegerCheckpoint(file("float.pth.tar"), {"weights", false}),
                             ErrorCode::NotFound, "no entry weights");
        QCOMPARE(readIntegerCheckpoint(file("float.pth.tar"), {"state_dict", false}).weights.size(),
                 std::size_t{1});
        QCOMPARE(readIntegerCheckpoint(file("float.pth.tar"), {"", true}).weights.at(0).first,
                 "conv.weight"s);
    }

    void weightsThatAreNoIntegersAreRefused()
    {
        if (!m_noFiles.isEmpty()) {
            QSKIP(qPrintable(m_noFiles));
        }
        RunControl control;
        for (const bool forced : {false, true}) {
            BITLOOM_EXPECT_ERROR(
                packIntegers(input("not_integers.pth.tar", forced),
                             {file("no.pth").string(), IntegerFormat::BitPackSafe, false}, control),
                ErrorCode::InvalidArgument,
                "module.quant_output.weight_integer[1, 3] = 2.5 is not an integer (1 such value)");
        }
        QVERIFY(!fs::exists(file("no.pth")));
    }

    void everyFormatHoldsTheNetwork()
    {
        if (!m_noFiles.isEmpty()) {
            QSKIP(qPrintable(m_noFiles));
        }
        RunControl control;
        for (const IntegerFormat format :
             {IntegerFormat::BitPackSafe, IntegerFormat::BitPackLegacy, IntegerFormat::Packed}) {
            const auto packed = packIntegers(input("quantized_checkpoint.pth.tar", true),
                                             {file("packed").string(), format, false}, control);
            const IntegerComparison comparison =
                verifyIntegers(file("packed").string(), {},
                               input("quantized_checkpoint.pth.tar", false), control)
                    .value();
            QVERIFY(comparison.differences.empty());
            // The scales of three weights lie with them in our own format.
            const bool ours = format == IntegerFormat::Packed;
            QCOMPARE(packed->tensors.size(), std::size_t{ours ? 8U : 11U});
            QCOMPARE(comparison.compared, static_cast<std::int64_t>(ours ? 8 : 11));
        }
        // The training checkpoint has the same integers under names without `module.`.
        const IntegerComparison other =
            verifyIntegers(file("packed").string(), {}, input("checkpoint.pth.tar", false), control)
                .value();
        QVERIFY(other.differences.empty());
        QVERIFY(!other.packed.notes.empty());
        QCOMPARE(textOf(other.packed.notes.back()),
                 "names were matched without the prefix module."s);
    }

    void whatIsCancelledLeavesNothing()
    {
        writeParts(file("cancel.pth.tar"), {{"weight_integer", {{"w", tensorOf({1, -1}, {2})}}}});
        RunControl control;
        control.requestStop();
        for (const IntegerFormat format : {IntegerFormat::BitPackSafe, IntegerFormat::Packed}) {
            QVERIFY(!packIntegers(input("cancel.pth.tar", false),
                                  {file("none").string(), format, false}, control));
            QVERIFY(!fs::exists(file("none")));
        }
    }

    void unusableScales_data()
    {
        QTest::addColumn<QVector<double>>("scale");
        QTest::addColumn<QString>("text");
        const double nan = std::numeric_limits<double>::quiet_NaN();
        QTest::newRow("zero") << QVector<double>{0.0} << "not finite and positive";
        QTest::newRow("negative") << QVector<double>{0.5, -1.0} << "not finite and positive";
        QTest::newRow("NaN") << QVector<double>{nan} << "not finite and positive";
        QTest::newRow("length") << QVector<double>{1.0, 1.0, 1.0}
                                << "has 3 elements; 1 or one per output channel (2) are possible";
    }

    void unusableScales()
    {
        QFETCH(QVector<double>, scale);
        QFETCH(QString, text);
        writeParts(file("scale.pth.tar"),
                   {{"fc_scaling_factor",
                     {{"a.fc_scaling_factor", realsOf({scale.begin(), scale.end()})}}},
                    {"weight_integer", {{"a.weight_integer", realsOf({1, -1})}}}});
        BITLOOM_EXPECT_ERROR(readIntegerCheckpoint(file("scale.pth.tar")),
                             ErrorCode::InvalidArgument,
                             "scale a.fc_scaling_factor of a.weight_integer");
        BITLOOM_EXPECT_ERROR(readIntegerCheckpoint(file("scale.pth.tar")),
                             ErrorCode::InvalidArgument, text.toStdString());
    }

    void aLayerThatNeverRanMayHaveNoUsableScale()
    {
        writeParts(file("zero.pth.tar"),
                   {{"fc_scaling_factor", {{"a.fc_scaling_factor", realsOf({0})}}},
                    {"weight_integer", {{"a.weight_integer", realsOf({0, 0})}}}});
        QVERIFY(readIntegerCheckpoint(file("zero.pth.tar")).scaleOf.empty());
    }
};

QTEST_GUILESS_MAIN(TestIntegerCheckpoint)
#include "tst_integer_checkpoint.moc"
