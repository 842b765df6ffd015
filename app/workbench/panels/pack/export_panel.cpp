// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/pack/export_panel.h"

#include "app/workbench/panels/common/data_choice.h"
#include "app/workbench/panels/common/data_choice_form.h"
#include "app/workbench/panels/common/failure_line.h"
#include "app/workbench/panels/jobs/job_progress.h"
#include "app/workbench/panels/pack/byte_bar.h"
#include "app/workbench/panels/pack/proof_sheet.h"
#include "core/base/error.h"
#include "widgets/util/formatting.h"
#include "widgets/util/icons.h"
#include "widgets/views/table_picture.h"

#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <map>

namespace bitloom::workbench {

ExportPanel::ExportPanel(PlanDocument& document, JobCenter& center, DataChoice& choice,
                         const Measurements& measurements, CommandLineOf commandLine,
                         QWidget* parent)
    : Panel(QStringLiteral("export"), tr("Export"), parent), m_document(document), m_center(center),
      m_choice(choice), m_measurements(measurements), m_commandLine(std::move(commandLine)),
      m_container(new QComboBox), m_file(new QLineEdit), m_figures(new QLabel),
      m_parts(new ByteBar), m_calibrationNote(new QLabel),
      m_data(new DataChoiceForm(choice, DataUse::Calibration)), m_pack(new QPushButton),
      m_progress(new JobProgress(center, tr("Progress of packing"))), m_failure(new FailureLine),
      m_noProof(new QLabel), m_proof(new ProofSheet), m_session(std::make_unique<QObject>())
{
    setWhatsThis(tr("Packs the plan into one file, reads it back and compares every code and the "
                    "answers to a reference batch. The proof lists each tensor with its bytes and "
                    "checksum."));
    m_noProof->setText(tr("The proof of the packed file will be here: its sizes, its hash, and "
                          "every tensor read back."));
    m_noProof->setWordWrap(true);
    m_noProof->setAlignment(Qt::AlignCenter);
    m_noProof->setForegroundRole(QPalette::PlaceholderText);
    m_noProof->setContentsMargins(24, 24, 24, 24);
    auto* column = new QWidget;
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeForm());
    layout->addWidget(m_noProof, 1);
    layout->addWidget(m_proof, 1);
    auto* content = new QScrollArea; // large fonts in a small window: nothing is squeezed
    content->setWidget(column);
    content->setWidgetResizable(true);
    content->setFrameShape(QFrame::NoFrame);
    content->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    content->setFocusPolicy(Qt::NoFocus);
    setContent(content);

    const auto dirty = [this] { markDirty(); };
    connect(&document, &PlanDocument::modelChanged, this, &ExportPanel::startOver);
    connect(&document, &PlanDocument::consequencesChanged, this, dirty);
    connect(&choice, &DataChoice::changed, this, dirty);
    connect(m_file, &QLineEdit::textEdited, this, [this] {
        m_fileChosen = true;
        markDirty();
    });
    connect(m_pack, &QPushButton::clicked, this, &ExportPanel::pack);
    connect(m_progress, &JobProgress::stopRequested, this, [this] { m_center.cancel(m_job); });
    connect(m_proof, &ProofSheet::measureRequested, this, &ExportPanel::measurePackedFile);
    connect(m_proof, &ProofSheet::reportRequested, this, &ExportPanel::chooseReport);
    startOver();
    refresh();
}

ExportPanel::~ExportPanel() = default;

