// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/dialogs/convert_dialog.h"
#include "app/workbench/panels/common/failure_line.h"
#include "app/workbench/panels/pack/conversion_model.h"
#include "app/workbench/panels/pack/conversion_view.h"
#include "tests/app/workbench/panels/model_lines.h"
#include "tests/app/workbench/panels/opened_model.h"
#include "tests/support/test_support.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTreeView>
#include <QtTest>

using namespace bitloom;
using namespace bitloom::workbench;
namespace fs = std::filesystem;

namespace {

QString sample(const std::string& name)
{
    return QString::fromStdString((test::dataFile("interchange") / name).string()) +
           QStringLiteral("/model.safetensors");
}

} // namespace

/// File > Convert a file..., with the engine and real files.
class TestConvertDialog : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    EngineBridge m_bridge{2};
    JobCenter m_center{m_bridge};
    std::unique_ptr<ConvertDialog> m_dialog;

    QString file(const QString& name) const { return m_folder.filePath(name); }
    bool ready() { return test::buttonSaying(*m_dialog, QStringLiteral("Convert"))->isEnabled(); }
    bool waitUntilReady()
    {
        return QTest::qWaitFor([this] { return ready(); }, test::kPatience);
    }
    bool waitForSummary(const QString& text)
    {
        return QTest::qWaitFor([&] { return m_dialog->view().summary().contains(text); },
                               test::kPatience);
    }
    QComboBox* question(const QString& name) { return test::named<QComboBox>(*m_dialog, name); }

