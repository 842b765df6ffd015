// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/document/plan_document.h"
#include "core/base/rng.h"
#include "tests/core/cost/networks.h"
#include "tests/core/types/small_model.h"
#include "tests/support/test_support.h"

#include <QSignalSpy>

using namespace bitloom;
using workbench::PlanDocument;

namespace {

PlanEdit weightBits(int bits)
{
    PlanEdit edit;
    edit.weightBits = bits;
    return edit;
}

PlanEdit activationBits(int bits)
{
    PlanEdit edit;
    edit.activationBits = bits;
    return edit;
}

std::shared_ptr<const ModelReport> report(std::optional<BitPlan> plan = {})
{
    return std::make_shared<const ModelReport>(
        ModelReport{test::smallModel(), std::move(plan), {}});
}

SensitivityTable tableOf(const ModelInfo& model)
{
    SensitivityTable table;
    table.modelName = model.name;
    table.modelFingerprint = model.fingerprint;
    table.bits = {2, 4, 8};
    double loss = 1;
    for (const LayerInfo& layer : model.layers) {
        for (const int bits : table.bits) {
            if (!layer.weight.empty()) {
                table.entries.push_back(
                    {SensitivityTarget::Weight, layer.name, bits, 0, loss / bits, 50});
            }
        }
        loss += 1;
    }
    for (const TensorInfo& tensor : model.tensors) {
        for (const int bits : table.bits) {
            table.entries.push_back(
                {SensitivityTarget::Activation, tensor.name, bits, 0, 0.5 / bits, 50});
        }
    }
    table.complete = true;
    return table;
}

} // namespace

class TestPlanDocument : public QObject {
    Q_OBJECT

    std::unique_ptr<PlanDocument> m_document;

    int bitsOf(const char* layer) const { return m_document->plan().findLayer(layer)->weight.bits; }

private Q_SLOTS:
    void init()
    {
        m_document = std::make_unique<PlanDocument>();
        m_document->open(report(), {"arch:small", {}});
    }

    void opensWithOnePlanOfEightBits()
    {
        QCOMPARE(m_document->planNames(), QStringList{QStringLiteral("w8a8")});
        QCOMPARE(bitsOf("conv1"), 8);
        QCOMPARE(m_document->cost().bytes, m_document->costOfW8A8().bytes);
        QVERIFY(m_document->costOfFloat().bytes > m_document->costOfW8A8().bytes);
        QVERIFY(!m_document->predictedLoss());
        QVERIFY(m_document->measurement() == nullptr);
    }

    void aPackedModelOpensWithItsOwnPlan()
    {
        UniformPlanOptions options;
        options.weightBits = 3;
        options.activationBits = 5;
        BitPlan own = makeUniformPlan(test::smallModel(), options);
        own.name = "w3a5@packed.h5";
        std::swap(own.layers.front(), own.layers.back()); // files may list them in any order
        m_document->open(report(own), {"packed.h5", {}});
        QCOMPARE(m_document->planNames(), QStringList{QStringLiteral("w3a5@packed.h5")});
        QCOMPARE(bitsOf("conv1"), 3);
        QCOMPARE(m_document->plan().layers.front().name, std::string("conv1"));
        QVERIFY(m_document->ownPlan() != nullptr && *m_document->ownPlan() == m_document->plan());
        QVERIFY(m_document->cost().bytes < m_document->costOfW8A8().bytes);
        QVERIFY(!m_document->undoStack().canUndo());
        // Edits and undo leave what the file says alone.
        m_document->setStoredPlan(m_document->plan());
        m_document->edit({QStringLiteral("conv1")}, weightBits(7), QStringLiteral("7 bits"));
        QCOMPARE(m_document->ownPlan()->findLayer("conv1")->weight.bits, 3);
        QVERIFY(m_document->isModified(m_document->planName()));
        m_document->revertPlan();
        QCOMPARE(bitsOf("conv1"), 3);
        QVERIFY(!m_document->isModified(m_document->planName()));
        m_document->open(report(), {"arch:small", {}});
        QCOMPARE(m_document->planNames(), QStringList{QStringLiteral("w8a8")});
        QVERIFY(m_document->ownPlan() == nullptr);
    }

    void aPlanOfAnotherModelIsNotOpened()
    {
        BitPlan own = m_document->plan();
        own.layers.front().name = "elsewhere";
        BITLOOM_EXPECT_ERROR(m_document->open(report(own), {"packed.h5", {}}),
                             ErrorCode::ModelMismatch, "elsewhere");
        QCOMPARE(m_document->planNames(), QStringList{QStringLiteral("w8a8")});
    }