QWidget* ExportPanel::makeForm()
{
    // Only what can be written is offered.
    m_container->addItem(tr("Packed HDF5 (.h5)"));
    m_container->setAccessibleName(tr("Container"));
    m_container->setToolTip(tr("The packed format of Bitloom, readable with h5py; see FORMAT.md."));
    m_file->setAccessibleName(tr("File to write"));
    m_file->setToolTip(tr("An existing file is replaced only when the new one is complete."));
    auto* browse = new QToolButton;
    browse->setText(tr("Browse..."));
    browse->setIcon(ui::icon(QStringLiteral("folder")));
    browse->setAccessibleName(tr("Choose the file to write"));
    browse->setToolTip(tr("Choose where the packed file is written."));
    connect(browse, &QToolButton::clicked, this, &ExportPanel::chooseFile);
    m_pack->setIcon(ui::icon(QStringLiteral("export")));
    m_pack->setText(tr("Pack and verify"));
    auto* target = new QHBoxLayout;
    target->setSpacing(8);
    target->addWidget(m_container);
    target->addWidget(m_file, 1);
    target->addWidget(browse);
    target->addWidget(m_pack);

    QFont bold = m_figures->font();
    bold.setWeight(QFont::DemiBold);
    m_figures->setFont(bold);
    m_figures->setTextFormat(Qt::PlainText);
    m_figures->setWordWrap(true);
    m_figures->setAccessibleName(tr("Size before packing"));
    m_calibrationNote->setTextFormat(Qt::PlainText);
    m_calibrationNote->setWordWrap(true);
    m_calibrationNote->setForegroundRole(QPalette::PlaceholderText);

    m_progress->setStop(tr("Cancel"), tr("Cancel packing"),
                        tr("Stop packing; no file is left behind."));
    auto* form = new QWidget;
    auto* layout = new QVBoxLayout(form);
    layout->setContentsMargins(12, 4, 12, 12);
    layout->setSpacing(8);
    layout->addWidget(m_figures);
    layout->addWidget(m_parts);
    layout->addSpacing(4);
    layout->addWidget(m_calibrationNote);
    layout->addWidget(m_data);
    layout->addLayout(target);
    layout->addWidget(m_progress);
    layout->addWidget(m_failure);
    return form;
}

void ExportPanel::startOver()
{
    m_session = std::make_unique<QObject>();
    m_job = 0;
    m_measuring = false;
    m_sheet = nullptr;
    m_packedPath.clear();
    m_packedPlan.reset();
    m_fileChosen = false;
    m_failure->hide();
    markDirty();
}

void ExportPanel::setFolder(const QString& folder)
{
    m_folder = folder;
    markDirty();
}

void ExportPanel::setFile(const QString& path)
{
    m_file->setText(path);
    m_fileChosen = true;
    markDirty();
}

void ExportPanel::setProof(const PackSheet& sheet, const QString& path,
                           const std::optional<BitPlan>& plan, bool fileIsThere)
{
    m_fileIsThere = fileIsThere;
    m_sheet = std::make_shared<const PackSheet>(sheet);
    m_packedPath = path;
    m_packedPlan = plan;
    markDirty();
}

void ExportPanel::clearProof()
{
    m_sheet = nullptr;
    m_packedPath.clear();
    m_packedPlan.reset();
    markDirty();
}

QString ExportPanel::proposedFile() const
{
    QString name = m_document.planName();
    name.replace(u'/', u'-');
    return QDir(m_folder).filePath(name + QStringLiteral(".h5"));
}

bool ExportPanel::needsImages() const
{
    const BitPlan& plan = m_document.plan();
    return std::any_of(plan.tensors.begin(), plan.tensors.end(), [](const TensorPlan& tensor) {
        return !tensor.activation.isFloat() && !tensor.activation.isPruned() &&
               !tensor.activation.range;
    });
}

QString ExportPanel::problem() const
{
    if (m_job != 0) {
        return tr("A file is being packed.");
    }
    if (m_file->text().trimmed().isEmpty()) {
        return tr("Choose the file to write.");
    }
    return needsImages() ? m_choice.problem() : QString();
}