private Q_SLOTS:
    void init()
    {
        m_dialog = std::make_unique<ConvertDialog>(m_center);
        m_dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        m_dialog->show();
    }
    void cleanup()
    {
        m_dialog.reset();
        m_center.removeEnded();
    }

    void theModelPrints()
    {
        ConversionModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        ConversionReport report;
        report.tensors = {
            {"fc.weight", {2, 3}, "4 bits", "float16", ConversionFate::Changed, "rounded", 12},
            {"fc.bias", {2}, "float32", "float32", ConversionFate::Kept, "", 8},
            {"new", {1}, "codebook", "", ConversionFate::Lost, "its kind is newer", 0}};
        model.setReport(std::make_shared<const ConversionReport>(report));
        const QStringList expected{
            QStringLiteral(
                "Tensor | In the file | Before | After | Bytes | Shape | What is changed or lost"),
            QStringLiteral("fc.weight | \u2248 changed | 4 bits | float16 | 12\u00A0B | 2 \u00D7 3 "
                           "| rounded"),
            QStringLiteral("fc.bias | \u2713 kept | float32 | float32 | 8\u00A0B | 2 | "),
            QStringLiteral("new | \u2717 lost | codebook |  | 0\u00A0B | 1 | its kind is newer")};
        QCOMPARE(test::modelLines(model), expected);
        QVERIFY(!model.data(model.index(9, 0)).isValid());
        QVERIFY(!model.headerData(ConversionModel::kColumns, Qt::Horizontal).isValid());
        model.setReport(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void theTableComesBeforeTheFile()
    {
        QVERIFY(!ready());
        QVERIFY(!m_dialog->view().summary().isEmpty()); // says what to do
        m_dialog->setInput(sample("gptq_v2_order"));
        m_dialog->setOutput(file(QStringLiteral("order.h5")));
        QVERIFY(waitUntilReady());
        QVERIFY(!QFile::exists(file(QStringLiteral("order.h5"))));
        QVERIFY(m_center.rows().empty()); // looking is no job that is listed
        QCOMPARE(m_dialog->view().table().model()->rowCount(), 3);
        QVERIFY2(m_dialog->view().summary().contains(QStringLiteral("3 kept, 0 changed, 0 lost")),
                 qPrintable(m_dialog->view().summary()));

        // Another kind of file: the name follows, and so does the table.
        m_dialog->setFormat(WeightFormat::TorchState);
        QCOMPARE(QString::fromStdString(m_dialog->request().output),
                 file(QStringLiteral("order.pth")));
        QVERIFY(!ready()); // what was known is of the other kind
        QVERIFY(waitForSummary(QStringLiteral("1 changed")));
        QVERIFY(ready());
    }

    void itConvertsAndSaysHow()
    {
        m_dialog->setInput(sample("awq"));
        m_dialog->setOutput(file(QStringLiteral("awq.h5")));
        QVERIFY(waitUntilReady());
        QSignalSpy converted(m_dialog.get(), &ConvertDialog::converted);
        QSignalSpy logged(&m_center, &JobCenter::commandStarted);
        m_dialog->convert();
        QVERIFY(!ready());
        QVERIFY(!test::named<QLineEdit>(*m_dialog, QStringLiteral("File to convert"))->isEnabled());
        QVERIFY(converted.wait(test::kPatience));
        const auto report = converted[0][0].value<ConversionReport>();
        QVERIFY(report.verified);
        QCOMPARE(report.outputBytes, QFileInfo(file(QStringLiteral("awq.h5"))).size());
        QVERIFY2(m_dialog->sentence().contains(QStringLiteral("read back and compared")),
                 qPrintable(m_dialog->sentence()));
        // The log has the line, which the button copies.
        QCOMPARE(logged.count(), 1);
        test::buttonSaying(*m_dialog, QStringLiteral("Copy command line"))->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), logged[0][0].toString());
        QCOMPARE(logged[0][0].toString(), QStringLiteral("bitloom convert %1 %2 --to hdf5")
                                              .arg(sample("awq"), file(QStringLiteral("awq.h5"))));
        QCOMPARE(m_center.rows().size(), std::size_t{1});
        QVERIFY(m_center.rows().front().outcome.contains(QStringLiteral(" became ")));
    }

    void whatTheFileDoesNotSayIsAsked()
    {
        auto* zeros = question(QStringLiteral("Zero points of GPTQ"));
        QVERIFY(!zeros->isVisible());
        m_dialog->setInput(sample("gptq_unknown"));
        m_dialog->setOutput(file(QStringLiteral("unknown.h5")));
        QVERIFY(waitForSummary(QStringLiteral("nothing says how zero points are stored.")));
        QVERIFY(m_dialog->view().summary().contains(QStringLiteral("answer above")));
        QVERIFY(zeros->isVisible());
        QVERIFY(!question(QStringLiteral("Layout of compressed-tensors"))->isVisible());
        QVERIFY(!ready()); // nothing is guessed
        zeros->setCurrentIndex(zeros->findData(QStringLiteral("v1")));
        QVERIFY(waitUntilReady());
        QVERIFY(zeros->isVisible()); // the answer can be changed
        QCOMPARE(m_dialog->request().gptqZeros, std::string("v1"));
        QVERIFY(m_dialog->commandLine().endsWith(QStringLiteral("--gptq-zeros v1")));
        m_dialog->setInput(sample("awq")); // another file has no such question
        QVERIFY(!zeros->isVisible());
        QCOMPARE(m_dialog->request().gptqZeros, std::string());
    }

    void whatCannotBeConvertedIsSaid()
    {
        test::writeFile(file(QStringLiteral("notes.txt")).toStdString(), "hello");
        m_dialog->setInput(file(QStringLiteral("notes.txt")));
        QVERIFY(waitForSummary(QStringLiteral("holds no weights that can be converted")));
        QVERIFY(!ready());
        m_dialog->setInput(sample("awq"));
        m_dialog->setOutput(sample("awq"));
        QVERIFY(waitForSummary(QStringLiteral("is the input, which is never changed")));
        QVERIFY(!ready());
    }

    void aFailureIsSaidAndLeavesNothing()
    {
        m_dialog->setInput(sample("awq"));
        m_dialog->setOutput(file(QStringLiteral("gone/awq.h5"))); // the folder is not there
        QVERIFY(waitUntilReady());
        m_dialog->convert();
        auto* failure = m_dialog->findChild<FailureLine*>();
        QTRY_VERIFY_WITH_TIMEOUT(!failure->text().isEmpty(), test::kPatience);
        QVERIFY2(failure->text().startsWith(QStringLiteral("model.safetensors was not converted")),
                 qPrintable(failure->text()));
        QVERIFY(m_dialog->sentence().isEmpty());
        m_dialog->setOutput(file(QStringLiteral("awq-again.h5")));
        QVERIFY(failure->text().isEmpty()); // it was of the other name
    }

    void theProposedNameIsFree()
    {
        const QString copy = file(QStringLiteral("w.h5"));
        fs::copy_file(test::dataFile("packed/offset_binary.h5"), copy.toStdString());
        m_dialog->setInput(copy);
        QCOMPARE(QString::fromStdString(m_dialog->request().output),
                 file(QStringLiteral("w.safetensors")));
        m_dialog->setFormat(WeightFormat::Packed);
        QCOMPARE(QString::fromStdString(m_dialog->request().output),
                 file(QStringLiteral("w-converted.h5")));
        QVERIFY(waitUntilReady());
    }

    void aClosedDialogLetsItsJobGoOn()
    {
        m_dialog->setInput(sample("awq"));
        m_dialog->setOutput(file(QStringLiteral("closed.h5")));
        QVERIFY(waitUntilReady());
        m_dialog->convert();
        m_dialog.reset();
        QTRY_VERIFY_WITH_TIMEOUT(!m_center.isBusy(), test::kPatience);
        QCOMPARE(m_center.rows().front().state, JobState::Finished);
        QVERIFY(QFile::exists(file(QStringLiteral("closed.h5"))));
    }
};

QTEST_MAIN(TestConvertDialog)
#include "tst_convert_dialog.moc"
