// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The main job from the first click to the reopened project, through the real window on a trained
// model; then the same again by the command lines that the window's log wrote down.
#include "app/workbench/frame/main_window.h"
#include "app/workbench/frame/program.h"
#include "app/workbench/panel_set.h"
#include "app/workbench/panels/evaluate/evaluate_panel.h"
#include "app/workbench/panels/log/log_panel.h"
#include "app/workbench/panels/pack/export_panel.h"
#include "app/workbench/panels/plan/frontier_panel.h"
#include "app/workbench/panels/plan/plan_editor.h"
#include "app/workbench/workbench.h"
#include "tests/support/test_support.h"
#include "widgets/plots/frontier_plot.h"
#include "widgets/views/filter_line.h"
#include "widgets/views/layer_table.h"
#include "widgets/views/layer_tree_view.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <map>
#include <memory>

using namespace bitloom;
using namespace bitloom::workbench;

namespace {
constexpr int kPatienceMs = 60000; // the machine may be busy; nothing waits for this in vain
constexpr int kProgramMs = 240000; // the whole script is some twenty programs

QString sha256Of(const QString& file)
{
    const std::string bytes = test::readFile(file.toStdString());
    return QString::fromLatin1(
        QCryptographicHash::hash(
            QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size())),
            QCryptographicHash::Sha256)
            .toHex());
}
} // namespace