void ExportPanel::pack()
{
    if (!m_document.isOpen() || !problem().isEmpty()) {
        return;
    }
    m_failure->hide();
    engine::PackJob job;
    job.model = m_document.modelReference();
    job.plan = m_document.plan();
    job.output = m_file->text().trimmed().toStdString();
    if (needsImages()) {
        job.data = m_choice.data();
        job.calibration = m_choice.calibration();
        m_choice.remember();
    }
    const QString path = QString::fromStdString(job.output);
    const QString plan = m_document.planName();
    JobOrder order;
    order.spec = job;
    order.title = tr("Export %1").arg(plan);
    order.resultPanel = id();
    order.commandLine = m_commandLine(order.spec);
    order.onFinished = [this, path, entries = job.plan](const JobResult& result) {
        m_job = 0;
        const auto* sheet = std::get_if<std::shared_ptr<const PackSheet>>(&result);
        if (sheet == nullptr) {
            return QString();
        }
        setProof(**sheet, path, entries);
        Q_EMIT packed(**sheet, path);
        return tr("%1, read back and equal bit for bit").arg(ui::formatBytes((*sheet)->fileBytes));
    };
    order.onFailed = [this, plan](const QString& code, const QString& message) {
        m_job = 0;
        fail(tr("%1 was not exported").arg(plan), code, message);
    };
    order.onCancelled = [this](const JobResult&) {
        m_job = 0;
        markDirty();
    };
    try {
        m_job = m_center.start(std::move(order), m_session.get());
    } catch (const Error& error) {
        m_failure->show(tr("%1 was not exported").arg(plan), error);
    }
    markDirty();
}

void ExportPanel::measurePackedFile()
{
    const auto source = m_choice.data();
    if (!m_sheet || !source || m_measuring) {
        return;
    }
    m_failure->hide();
    m_choice.remember();
    const Measurements::Images images{*source, m_choice.calibration()};
    engine::EvalJob job;
    job.model.spec = m_packedPath.toStdString();
    job.data = images.data;
    JobOrder order;
    order.spec = job;
    order.title = tr("Evaluate the packed file");
    order.resultPanel = id();
    order.commandLine = m_commandLine(order.spec);
    order.onFinished = [this, images, measured = m_sheet](const JobResult& result) {
        m_measuring = false;
        markDirty();
        const auto* found = std::get_if<std::shared_ptr<const EvalResult>>(&result);
        if (found == nullptr || measured != m_sheet) { // another file was packed meanwhile
            return QString();
        }
        PackSheet sheet = *m_sheet;
        sheet.images = (*found)->images;
        sheet.top1PackedPercent = (*found)->top1Percent();
        const auto top1Of = [&](const QString& digest) -> std::optional<double> {
            const auto known = m_measurements.find(digest, images);
            return known ? std::optional(known->top1Percent()) : std::nullopt;
        };
        sheet.top1FloatPercent = top1Of({});
        sheet.top1PlanPercent =
            m_packedPlan ? top1Of(QString::fromStdString(planDigest(*m_packedPlan))) : std::nullopt;
        setProof(sheet, m_packedPath, m_packedPlan);
        Q_EMIT proofMeasured(sheet);
        return tr("Top-1 %1").arg(ui::formatPercent(sheet.top1PackedPercent));
    };
    order.onFailed = [this](const QString& code, const QString& message) {
        m_measuring = false;
        fail(tr("The packed file was not measured"), code, message);
    };
    order.onCancelled = [this](const JobResult&) {
        m_measuring = false;
        markDirty();
    };
    try {
        m_center.start(std::move(order), m_session.get());
        m_measuring = true;
    } catch (const Error& error) {
        m_failure->show(tr("The packed file was not measured"), error);
    }
    markDirty();
}

void ExportPanel::writeReportTo(const QString& path)
{
    if (m_document.isOpen()) {
        Q_EMIT reportRequested(m_packedPlan ? *m_packedPlan : m_document.plan(), path);
    }
}

void ExportPanel::fail(const QString& what, const QString& code, const QString& message)
{
    m_failure->show(what, code, message);
    markDirty();
}

