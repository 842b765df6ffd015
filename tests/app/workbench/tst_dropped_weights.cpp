// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/actions/action_registry.h"
#include "app/workbench/dialogs/architecture_dialog.h"
#include "app/workbench/dialogs/convert_dialog.h"
#include "app/workbench/frame/main_window.h"
#include "app/workbench/frame/notice_bar.h"
#include "app/workbench/frame/program.h"
#include "app/workbench/panel_set.h"
#include "app/workbench/panels/log/log_panel.h"
#include "app/workbench/workbench.h"
#include "tests/app/workbench/controls.h"
#include "tests/support/test_support.h"

#include <QFileInfo>
#include <QLineEdit>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include <memory>

using namespace bitloom;
using namespace bitloom::workbench;

namespace {
constexpr int kPatienceMs = 60000; // the machine may be busy; nothing waits for this in vain

QString data(const std::string& name)
{
    return QString::fromStdString(test::dataFile(name).string());
}
} // namespace

/// What the real window makes of a file of weights: a model opens, what is none is offered for
/// conversion, and where both make sense the question has both answers.
class TestDroppedWeights : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<Workbench> m_workbench;

    QString path(const QString& name) const { return m_folder.filePath(name); }
    MainWindow& window() { return m_workbench->window(); }
    PlanDocument& document() { return m_workbench->document(); }

    ConvertDialog* dialog() { return window().findChild<ConvertDialog*>(); }
    /// Runs a job to its end.
    bool run(const engine::JobSpec& spec)
    {
        JobOrder order;
        order.spec = spec;
        bool done = false;
        order.onFinished = [&](const JobResult&) {
            done = true;
            return QString();
        };
        m_workbench->jobs().start(std::move(order), this);
        return QTest::qWaitFor([&] { return done; }, kPatienceMs);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        prepareProgram();
    }
    void init()
    {
        Workbench::Options options;
        options.settingsPath = path(QStringLiteral("settings.json"));
        options.untitledFolder = path(QStringLiteral("untitled"));
        options.threads = 1;
        m_workbench = std::make_unique<Workbench>(options);
        m_workbench->start({});
    }
    void cleanup() { m_workbench.reset(); }

    void weightsWithoutANetworkAreOfferedForConversion_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("GPTQ") << data("interchange/gptq_v1/model.safetensors");
        QTest::newRow("GPTQ that does not say all")
            << data("interchange/gptq_unknown/model.safetensors");
        QTest::newRow("AWQ") << data("interchange/awq/model.safetensors");
        QTest::newRow("packed HDF5 of weights alone") << data("packed/offset_binary.h5");
    }
    void weightsWithoutANetworkAreOfferedForConversion()
    {
        QFETCH(QString, file);
        test::dropFile(window(), file);
        QTRY_VERIFY_WITH_TIMEOUT(dialog() != nullptr, kPatienceMs);
        QCOMPARE(QString::fromStdString(dialog()->request().input), file);
        QVERIFY(dialog()->isVisible());
        QVERIFY(!document().isOpen());
        QVERIFY(window().notices().current() == nullptr); // nothing went wrong
    }

    void aModelOpens()
    {
        engine::PackJob job;
        job.model = {"arch:lenet5", {}};
        m_workbench->opener().open(QStringLiteral("arch:lenet5"));
        QTRY_VERIFY_WITH_TIMEOUT(document().isOpen(), kPatienceMs);
        UniformPlanOptions options;
        options.weightBits = 3;
        options.activationBits = kFloatBits;
        job.plan = makeUniformPlan(*document().model(), options);
        job.plan.name = "w3";
        job.output = path(QStringLiteral("packed.h5")).toStdString();
        QVERIFY(run(job));
        document().close();
        test::dropFile(window(), path(QStringLiteral("packed.h5")));
        QTRY_VERIFY_WITH_TIMEOUT(document().isOpen(), kPatienceMs);
        QVERIFY(dialog() == nullptr);
        // Under the plan that it was packed with, not under one of 8 bits.
        const QString plan = QStringLiteral("w3@packed.h5");
        QCOMPARE(document().planNames(), QStringList{plan});
        QCOMPARE(document().plan().layers.front().weight.bits, 3);
        QCOMPARE(document().cost().bops, computeCost(*document().model(), job.plan).bops);
        QVERIFY(window().notices().current() == nullptr);
        // The log has the command that takes the plan out of the file; an edit changes that plan.
        LogPanel& log = m_workbench->panels().log();
        const QString create = QStringLiteral("bitloom plan create %1 --name %2 -o ")
                                   .arg(path(QStringLiteral("packed.h5")), plan);
        QTRY_VERIFY2_WITH_TIMEOUT(log.script().contains(create), qPrintable(log.script()),
                                  kPatienceMs);
        QVERIFY(!log.script().contains(path(QStringLiteral("packed.h5")) +
                                       QLatin1String(" --weight-bits 8")));
        PlanEdit edit;
        edit.weightBits = 5;
        document().edit({QString::fromStdString(document().model()->layers.front().name)}, edit,
                        QStringLiteral("5 bits"));
        QTRY_VERIFY(log.script().contains(QLatin1String("--weight-bits 5")));
        document().undoStack().undo();
        QVERIFY(document().plan() == *document().ownPlan());
    }

    void whatIsNotKnownOfItsPlanIsSaid()
    {
        if (!QFileInfo::exists(path(QStringLiteral("packed.h5")))) {
            aModelOpens();
            document().close();
        }
        m_workbench->opener().openModel(QStringLiteral("arch:lenet5@") +
                                        path(QStringLiteral("packed.h5")));
        QTRY_VERIFY_WITH_TIMEOUT(document().isOpen(), kPatienceMs);
        QCOMPARE(document().planName(), QStringLiteral("packed.h5"));
        QCOMPARE(document().plan().layers.front().weight.bits, 3);
        QCOMPARE(document().plan().tensors.back().activation.bits, kFloatBits);
        const Notice* notice = window().notices().current();
        QVERIFY(notice != nullptr);
        QVERIFY(notice->why.contains(QLatin1String("how activations are rounded")));
    }

    void aStateDictIsAskedAbout()
    {
        engine::ConvertJob job;
        job.request.input = test::dataFile("interchange/awq/model.safetensors").string();
        job.request.output = path(QStringLiteral("state.pth")).toStdString();
        QVERIFY(run(job));
        test::dropFile(window(), path(QStringLiteral("state.pth")));
        ArchitectureDialog* question = nullptr;
        QTRY_VERIFY_WITH_TIMEOUT((question = window().findChild<ArchitectureDialog*>()) != nullptr,
                                 kPatienceMs);
        test::buttonSaying(*question, QStringLiteral("Convert..."))->click();
        QVERIFY(dialog() != nullptr);
        QCOMPARE(QString::fromStdString(dialog()->request().input),
                 path(QStringLiteral("state.pth")));
        QTRY_VERIFY(window().findChild<ArchitectureDialog*>() == nullptr);
    }

    void theMenuAsksForTheFile()
    {
        window().actions().action(QStringLiteral("file.convert"))->trigger();
        QVERIFY(dialog() != nullptr);
        QVERIFY(dialog()->request().input.empty());
        QVERIFY(!dialog()->isModal()); // the window stays usable meanwhile
        // A second file has a dialog of its own.
        test::dropFile(window(), data("packed/offset_binary.h5"));
        QTRY_COMPARE_WITH_TIMEOUT(window().findChildren<ConvertDialog*>().size(), 2, kPatienceMs);
    }
};

QTEST_MAIN(TestDroppedWeights)
#include "tst_dropped_weights.moc"