    void aBulkEditIsOneStepWithItsConsequences()
    {
        QSignalSpy edited(m_document.get(), &PlanDocument::planEdited);
        const std::int64_t before = m_document->cost().bytes;
        m_document->edit({QStringLiteral("conv1"), QStringLiteral("conv2")}, weightBits(3),
                         QStringLiteral("set 3 bits"));
        QCOMPARE(edited.size(), 1);
        QCOMPARE(m_document->undoStack().count(), 1);
        QCOMPARE(bitsOf("conv1"), 3);
        QCOMPARE(bitsOf("shortcut"), 8);
        QVERIFY(m_document->cost().bytes < before);
        QCOMPARE(m_document->cost().bytes,
                 computeCost(*m_document->model(), m_document->plan()).bytes);
        m_document->undoStack().undo();
        QCOMPARE(bitsOf("conv2"), 8);
        QCOMPARE(m_document->cost().bytes, before);
        m_document->undoStack().redo();
        QCOMPARE(bitsOf("conv2"), 3);
        // What changes nothing is no step.
        m_document->edit({QStringLiteral("conv1")}, weightBits(3), QStringLiteral("again"));
        QCOMPARE(m_document->undoStack().count(), 1);
    }

    void anIllegalEditChangesNothing()
    {
        BITLOOM_EXPECT_ERROR(
            m_document->edit({QStringLiteral("conv1")}, weightBits(17), QStringLiteral("x")),
            ErrorCode::InvalidArgument, "found 17");
        QCOMPARE(bitsOf("conv1"), 8);
        QCOMPARE(m_document->undoStack().count(), 0);
    }

    void lockedLayersAndTheirInputsStay()
    {
        QSignalSpy noticed(m_document.get(), &PlanDocument::noticed);
        m_document->setLocked({QStringLiteral("conv2")}, true);
        m_document->edit({QStringLiteral("conv1"), QStringLiteral("conv2")}, weightBits(2),
                         QStringLiteral("set 2 bits"));
        QCOMPARE(bitsOf("conv1"), 2);
        QCOMPARE(bitsOf("conv2"), 8);
        QCOMPARE(noticed.size(), 1);
        // shortcut reads the tensor that the locked conv2 reads.
        m_document->edit({QStringLiteral("shortcut")}, activationBits(4), QStringLiteral("a4"));
        QCOMPARE(m_document->plan().findTensor("relu1")->activation.bits, 8);
        QCOMPARE(m_document->lockedLayers(), QStringList{QStringLiteral("conv2")});
        m_document->undoStack().undo(); // the weights
        m_document->undoStack().undo(); // the lock
        QVERIFY(m_document->lockedLayers().isEmpty());
    }

    void plansAreAddedRenamedRemovedAndComeBack()
    {
        m_document->edit({QStringLiteral("conv1")}, weightBits(5), QStringLiteral("5 bits"));
        QCOMPARE(m_document->duplicatePlan(), QStringLiteral("w8a8-2"));
        m_document->renamePlan(QStringLiteral("trial"));
        m_document->edit({QStringLiteral("conv1")}, weightBits(2), QStringLiteral("2 bits"));
        QCOMPARE(bitsOf("conv1"), 2);
        m_document->showPlan(QStringLiteral("w8a8"));
        QCOMPARE(bitsOf("conv1"), 5);
        // Undo shows the plan that it changes.
        m_document->undoStack().undo();
        QCOMPARE(m_document->planName(), QStringLiteral("trial"));
        QCOMPARE(bitsOf("conv1"), 5);
        m_document->undoStack().redo();
        m_document->removePlan();
        QCOMPARE(m_document->planNames(), QStringList{QStringLiteral("w8a8")});
        m_document->undoStack().undo();
        QCOMPARE(m_document->planName(), QStringLiteral("trial"));
        QCOMPARE(bitsOf("conv1"), 2);
        while (m_document->undoStack().canUndo()) {
            m_document->undoStack().undo();
        }
        QCOMPARE(m_document->planNames(), QStringList{QStringLiteral("w8a8")});
        QCOMPARE(bitsOf("conv1"), 8);
        QSignalSpy noticed(m_document.get(), &PlanDocument::noticed);
        m_document->removePlan();
        QCOMPARE(noticed.size(), 1);
    }

    void revertTakesWhatWasStored()
    {
        QVERIFY(m_document->isModified(QStringLiteral("w8a8")));
        m_document->setStoredPlan(m_document->plan());
        QVERIFY(!m_document->isModified(QStringLiteral("w8a8")));
        m_document->edit({QStringLiteral("conv1")}, weightBits(2), QStringLiteral("2 bits"));
        QVERIFY(m_document->isModified(QStringLiteral("w8a8")));
        m_document->revertPlan();
        QCOMPARE(bitsOf("conv1"), 8);
        m_document->undoStack().undo();
        QCOMPARE(bitsOf("conv1"), 2);
    }

