// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/document/plan_document.h"
#include "app/workbench/project/document_state.h"
#include "tests/core/types/small_model.h"
#include "tests/support/test_support.h"

using namespace bitloom;
using namespace bitloom::workbench;

class TestDocumentState : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void journalBringsEverythingBack()
    {
        const auto model =
            std::make_shared<const ModelReport>(ModelReport{test::smallModel(), {}, {}});
        PlanDocument before;
        before.open(model, {"arch:small", {}});
        before.setStoredPlan(before.plan());
        before.duplicatePlan();
        PlanEdit edit;
        edit.weightBits = 3;
        before.edit({QStringLiteral("conv1")}, edit, QStringLiteral("3 bits"));
        before.setLocked({QStringLiteral("conv2")}, true);
        const std::string journal = toJson(stateOf(before));

        PlanDocument after;
        after.open(model, {"arch:small", {}});
        after.setStoredPlan(after.plan()); // as read from the project
        restoreState(after, documentStateFromJson(journal));
        QCOMPARE(after.planNames(), before.planNames());
        QCOMPARE(after.planName(), before.planName());
        QVERIFY(after.plan() == before.plan());
        QCOMPARE(after.lockedLayers(), before.lockedLayers());
        QVERIFY(!after.isModified(QStringLiteral("w8a8")));
        QVERIFY(after.isModified(QStringLiteral("w8a8-2")));
        QVERIFY(!after.undoStack().canUndo());
    }

    void damagedJournalsAreRefused_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("empty") << "";
        QTest::newRow("no JSON") << "{";
        QTest::newRow("other version") << R"({"version":2,"plans":[]})";
    }
    void damagedJournalsAreRefused()
    {
        QFETCH(QString, text);
        BITLOOM_EXPECT_ERROR(documentStateFromJson(text.toStdString()), ErrorCode::CorruptFile,
                             "journal");
    }

    void aDamagedPlanInTheJournalIsRefused()
    {
        BITLOOM_EXPECT_ERROR(documentStateFromJson(R"({"version":1,"plans":[{"a":1}]})"),
                             ErrorCode::UnknownFormat, "bit plan");
    }

    void anotherModelsJournalChangesNothing()
    {
        PlanDocument document;
        document.open(std::make_shared<const ModelReport>(ModelReport{test::smallModel(), {}, {}}),
                      {"arch:small", {}});
        DocumentState state = stateOf(document);
        state.plans.front().layers.front().name = "elsewhere";
        BITLOOM_EXPECT_ERROR(restoreState(document, state), ErrorCode::ModelMismatch, "elsewhere");
        QCOMPARE(document.planNames(), QStringList{QStringLiteral("w8a8")});
    }
};

QTEST_GUILESS_MAIN(TestDocumentState)
#include "tst_document_state.moc"
