// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/pack/export_panel.h"

#include "app/workbench/jobs/command_lines.h"
#include "app/workbench/panels/common/data_choice.h"
#include "app/workbench/panels/common/failure_line.h"
#include "app/workbench/panels/pack/byte_bar.h"
#include "app/workbench/panels/pack/conversion_view.h"
#include "app/workbench/panels/pack/pack_sheet_model.h"
#include "app/workbench/panels/pack/proof_sheet.h"
#include "core/base/error.h"
#include "tests/app/workbench/panels/model_lines.h"
#include "tests/app/workbench/panels/opened_model.h"
#include "tests/support/test_support.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTreeView>

using namespace bitloom;
using namespace bitloom::workbench;

namespace {
struct Parts {
    test::OpenedModel opened;
    DataChoice choice;
    Measurements measurements;
    QTemporaryDir folder;

    Parts()
    {
        DataSettings settings;
        settings.digits = 200;
        settings.calibrationImages = 32;
        choice.setSettings(settings);
    }
    QString file(const QString& name) const { return folder.filePath(name); }
};

PackSheet smallSheet()
{
    PackSheet sheet;
    PackSheetRow row;
    row.name = "conv1.weight";
    row.kind = "packed";
    row.bits = 4;
    row.shape = {6, 1, 5, 5};
    row.packedBytes = 78;
    row.paddingBits = 24;
    row.scaleBytes = 48;
    row.crc32 = 0xabc;
    row.verified = true;
    sheet.tensors.push_back(row);
    row.name = "conv1.bias";
    row.kind = "raw";
    row.bits = 32;
    row.shape = {6};
    row.packedBytes = 24;
    row.paddingBits = 0;
    row.scaleBytes = 0;
    row.verified = false;
    sheet.tensors.push_back(row);
    return sheet;
}
} // namespace

