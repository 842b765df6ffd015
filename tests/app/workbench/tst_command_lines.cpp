// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/jobs/command_lines.h"

#include <QtTest>

using namespace bitloom;
using namespace bitloom::engine;

namespace {
const ModelRef kModel{"arch:lenet5@/models/my net.pth", {}};

QString line(const JobSpec& spec, const workbench::CommandFiles& files = {})
{
    return workbench::commandLineFor(spec, files, QStringLiteral("cpu"), 0);
}
} // namespace

class TestCommandLines : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void shellWords_data()
    {
        QTest::addColumn<QString>("word");
        QTest::addColumn<QString>("expected");
        QTest::newRow("plain") << "layer1.0.conv1"
                               << "layer1.0.conv1";
        QTest::newRow("empty") << ""
                               << "''";
        QTest::newRow("space") << "my net.pth"
                               << "'my net.pth'";
        QTest::newRow("quote") << "it's"
                               << "'it'\\''s'";
        QTest::newRow("glob") << "layer*"
                              << "'layer*'";
        QTest::newRow("not ASCII")
            << QStringLiteral("gr\u00f6\u00dfe") << QStringLiteral("'gr\u00f6\u00dfe'");
        QTest::newRow("substitution") << "$(rm x)"
                                      << "'$(rm x)'";
    }
    void shellWords()
    {
        QFETCH(QString, word);
        QFETCH(QString, expected);
        QCOMPARE(workbench::shellWord(word), expected);
    }

    void jobs()
    {
        QCOMPARE(line(InspectJob{kModel}),
                 QStringLiteral("bitloom inspect 'arch:lenet5@/models/my net.pth'"));
        EvalJob eval{
            {"net.pt", {1, 3, 8, 8}}, {"digits:200", "test", 0, {}, 100}, std::nullopt, {}};
        QCOMPARE(line(eval),
                 QStringLiteral("bitloom eval net.pt --input-shape 1,3,8,8 --data digits:200"));
        eval.plan = BitPlan{};
        eval.data.split = "train";
        eval.data.limit = 50;
        eval.calibration.images = 64;
        QCOMPARE(line(eval, {QStringLiteral("p.json"), QStringLiteral("x.bitloom")}),
                 QStringLiteral(
                     "bitloom eval net.pt --input-shape 1,3,8,8 --data digits:200 --split train "
                     "--limit 50 --plan p.json --calibration-images 64 --project x.bitloom"));
        SensitivityJob sweep;
        sweep.model = {"net.pt", {}};
        sweep.data.spec = "digits:200";
        sweep.bits = {4, 8};
        sweep.activations = false;
        sweep.spec.weightScheme = QScheme::Symmetric;
        sweep.output = "s.json";
        QCOMPARE(
            line(sweep),
            QStringLiteral("bitloom sensitivity net.pt --data digits:200 --bits 4,8 --weights-only "
                           "--weight-scheme symmetric -o s.json"));
        PackJob pack{{"net.pt", {}}, {}, "out.h5", DataRef{"digits:200", "test", 0, {}, 100}, {}};
        QCOMPARE(line(pack, {QStringLiteral("p.json"), {}}),
                 QStringLiteral("bitloom pack net.pt --plan p.json --data digits:200 -o out.h5"));
    }

    void filesOfWeights()
    {
        PackJob pack{{"net.pt", {}}, {}, "out.safetensors", std::nullopt, {}};
        pack.to = WeightFormat::SafetensorsState;
        pack.dtype = "float16";
        QCOMPARE(line(pack, {QStringLiteral("p.json"), {}}),
                 QStringLiteral("bitloom pack net.pt --plan p.json --to safetensors --dtype "
                                "float16 -o out.safetensors"));
        ConvertJob convert;
        convert.request.input = "my model.safetensors";
        convert.request.output = "out.h5";
        QCOMPARE(line(convert), QStringLiteral("bitloom convert 'my model.safetensors' out.h5"));
        convert.request.to = WeightFormat::Packed;
        convert.request.compress = 9;
        convert.request.gptqZeros = "v1";
        convert.request.ctLayout = "dense";
        convert.request.assumedOffset = -8;
        QCOMPARE(line(convert),
                 QStringLiteral("bitloom convert 'my model.safetensors' out.h5 --to hdf5 "
                                "--compress 9 --gptq-zeros v1 --ct-layout dense "
                                "--assume-offset -8"));
    }

    void deviceAndSeed()
    {
        QCOMPARE(
            workbench::commandLineFor(InspectJob{{"a.pt", {}}}, {}, QStringLiteral("cuda:0"), 7),
            QStringLiteral("bitloom inspect a.pt --device cuda:0 --seed 7"));
    }

    void edits()
    {
        PlanEdit edit;
        edit.weightBits = 4;
        QCOMPARE(workbench::planSetCommand(QStringLiteral("p.json"), workbench::PlanNames::Layers,
                                           {QStringLiteral("conv1"), QStringLiteral("conv2")},
                                           edit),
                 QStringLiteral("bitloom plan set p.json conv1 conv2 --exact --weight-bits 4"));
        PlanEdit all;
        all.weightScheme = QScheme::Symmetric;
        all.weightGranularity = Granularity::PerTensor;
        all.weightPercentile = 99.9;
        all.weightRange.emplace(ValueRange{-0.1F, 3e-20F});
        all.activationScheme = QScheme::Affine;
        all.activationPercentile = 98;
        all.activationRange.emplace(std::nullopt);
        QCOMPARE(workbench::planSetCommand(QStringLiteral("p.json"), workbench::PlanNames::Tensors,
                                           {QStringLiteral("input")}, all),
                 QStringLiteral("bitloom plan set p.json input --tensors --weight-scheme symmetric "
                                "--weight-granularity per_tensor --weight-percentile 99.9 "
                                "--weight-range -0.1:3e-20 --activation-scheme affine "
                                "--activation-percentile 98 --activation-range none"));
        workbench::AllocateCommand allocate;
        allocate.model = {"net.pt", {}};
        allocate.sensitivityFile = QStringLiteral("s.json");
        allocate.basePlan = QStringLiteral("p.json");
        allocate.locked = QStringList{QStringLiteral("conv1")};
        allocate.maxBopsPercent = 2.5;
        allocate.output = QStringLiteral("q.json");
        QCOMPARE(workbench::allocateCommand(allocate),
                 QStringLiteral(
                     "bitloom allocate net.pt --sensitivity s.json --base p.json --lock conv1 "
                     "--max-bops-percent 2.5 -o q.json"));
    }

    void projects()
    {
        QCOMPARE(workbench::projectInspectCommand(QStringLiteral("my net.bitloom")),
                 QStringLiteral("bitloom inspect 'my net.bitloom'"));
        QCOMPARE(workbench::reportCommand(QStringLiteral("n.bitloom"), QStringLiteral("a plan"),
                                          QStringLiteral("r.html")),
                 QStringLiteral("bitloom report n.bitloom --plan 'a plan' -o r.html"));
    }
};

QTEST_GUILESS_MAIN(TestCommandLines)
#include "tst_command_lines.moc"