class TestJourney : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    std::unique_ptr<Workbench> m_workbench;
    QString m_script;
    QString m_packedFile;
    QString m_packedSha256;
    std::string m_packedDigest; ///< of the plan that was packed
    QString m_untitled;         ///< the project before it had a name
    std::map<QString, std::string> m_digests;
    std::shared_ptr<const SensitivityTable> m_table;
    std::size_t m_points = 0;
    bool m_failed = false;

    QString path(const QString& name) const { return m_folder.filePath(name); }
    QString project() const { return path(QStringLiteral("lenet.bitloom")); }
    QString model() const { return QStringLiteral("arch:lenet5@") + path("lenet5.pth"); }
    PlanDocument& document() { return m_workbench->document(); }
    PanelSet& panels() { return m_workbench->panels(); }
    ui::LayerTreeView& view() { return *panels().editor().table().view(); }

    void startWorkbench(const QString& toOpen = {})
    {
        m_workbench.reset();
        Workbench::Options options;
        options.settingsPath = path(QStringLiteral("settings.json"));
        options.exampleFolder = path(QStringLiteral("example"));
        options.untitledFolder = path(QStringLiteral("untitled"));
        options.threads = 1;
        m_workbench = std::make_unique<Workbench>(options);
        m_workbench->start(toOpen);
    }
    /// Runs a program that must succeed; returns what it printed.
    QString run(const QString& program, const QStringList& arguments)
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("PATH"), QCoreApplication::applicationDirPath() + u':' +
                                                       environment.value(QStringLiteral("PATH")));
        process.setProcessEnvironment(environment);
        process.start(program, arguments);
        const bool ended = process.waitForFinished(kProgramMs);
        const QString output = QString::fromUtf8(process.readAll());
        if (!ended || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0) {
            QTest::qFail(qPrintable(program + u' ' + arguments.join(u' ') + u'\n' + output),
                         __FILE__, __LINE__);
        }
        return output;
    }
    QString bitloom(const QStringList& arguments)
    {
        return run(QCoreApplication::applicationDirPath() + QStringLiteral("/bitloom"), arguments);
    }
    std::vector<int> weightBits()
    {
        std::vector<int> bits;
        for (const LayerPlan& layer : document().plan().layers) {
            if (layer.hasWeight) {
                bits.push_back(layer.weight.bits);
            }
        }
        return bits;
    }
    /// The evaluation knows what the model and a plan said about each image.
    bool showsChangesPerClass()
    {
        panels().evaluate().flushRefresh();
        const QList<ui::Picture> pictures = panels().evaluate().pictures();
        return std::any_of(pictures.begin(), pictures.end(), [](const ui::Picture& picture) {
            return picture.name == QLatin1String("class-changes");
        });
    }
    std::string readPlanDigest(const QString& file)
    {
        return planDigest(bitPlanFromJson(test::readFile(file.toStdString())));
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        prepareProgram();
        qputenv("SOURCE_DATE_EPOCH", "1700000000"); // a packed file holds when it was made
        bitloom({"train", "arch:lenet5", "--data", "digits:1500", "--epochs", "1", "-o",
                 path("lenet5.pth"), "--quiet"});
        startWorkbench();
    }
    void cleanupTestCase() { m_workbench.reset(); }
    /// Each step needs those before it.
    void init()
    {
        if (m_failed) {
            QSKIP("a step before this one failed");
        }
    }
    void cleanup() { m_failed = m_failed || QTest::currentTestFailed(); }

    void open()
    {
        QSignalSpy opened(&m_workbench->session(), &ProjectSession::projectOpened);
        m_workbench->opener().open(model());
        QTRY_VERIFY_WITH_TIMEOUT(document().isOpen(), kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, kPatienceMs);
        m_untitled = opened.front().front().toString();
        QVERIFY(m_workbench->session().isUntitled());
    }

    void filterAndEdit()
    {
        const std::vector<int> before = weightBits();
        QCOMPARE(before, std::vector<int>(4, 8));
        panels().editor().flushRefresh();
        panels().editor().table().filter()->setText(QStringLiteral("op:conv"));
        view().selectAll();
        const QStringList layers = view().selectedLayers();
        QCOMPARE(layers.size(), 2);
        view().setCurrentIndex(view().model()->index(0, 0));
        view().selectAll();
        view().setBitsOfSelection(4);
        QCOMPARE(weightBits(), (std::vector<int>{4, 4, 8, 8}));
        QCOMPARE(document().undoStack().count(), 1); // bulk is one step
        QUndoStack& undo = document().undoStack();
        undo.undo();
        QCOMPARE(weightBits(), before);
        undo.redo();
        QCOMPARE(weightBits(), (std::vector<int>{4, 4, 8, 8}));
        panels().editor().table().filter()->setText(QString());
    }

    void measureSensitivity()
    {
        DataSettings data;
        data.kind = DataKind::Digits;
        data.digits = 300;
        data.calibrationImages = 64;
        m_workbench->data().setSettings(data);
        SweepSettings sweep;
        sweep.images = 64;
        sweep.bits = {2, 4, 8};
        m_workbench->sweep().start(sweep);
        QTRY_VERIFY_WITH_TIMEOUT(document().sensitivity() != nullptr, kPatienceMs);
        QVERIFY(document().sensitivity()->floatAccuracyPercent > 50);
        QVERIFY(document().predictedLoss().has_value());
        m_table = document().sensitivity();
    }

    void chooseFromTheFrontier()
    {
        m_workbench->window().showPanel(QStringLiteral("frontier"));
        QTRY_VERIFY_WITH_TIMEOUT(m_workbench->budget().frontier() != nullptr, kPatienceMs);
        auto* panel = m_workbench->window().findChild<FrontierPanel*>();
        panel->flushRefresh();
        QVERIFY(panel->emptySentence().isEmpty());
        const PlannedPoint& chosen = m_workbench->budget().frontier()->predicted.front();
        const QString label = QString::fromStdString(chosen.point.label);
        const std::string digest = planDigest(chosen.plan);
        auto* plot = panel->findChild<ui::FrontierPlot*>();
        Q_EMIT plot->planActivated(label);
        panel->flushRefresh();
        const QList<QPushButton*> buttons = panel->findChildren<QPushButton*>();
        const auto add = std::find_if(buttons.begin(), buttons.end(), [](const QPushButton* b) {
            return b->text() == QLatin1String("Add as plan");
        });
        QVERIFY(add != buttons.end());
        QVERIFY(!(*add)->isHidden());
        (*add)->click();
        QCOMPARE(document().planNames().size(), 2);
        QCOMPARE(document().planName(), label);
        QCOMPARE(planDigest(document().plan()), digest);
    }

    void takeABudget()
    {
        BudgetAssistant& budget = m_workbench->budget();
        const auto before = document().cost().bops;
        // The range after the last edit, not before it.
        QSignalSpy renewed(&budget, &BudgetAssistant::frontierChanged);
        QTRY_VERIFY_WITH_TIMEOUT(renewed.count() > 0, kPatienceMs);
        const auto [low, high] = budget.range().value();
        const std::int64_t wanted = (low + high) / 2;
        budget.setBudget(wanted);
        QTRY_VERIFY_WITH_TIMEOUT(budget.preview() != nullptr, kPatienceMs);
        const std::string digest = planDigest(budget.preview()->plan);
        budget.take();
        QCOMPARE(planDigest(document().plan()), digest);
        QVERIFY(document().cost().bops <= wanted);
        QVERIFY(document().cost().bops != before);
        QVERIFY(panels().log().script().contains("bitloom allocate"));
    }

    void evaluate()
    {
        panels().evaluate().measureShownPlan();
        QTRY_VERIFY_WITH_TIMEOUT(document().measurement() != nullptr, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!m_workbench->jobs().isBusy(), kPatienceMs);
        QVERIFY(document().measurement()->top1Percent.has_value());
        m_points = document().points().size();
        // The model itself was measured too, so there is something to compare with.
        QTRY_VERIFY_WITH_TIMEOUT(showsChangesPerClass(), kPatienceMs);
    }

    void exportAndVerify()
    {
        m_packedFile = m_untitled + QStringLiteral("/exports/small.h5");
        panels().exporting().setFile(m_packedFile);
        m_packedDigest = planDigest(document().plan());
        panels().exporting().pack();
        QTRY_VERIFY_WITH_TIMEOUT(panels().exporting().proof() != nullptr, kPatienceMs);
        QVERIFY(panels().exporting().proof()->verified);
        m_packedSha256 = QString::fromStdString(panels().exporting().proof()->sha256);
        QCOMPARE(sha256Of(m_packedFile), m_packedSha256);
        bitloom({"verify", m_packedFile, "--against", model()});
        const QString report = m_untitled + QStringLiteral("/exports/report.html");
        panels().exporting().writeReportTo(report);
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo::exists(report), kPatienceMs);
        QVERIFY(panels().log().script().contains("bitloom report " + m_untitled));
        QTRY_VERIFY_WITH_TIMEOUT(m_workbench->jobs().isIdle(), kPatienceMs); // histograms
    }

    void editTheListOfPlans()
    {
        document().duplicatePlan();
        document().renamePlan(QStringLiteral("it's mine"));
        PlanEdit edit;
        edit.activationBits = 6;
        edit.weightObserver = Observer::MinMax;
        document().edit({QString::fromStdString(document().model()->layers.back().name)}, edit,
                        QStringLiteral("edit"));
        edit = PlanEdit{};
        edit.weightScheme = QScheme::Symmetric;
        edit.weightGranularity = Granularity::PerTensor;
        edit.weightRange.emplace(ValueRange{-0.3F, 0.1F});
        edit.activationObserver = Observer::Percentile;
        edit.activationPercentile = 99.9;
        document().edit({QString::fromStdString(document().model()->layers.front().name),
                         QString::fromStdString(document().model()->layers[1].name)},
                        edit, QStringLiteral("ranges"));
        QVERIFY(panels().log().script().contains("--weight-range -0.3:0.1"));
        document().duplicatePlan();
        document().removePlan();
        QCOMPARE(document().planNames().size(), 3);
        for (const QString& name : document().planNames()) {
            m_digests[name] = planDigest(*document().findPlan(name));
        }
        m_script = panels().log().script(); // what follows goes on in another folder
    }

    void saveAndClose()
    {
        QSignalSpy opened(&m_workbench->session(), &ProjectSession::projectOpened);
        m_workbench->session().saveAs(project());
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!document().isModified(document().planName()), kPatienceMs);
        QVERIFY(!m_workbench->session().isUntitled());
        QTRY_VERIFY_WITH_TIMEOUT(!QFileInfo::exists(m_untitled), kPatienceMs); // all was copied
        m_workbench->window().close();
        QVERIFY(!m_workbench->window().isVisible());
        m_workbench.reset();
    }

    void reopen()
    {
        startWorkbench(project());
        QTRY_VERIFY_WITH_TIMEOUT(document().isOpen(), kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(m_workbench->session().isOpen(), kPatienceMs);
        QCOMPARE(document().planNames().size(), static_cast<qsizetype>(m_digests.size()));
        for (const auto& [name, digest] : m_digests) {
            const BitPlan* plan = document().findPlan(name);
            QVERIFY2(plan != nullptr, qPrintable(name));
            QCOMPARE(planDigest(*plan), digest);
            QVERIFY(!document().isModified(name));
        }
        QVERIFY(document().sensitivity() != nullptr);
        QCOMPARE(toJson(*document().sensitivity()), toJson(*m_table));
        QCOMPARE(document().points().size(), m_points);
        QCOMPARE(m_workbench->data().settings().digits, 300);
        const auto proof = panels().exporting().proof();
        QVERIFY(proof != nullptr);
        QCOMPARE(QString::fromStdString(proof->sha256), m_packedSha256);
        // The packed file came along: it can still be measured.
        QCOMPARE(sha256Of(project() + QStringLiteral("/exports/small.h5")), m_packedSha256);
        // The answers to the images are there again, without measuring anew.
        QTRY_VERIFY_WITH_TIMEOUT(showsChangesPerClass(), kPatienceMs);
        QVERIFY(panels().log().script().contains("bitloom inspect " + project()));
        QVERIFY(!panels().log().script().contains("bitloom plan")); // nothing was done to a plan
    }

    void reportIsTheCommandLines()
    {
        const QString shown = path(QStringLiteral("window.html"));
        panels().exporting().writeReportTo(shown);
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo::exists(shown), kPatienceMs);
        const std::string page = test::readFile(shown.toStdString());
        for (const QString& part :
             {m_packedSha256, QStringLiteral("bitloom sensitivity"), QStringLiteral("bitloom pack"),
              QStringLiteral("Weights and their grids")}) {
            QVERIFY2(page.find(part.toStdString()) != std::string::npos, qPrintable(part));
        }
        // Reading needs no closed window; nothing but the file to write differs.
        QStringList lines = panels().log().script().split(u'\n', Qt::SkipEmptyParts);
        QVERIFY(lines.back().startsWith(QStringLiteral("bitloom report")));
        const QString command = QString(lines.back()).replace(shown, path("command.html"));
        run(QStringLiteral("sh"), {QStringLiteral("-c"), command});
        QCOMPARE(test::readFile(path("command.html").toStdString()), page);
        m_workbench.reset();
    }

    void replay()
    {
        // In a folder that has never been: only the model is there already.
        const QString fresh = path(QStringLiteral("fresh"));
        QString script = m_script;
        script.replace(m_untitled, fresh);
        test::writeFile(path("replay.sh").toStdString(), script.toStdString());
        run(QStringLiteral("sh"), {path("replay.sh")});
        QCOMPARE(sha256Of(fresh + QStringLiteral("/exports/small.h5")), m_packedSha256);
        QVERIFY(QFileInfo::exists(fresh + QStringLiteral("/exports/report.html")));
        QStringList plans = QDir(fresh + QStringLiteral("/plans")).entryList(QDir::Files);
        QCOMPARE(plans.size(), static_cast<qsizetype>(m_digests.size()));
        for (const QString& file : plans) {
            const QString whole = fresh + QStringLiteral("/plans/") + file;
            const BitPlan plan = bitPlanFromJson(test::readFile(whole.toStdString()));
            const auto known = m_digests.find(QString::fromStdString(plan.name));
            QVERIFY2(known != m_digests.end(), plan.name.c_str());
            QCOMPARE(planDigest(plan), known->second);
        }
        const QStringList copies =
            QDir(fresh + QStringLiteral("/runs/plans")).entryList(QDir::Files);
        QCOMPARE(copies.size(), 1); // the plan that was measured is the one that was packed
        QCOMPARE(readPlanDigest(fresh + QStringLiteral("/runs/plans/") + copies.front()),
                 m_packedDigest);
    }
};

QTEST_MAIN(TestJourney)
#include "tst_journey.moc"