void ExportPanel::chooseFile()
{
    auto* dialog = new QFileDialog(this, tr("Packed file"), m_file->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Packed models (*.h5)"));
    dialog->setDefaultSuffix(QStringLiteral("h5"));
    connect(dialog, &QFileDialog::fileSelected, this, &ExportPanel::setFile);
    dialog->open();
}

void ExportPanel::chooseReport()
{
    auto* dialog = new QFileDialog(this, tr("Report"), m_folder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Web pages (*.html)"));
    dialog->setDefaultSuffix(QStringLiteral("html"));
    dialog->selectFile(m_document.planName() + QStringLiteral(".html"));
    connect(dialog, &QFileDialog::fileSelected, this, &ExportPanel::writeReportTo);
    dialog->open();
}

void ExportPanel::refresh()
{
    if (!m_document.isOpen()) {
        showEmpty(tr("Open a model to pack its plan into a file that is read back and proven."));
        return;
    }
    showContent();
    if (!m_fileChosen) {
        m_file->setText(proposedFile());
    }
    showSizes();
    const bool needed = needsImages();
    m_calibrationNote->setText(
        needed ? tr("The plan quantizes activations: their ranges are found on calibration images "
                    "and stored in the file.")
               : tr("No images are needed: the plan quantizes weights only, or its ranges are "
                    "fixed."));
    m_data->setVisible(needed);
    const QString reason = problem();
    m_pack->setEnabled(reason.isEmpty());
    m_pack->setToolTip(reason.isEmpty() ? tr("Write the file, read it back and compare every code.")
                                        : reason);
    m_pack->setAccessibleDescription(m_pack->toolTip());
    m_progress->setJob(m_job);
    m_noProof->setVisible(m_sheet == nullptr);
    m_proof->setVisible(m_sheet != nullptr);
    if (m_sheet) {
        m_proof->setSheet(m_sheet, m_packedPath, m_fileIsThere);
        m_proof->setMeasurable(m_measuring      ? tr("The file is being measured.")
                               : !m_fileIsThere ? tr("The file is not there any more.")
                                                : m_choice.problem());
    }
}

void ExportPanel::showSizes()
{
    const PlanCost& cost = m_document.cost();
    struct Group {
        std::int64_t bytes = 0;
        int layers = 0;
    };
    std::map<int, Group> groups; // by bits
    std::int64_t scales = 0;
    for (const LayerCost& layer : cost.layers) {
        if (layer.codeBytes > 0) {
            Group& group = groups[layer.weightBits];
            group.bytes += layer.codeBytes;
            ++group.layers;
        }
        scales += layer.scaleBytes;
    }
    std::vector<ByteShare> shares;
    for (const auto& [bits, group] : groups) {
        const QString layers =
            group.layers == 1 ? tr("1 layer") : tr("%n layers", nullptr, group.layers);
        shares.push_back({ByteShare::Kind::Bits, bits,
                          bits == kFloatBits ? tr("FP32, %1").arg(layers)
                                             : tr("%1 bits, %2").arg(bits).arg(layers),
                          group.bytes});
    }
    if (scales > 0) {
        shares.push_back({ByteShare::Kind::Scales, 0, tr("Scales"), scales});
    }
    if (cost.rawBytes > 0) {
        shares.push_back({ByteShare::Kind::Raw, 0, tr("Biases and the like"), cost.rawBytes});
    }
    m_parts->setShares(shares);
    m_figures->setText(
        tr("%1: %2 payload, %3 smaller than the model's %4; names, plan and checksums are added")
            .arg(m_document.planName(), ui::formatBytes(cost.bytes),
                 ui::formatRatio(double(cost.bytesFp32), double(cost.bytes)),
                 ui::formatBytes(cost.bytesFp32)));
    m_figures->setToolTip(ui::formatExactBytes(cost.bytes));
}

QList<ui::Picture> ExportPanel::pictures() const
{
    if (!m_sheet) {
        return {};
    }
    return {ui::tablePicture(QStringLiteral("proof"), m_proof->table())};
}

} // namespace bitloom::workbench