class TestExportPanel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void modelPrints()
    {
        PackSheetModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setReport(std::make_shared<const PackSheet>(smallSheet()));
        const QStringList expected{
            QStringLiteral("Tensor | Stored | Shape | Bits | Bytes | Padding\nbits | Scales | "
                           "CRC-32 | Read\nback"),
            QStringLiteral("conv1.weight | packed | 6 \u00D7 1 \u00D7 5 \u00D7 5 | 4 | "
                           "78\u00A0B | 24 | 48\u00A0B | 00000abc | \u2713 equal"),
            QStringLiteral("conv1.bias | as it is | 6 |  | 24\u00A0B | 0 | 0\u00A0B | 00000abc | "
                           "\u2717 differs")};
        QCOMPARE(test::modelLines(model), expected);
        QVERIFY(!model.data(model.index(9, 0)).isValid());
        QVERIFY(!model.headerData(PackSheetModel::kColumns, Qt::Horizontal).isValid());
        model.setReport(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void aNarrowProofGivesUpColumnsRatherThanScroll()
    {
        ProofSheet sheet;
        sheet.setSheet(std::make_shared<const PackSheet>(smallSheet()), QStringLiteral("a.h5"));
        const QTreeView& table = sheet.table();
        const auto hidden = [&table](PackSheetColumn column) {
            return table.isColumnHidden(static_cast<int>(column));
        };
        sheet.show();
        for (const int width : {1000, 420}) {
            sheet.resize(width, 600);
            QCoreApplication::processEvents();
            QVERIFY2(table.header()->length() <= table.viewport()->width(),
                     qPrintable(QString::number(width)));
            QVERIFY(!hidden(PackSheetColumn::Verified)); // what it is all about
            QCOMPARE(hidden(PackSheetColumn::Padding), width < 1000);
        }
    }

    void sizesAreShownBeforeAnythingRuns()
    {
        Parts parts;
        ExportPanel panel(parts.opened.document, parts.opened.center, parts.choice,
                          parts.measurements, test::commandOf);
        QVERIFY(!panel.emptySentence().isEmpty());
        panel.setFolder(parts.folder.path());
        QVERIFY(parts.opened.wait());
        panel.flushRefresh();
        QVERIFY(panel.emptySentence().isEmpty());
        auto* file = test::named<QLineEdit>(panel, QStringLiteral("File to write"));
        QCOMPARE(file->text(), parts.file(QStringLiteral("w2a2.h5")));
        auto* bar = panel.findChild<ByteBar*>();
        std::int64_t total = 0;
        for (const ByteShare& share : bar->shares()) {
            total += share.bytes;
        }
        QCOMPARE(total, parts.opened.document.cost().bytes);
        const auto before = bar->shares();
        parts.opened.document.showPlan(QStringLiteral("w8a8"));
        panel.flushRefresh();
        QVERIFY(bar->shares() != before);
        QCOMPARE(file->text(), parts.file(QStringLiteral("w8a8.h5")));
        panel.setFile(parts.file(QStringLiteral("mine.h5")));
        parts.opened.document.showPlan(QStringLiteral("w2a2"));
        panel.flushRefresh();
        QCOMPARE(file->text(), parts.file(QStringLiteral("mine.h5"))); // chosen names stay
    }

    /// Plans of packed files are called after them: no second ending.
    void thePlanOfAFileGivesOneEnding()
    {
        Parts parts;
        ExportPanel panel(parts.opened.document, parts.opened.center, parts.choice,
                          parts.measurements, test::commandOf);
        panel.setFolder(parts.folder.path());
        QVERIFY(parts.opened.wait());
        parts.opened.document.renamePlan(QStringLiteral("w2a2@net.h5"));
        panel.flushRefresh();
        auto* file = test::named<QLineEdit>(panel, QStringLiteral("File to write"));
        QCOMPARE(file->text(), parts.file(QStringLiteral("w2a2@net.h5")));
    }

    void everyKindSaysWhatItKeepsBeforeAnythingRuns()
    {
        Parts parts;
        ExportPanel panel(parts.opened.document, parts.opened.center, parts.choice,
                          parts.measurements, test::commandOf);
        QVERIFY(parts.opened.wait());
        panel.setFolder(parts.folder.path());
        panel.flushRefresh(); // asks
        auto* view = panel.findChild<ConversionView*>();
        const auto shows = [&](const QString& text) {
            return QTest::qWaitFor(
                [&] {
                    panel.flushRefresh();
                    return view->summary().contains(text);
                },
                test::kPatience);
        };
        QVERIFY2(shows(QStringLiteral("8 kept, 0 changed, 0 lost")), qPrintable(view->summary()));
        QCOMPARE(view->table().model()->rowCount(), 8);
        auto* file = test::named<QLineEdit>(panel, QStringLiteral("File to write"));
        auto* kinds = test::named<QComboBox>(panel, QStringLiteral("Kind of file"));
        QCOMPARE(kinds->count(), static_cast<int>(weightFormats().size()));
        for (int i = 0; i < kinds->count(); ++i) {
            // BitPack itself stops at 2-bit codes without a negative one.
            const bool isRefused = kinds->itemText(i).contains(QStringLiteral("exact"));
            QVERIFY2(kinds->itemText(i).contains(QStringLiteral(", about ")) != isRefused,
                     qPrintable(kinds->itemText(i)));
        }

        panel.setFormat(WeightFormat::CompressedTensors); // convolutions are Bitloom's alone
        QVERIFY2(shows(QStringLiteral("6 kept, 2 changed, 0 lost")), qPrintable(view->summary()));
        QCOMPARE(file->text(), parts.file(QStringLiteral("w2a2.safetensors")));
        panel.setFormat(WeightFormat::BitPackExact);
        QVERIFY2(shows(QStringLiteral("cannot be packed as BitPack does (exact)")),
                 qPrintable(view->summary()));
        panel.setFormat(WeightFormat::TorchState);
        QVERIFY2(shows(QStringLiteral("4 kept, 4 changed, 0 lost")), qPrintable(view->summary()));
        auto* types = test::named<QComboBox>(panel, QStringLiteral("Type of the numbers"));
        types->setCurrentIndex(types->findData(QStringLiteral("float16")));
        QVERIFY2(shows(QStringLiteral("0 kept, 8 changed, 0 lost")), qPrintable(view->summary()));
        QVERIFY(!QFile::exists(file->text())); // nothing ran
        QVERIFY(parts.opened.center.rows().empty());
    }

    void otherKindsAreProvenToo()
    {
        Parts parts;
        QString command;
        ExportPanel panel(parts.opened.document, parts.opened.center, parts.choice,
                          parts.measurements, [&command](const engine::JobSpec& spec) {
                              command = commandLineFor(spec, {}, QStringLiteral("cpu"), 0);
                              return command;
                          });
        QVERIFY(parts.opened.wait());
        panel.setFile(parts.file(QStringLiteral("out.h5")));
        panel.setFormat(WeightFormat::SafetensorsState);
        const QString path = parts.file(QStringLiteral("out.safetensors"));
        QCOMPARE(test::named<QLineEdit>(panel, QStringLiteral("File to write"))->text(), path);
        panel.pack();
        QVERIFY(command.contains(QStringLiteral("--to safetensors")));
        QVERIFY(parts.opened.waitForJobs());
        QVERIFY(panel.proof() != nullptr);
        QVERIFY(panel.proof()->verified);
        QVERIFY(panel.proof()->format == toString(WeightFormat::SafetensorsState));
        QCOMPARE(panel.proof()->fileBytes, QFileInfo(path).size());
        QCOMPARE(panel.proof()->tensors.size(), std::size_t{8});
        panel.flushRefresh();
        auto* proof = panel.findChild<ProofSheet*>();
        QVERIFY2(proof->verdict().contains(QStringLiteral("State dict (.safetensors)")),
                 qPrintable(proof->verdict()));
        auto* measure = test::buttonSaying(*proof, QStringLiteral("Measure packed file"));
        QVERIFY(!measure->isEnabled()); // it brings no network along
        QVERIFY(!measure->toolTip().isEmpty());
        // The usual kinds need no word about it.
        panel.setFormat(WeightFormat::CompressedTensors);
        panel.pack();
        QVERIFY2(!command.contains(QStringLiteral("--to")), qPrintable(command));
        QVERIFY(parts.opened.waitForJobs());
        QVERIFY(panel.proof()->format == toString(WeightFormat::CompressedTensors));
        QVERIFY(QFile::exists(parts.file(QStringLiteral("config.json"))));
    }

    void packsMeasuresAndReports()
    {
        Parts parts;
        ExportPanel panel(parts.opened.document, parts.opened.center, parts.choice,
                          parts.measurements, test::commandOf);
        QVERIFY(parts.opened.wait());
        const QString path = parts.file(QStringLiteral("out.h5"));
        panel.setFile(path);
        QVERIFY(panel.pictures().isEmpty());
        QSignalSpy packed(&panel, &ExportPanel::packed);
        panel.pack();
        QVERIFY(parts.opened.waitForJobs());
        QCOMPARE(packed.count(), 1);
        QVERIFY(panel.proof()->verified);
        QCOMPARE(panel.proof()->fileBytes, QFileInfo(path).size());
        QCOMPARE(panel.proof()->payloadBytes, parts.opened.document.cost().bytes);
        panel.flushRefresh();
        auto* proof = panel.findChild<ProofSheet*>();
        QVERIFY(proof->verdict().startsWith(QStringLiteral("Verified")));
        QCOMPARE(proof->table().model()->rowCount(),
                 static_cast<int>(panel.proof()->tensors.size()));
        QCOMPARE(panel.pictures().size(), 1);
        QVERIFY(!panel.proof()->top1PackedPercent.has_value());

        QSignalSpy measured(&panel, &ExportPanel::proofMeasured);
        panel.measurePackedFile();
        QVERIFY(parts.opened.waitForJobs());
        QCOMPARE(measured.count(), 1);
        QVERIFY(panel.proof()->top1PackedPercent.has_value());
        QCOMPARE(panel.proof()->images, std::int64_t(200));
        QVERIFY(!panel.proof()->top1FloatPercent.has_value()); // nobody measured it

        // A report is about the plan that was packed, whatever is shown by then.
        const std::string packedDigest = planDigest(parts.opened.document.plan());
        parts.opened.document.showPlan(QStringLiteral("w8a8"));
        QSignalSpy asked(&panel, &ExportPanel::reportRequested);
        const QString report = parts.file(QStringLiteral("report.html"));
        panel.writeReportTo(report);
        QCOMPARE(asked.count(), 1);
        QCOMPARE(planDigest(asked[0][0].value<BitPlan>()), packedDigest);
        QCOMPARE(asked[0][1].toString(), report);
    }

    void aFileThatIsGoneIsSaidSo()
    {
        Parts parts;
        ExportPanel panel(parts.opened.document, parts.opened.center, parts.choice,
                          parts.measurements, test::commandOf);
        QVERIFY(parts.opened.wait());
        PackSheet sheet;
        sheet.verified = true;
        panel.setProof(sheet, QStringLiteral("/gone/a.h5"), std::nullopt, false);
        panel.flushRefresh();
        auto* proof = panel.findChild<ProofSheet*>();
        QCOMPARE(proof->fileText(), QStringLiteral("/gone/a.h5 is not there any more"));
        QPushButton* measure = test::buttonSaying(*proof, QStringLiteral("Measure packed file"));
        QVERIFY(measure != nullptr && !measure->isEnabled());
        QCOMPARE(measure->toolTip(), QStringLiteral("The file is not there any more."));
        panel.setProof(sheet, QStringLiteral("/here/a.h5"));
        panel.flushRefresh();
        QCOMPARE(proof->fileText(), QStringLiteral("/here/a.h5"));
        QVERIFY(measure->isEnabled());
        panel.clearProof();
        QVERIFY(panel.proof() == nullptr);
    }

    void failureLeavesTheProofBefore()
    {
        Parts parts;
        ExportPanel panel(parts.opened.document, parts.opened.center, parts.choice,
                          parts.measurements, test::commandOf);
        QVERIFY(parts.opened.wait());
        panel.setFile(parts.file(QStringLiteral("good.h5")));
        panel.pack();
        QVERIFY(parts.opened.waitForJobs());
        const auto before = panel.proof();
        QVERIFY(before != nullptr);
        // A file where a folder should be.
        test::writeFile(parts.file(QStringLiteral("file")).toStdString(), "x");
        panel.setFile(parts.file(QStringLiteral("file/out.h5")));
        QSignalSpy failed(&parts.opened.center, &JobCenter::failed);
        panel.pack();
        QVERIFY(parts.opened.waitForJobs());
        QCOMPARE(panel.proof(), before);
        auto* failure = panel.findChild<FailureLine*>();
        QVERIFY2(failure->text().startsWith(QStringLiteral("w2a2 was not exported: ")),
                 qPrintable(failure->text()));
        QVERIFY2(failure->text().contains(QStringLiteral("file/out.h5")),
                 qPrintable(failure->text()));
        QCOMPARE(failed.count(), 0);
        panel.setFile(parts.file(QStringLiteral("again.h5")));
        panel.pack();
        QVERIFY(parts.opened.waitForJobs());
        QVERIFY(failure->text().isEmpty()); // the next try takes the sentence away
        QVERIFY(panel.proof() != before);
    }

    void aClosedModelTakesItsProofAlong()
    {
        Parts parts;
        ExportPanel panel(parts.opened.document, parts.opened.center, parts.choice,
                          parts.measurements, test::commandOf);
        QVERIFY(parts.opened.wait());
        panel.setFile(parts.file(QStringLiteral("out.h5")));
        QSignalSpy packed(&panel, &ExportPanel::packed);
        panel.pack();
        parts.opened.document.close();
        QVERIFY(parts.opened.waitForJobs());
        QCOMPARE(packed.count(), 0);
        QVERIFY(panel.proof() == nullptr);
        panel.flushRefresh();
        QVERIFY(!panel.emptySentence().isEmpty());
    }

    void missingImagesAreAskedFor()
    {
        Parts parts;
        ExportPanel panel(parts.opened.document, parts.opened.center, parts.choice,
                          parts.measurements, test::commandOf);
        QVERIFY(parts.opened.wait());
        DataSettings settings;
        settings.kind = DataKind::Images;
        parts.choice.setSettings(settings);
        panel.setFile(parts.file(QStringLiteral("out.h5")));
        panel.flushRefresh();
        QPushButton* pack = test::buttonSaying(panel, QStringLiteral("Export and verify"));
        QVERIFY(!pack->isEnabled());
        QCOMPARE(pack->toolTip(), parts.choice.problem());
        // Without quantized activations no images are needed.
        const QStringList names = [&] {
            QStringList list;
            for (const LayerPlan& layer : parts.opened.document.plan().layers) {
                list << QString::fromStdString(layer.name);
            }
            return list;
        }();
        PlanEdit edit;
        edit.activationBits = kFloatBits;
        parts.opened.document.edit(names, edit, QStringLiteral("edit"));
        panel.flushRefresh();
        QVERIFY(pack->isEnabled());
        panel.pack();
        QVERIFY(parts.opened.waitForJobs());
        QVERIFY(panel.proof() != nullptr);
    }
};

QTEST_MAIN(TestExportPanel)
#include "tst_export_panel.moc"