    void lossesFollowTheTable()
    {
        const ModelInfo model = test::smallModel();
        m_document->setSensitivity(std::make_shared<const SensitivityTable>(tableOf(model)));
        // Weights 1/8 + 2/8 + 3/8; relu1, query and key 0.5/8 each; the input image stays float.
        QCOMPARE(m_document->predictedLoss().value(), 0.75 + 3 * 0.0625);
        QCOMPARE(m_document->layerSensitivity(1).value(), 0.5); // conv2 at 4 bits
        QVERIFY(!m_document->layerSensitivity(3));              // a product has no weight
        QCOMPARE(m_document->layerLoss(0).value(), 0.125);
        m_document->edit({QStringLiteral("conv1")}, weightBits(2), QStringLiteral("2 bits"));
        QCOMPARE(m_document->layerLoss(0).value(), 0.5);
        QCOMPARE(m_document->predictedLoss().value(), 0.75 + 3 * 0.0625 + 0.375);
        m_document->edit({QStringLiteral("conv1")}, weightBits(1), QStringLiteral("1 bit"));
        QVERIFY(!m_document->predictedLoss()); // below everything measured
    }

    void aMeasurementBelongsToTheEntriesNotToTheName()
    {
        FrontierPoint point;
        point.kind = PointKind::Measured;
        point.label = "w8a8";
        point.top1Percent = 90;
        point.planDigest = planDigest(m_document->plan());
        m_document->addPoint(point);
        QVERIFY(m_document->measurement() != nullptr);
        m_document->edit({QStringLiteral("conv1")}, weightBits(2), QStringLiteral("2 bits"));
        QVERIFY(m_document->measurement() == nullptr);
        m_document->undoStack().undo();
        m_document->renamePlan(QStringLiteral("other name"));
        QCOMPARE(m_document->measurement()->top1Percent.value(), 90.0);
    }

    void assignTakesAnotherPlansEntries()
    {
        UniformPlanOptions options;
        options.weightBits = 4;
        options.activationBits = 6;
        BitPlan other = makeUniformPlan(*m_document->model(), options);
        std::reverse(other.layers.begin(), other.layers.end()); // a file may list them otherwise
        m_document->setLocked({QStringLiteral("conv1")}, true);
        m_document->assign(other, QStringLiteral("take"));
        QCOMPARE(bitsOf("conv1"), 8);
        QCOMPARE(bitsOf("conv2"), 4);
        QCOMPARE(m_document->plan().layers.front().name, std::string("conv1"));
        other.layers.pop_back();
        BITLOOM_EXPECT_ERROR(m_document->assign(other, QStringLiteral("x")),
                             ErrorCode::ModelMismatch, "");
    }

    void randomEditsAndUndosStayConsistent()
    {
        Rng rng(5);
        const QStringList layers{QStringLiteral("conv1"), QStringLiteral("conv2"),
                                 QStringLiteral("shortcut"), QStringLiteral("scores")};
        const auto random = [&rng](int n) {
            return static_cast<int>(rng.below(static_cast<std::uint64_t>(n)));
        };
        for (int step = 0; step < 2000; ++step) {
            const QStringList some{layers.at(random(4)), layers.at(random(4))};
            switch (random(8)) {
            case 0:
                m_document->undoStack().undo();
                break;
            case 1:
                m_document->undoStack().redo();
                break;
            case 2:
                m_document->duplicatePlan();
                break;
            case 3:
                m_document->removePlan();
                break;
            case 4:
                m_document->setLocked(some, random(2) == 0);
                break;
            case 5: {
                const QStringList names = m_document->planNames();
                m_document->showPlan(names.at(random(static_cast<int>(names.size()))));
                break;
            }
            case 6:
                m_document->edit(some, activationBits(1 + random(8)), QStringLiteral("a"));
                break;
            default:
                m_document->edit(some, weightBits(1 + random(8)), QStringLiteral("w"));
            }
            const PlanCost expected = computeCost(*m_document->model(), m_document->plan());
            QCOMPARE(m_document->cost().bytes, expected.bytes);
            QCOMPARE(m_document->cost().bops, expected.bops);
        }
    }

    void closeLeavesNothing()
    {
        m_document->close();
        QVERIFY(!m_document->isOpen());
        QVERIFY(m_document->planNames().isEmpty());
        QVERIFY(!m_document->undoStack().canUndo());
    }
};

QTEST_GUILESS_MAIN(TestPlanDocument)
#include "tst_plan_document.moc"
