// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/pack/export_panel.h"

#include "app/workbench/jobs/phrase_text.h"
#include "app/workbench/panels/common/data_choice.h"
#include "app/workbench/panels/common/data_choice_form.h"
#include "app/workbench/panels/common/failure_line.h"
#include "app/workbench/panels/jobs/job_progress.h"
#include "app/workbench/panels/pack/byte_bar.h"
#include "app/workbench/panels/pack/conversion_view.h"
#include "app/workbench/panels/pack/export_preview.h"
#include "app/workbench/panels/pack/format_choice.h"
#include "app/workbench/panels/pack/format_words.h"
#include "app/workbench/panels/pack/proof_sheet.h"
#include "widgets/util/formatting.h"
#include "widgets/util/help.h"
#include "widgets/util/icons.h"
#include "widgets/views/table_picture.h"

#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <map>
#include <utility>

namespace bitloom::workbench {

ExportPanel::ExportPanel(PlanDocument& document, JobCenter& center, DataChoice& choice,
                         const Measurements& measurements, CommandLineOf commandLine,
                         QWidget* parent)
    : Panel(QStringLiteral("export"), tr("Export"), parent), m_document(document), m_center(center),
      m_choice(choice), m_measurements(measurements), m_commandLine(std::move(commandLine)),
      m_preview(new ExportPreview(document, center, this)), m_format(new FormatChoice),
      m_file(new QLineEdit), m_figures(new QLabel), m_parts(new ByteBar),
      m_calibrationNote(new QLabel), m_data(new DataChoiceForm(choice, DataUse::Calibration)),
      m_pack(new QPushButton), m_progress(new JobProgress(center, tr("Progress of the export"))),
      m_failure(new FailureLine), m_pages(new QTabWidget), m_foreseen(new ConversionView),
      m_noProof(new QLabel), m_proof(new ProofSheet), m_session(std::make_unique<QObject>())
{
    setWhatsThis(tr("Writes the model under the plan into one file of the kind that you choose, "
                    "reads it back and compares every tensor. Before that you see what the file "
                    "keeps and loses; the proof lists each tensor with its bytes and checksum."));
    m_noProof->setText(tr("The proof of the file will be here: its sizes, its hash, and every "
                          "tensor read back."));
    m_noProof->setWordWrap(true);
    m_noProof->setAlignment(Qt::AlignCenter);
    m_noProof->setForegroundRole(QPalette::PlaceholderText);
    m_noProof->setContentsMargins(24, 24, 24, 24);
    auto* column = new QWidget;
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeForm());
    layout->addWidget(m_pages, 1);
    auto* proof = new QWidget;
    auto* proofLayout = new QVBoxLayout(proof);
    proofLayout->setContentsMargins(0, 0, 0, 0);
    proofLayout->addWidget(m_noProof, 1);
    proofLayout->addWidget(m_proof, 1);
    m_pages->setDocumentMode(true);
    m_pages->setAccessibleName(tr("Before and after the export"));
    m_pages->addTab(m_foreseen, tr("What it keeps"));
    m_pages->addTab(proof, tr("Proof"));
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
    connect(m_preview, &ExportPreview::changed, this, dirty);
    connect(m_format, &FormatChoice::changed, this, &ExportPanel::followFormat);
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
    m_file->setAccessibleName(tr("File to write"));
    m_file->setToolTip(tr("An existing file is replaced only when the new one is complete."));
    auto* browse = new QToolButton;
    browse->setText(tr("Browse..."));
    browse->setIcon(ui::icon(QStringLiteral("folder")));
    browse->setAccessibleName(tr("Choose the file to write"));
    browse->setToolTip(tr("Choose where the file is written."));
    connect(browse, &QToolButton::clicked, this, &ExportPanel::chooseFile);
    m_pack->setIcon(ui::icon(QStringLiteral("export")));
    m_pack->setText(tr("Export and verify"));
    auto* target = new QHBoxLayout;
    target->setSpacing(8);
    target->addWidget(m_file, 1);
    target->addWidget(browse);
    target->addWidget(m_pack);

    QFont bold = m_figures->font();
    bold.setWeight(QFont::DemiBold);
    m_figures->setFont(bold);
    m_figures->setTextFormat(Qt::PlainText);
    m_figures->setWordWrap(true);
    m_figures->setAccessibleName(tr("Size before the export"));
    m_calibrationNote->setTextFormat(Qt::PlainText);
    m_calibrationNote->setWordWrap(true);
    m_calibrationNote->setForegroundRole(QPalette::PlaceholderText);

    m_progress->setStop(tr("Cancel"), tr("Cancel the export"), tr("Stop; no file is left behind."));
    auto* form = new QWidget;
    auto* layout = new QVBoxLayout(form);
    layout->setContentsMargins(12, 4, 12, 12);
    layout->setSpacing(8);
    layout->addWidget(m_figures);
    layout->addWidget(m_parts);
    layout->addSpacing(4);
    layout->addWidget(m_calibrationNote);
    layout->addWidget(m_data);
    layout->addWidget(m_format);
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
    m_preview->clear();
    m_pages->setCurrentWidget(m_foreseen);
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

void ExportPanel::setFormat(WeightFormat format)
{
    m_format->setFormat(format);
}

/// The name keeps everything but its ending.
void ExportPanel::followFormat()
{
    const WeightFormat before = std::exchange(m_shownFormat, m_format->format());
    if (m_fileChosen) {
        m_file->setText(fileInFormat(m_file->text(), before, m_shownFormat));
    }
    m_pages->setCurrentWidget(m_foreseen);
    markDirty();
}

void ExportPanel::setProof(const PackSheet& sheet, const QString& path,
                           const std::optional<BitPlan>& plan, bool fileIsThere)
{
    m_fileIsThere = fileIsThere;
    m_sheet = std::make_shared<const PackSheet>(sheet);
    m_packedPath = path;
    m_packedPlan = plan;
    m_pages->setCurrentIndex(1);
    markDirty();
}

void ExportPanel::clearProof()
{
    m_pages->setCurrentWidget(m_foreseen);
    m_sheet = nullptr;
    m_packedPath.clear();
    m_packedPlan.reset();
    markDirty();
}

QString ExportPanel::proposedFile() const
{
    QString name = m_document.planName();
    name.replace(u'/', u'-');
    for (const WeightFormat format : weightFormats()) { // the plan of a file is called after it
        if (name.endsWith(formatEnding(format))) {
            name.chop(formatEnding(format).size());
        }
    }
    return QDir(m_folder).filePath(name + formatEnding(m_format->format()));
}

bool ExportPanel::needsImages() const
{
    const BitPlan& plan = m_document.plan();
    const BitPlan* own = m_document.ownPlan(); // the file has the ranges of its plan
    return std::any_of(plan.tensors.begin(), plan.tensors.end(), [own](const TensorPlan& tensor) {
        const TensorPlan* kept = own == nullptr ? nullptr : own->findTensor(tensor.name);
        return !tensor.activation.isFloat() && !tensor.activation.isPruned() &&
               !tensor.activation.range &&
               (kept == nullptr || kept->activation != tensor.activation);
    });
}

QString ExportPanel::problem() const
{
    if (m_job != 0) {
        return tr("A file is being written.");
    }
    const auto report = m_preview->report(m_format->format());
    if (report && !report->refusal.empty()) {
        return phraseText(report->refusal);
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
    job.plan = m_document.planOfModel();
    job.output = m_file->text().trimmed().toStdString();
    if (m_format->format() != exportFormat(job.output)) {
        job.to = m_format->format();
    }
    job.dtype = m_format->dtype();
    job.compress = m_format->compress();
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
        return tr("%1, read back and compared").arg(ui::formatBytes((*sheet)->fileBytes));
    };
    order.onFailed = [this, plan](const QString& code, const QString& message) {
        m_job = 0;
        fail(tr("%1 was not exported").arg(plan), code, message);
    };
    order.onCancelled = [this](const JobResult&) {
        m_job = 0;
        markDirty();
    };
    m_job = m_center.start(std::move(order), m_session.get());
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
    m_center.start(std::move(order), m_session.get());
    m_measuring = true;
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
    auto* dialog = new QFileDialog(this, tr("File to write"), m_file->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(formatFilter(m_format->format()));
    dialog->setDefaultSuffix(formatEnding(m_format->format()).mid(1));
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
        showEmpty(tr("Open a model to write it under its plan into a file that is read back and "
                     "proven."));
        return;
    }
    showContent();
    if (!m_fileChosen) {
        m_file->setText(proposedFile());
    }
    m_preview->request(m_format->dtype());
    showPreview();
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
    ui::setHelp(*m_pack, reason.isEmpty()
                             ? tr("Write the file, read it back and compare every tensor.")
                             : reason);
    m_progress->setJob(m_job);
    m_noProof->setVisible(m_sheet == nullptr);
    m_proof->setVisible(m_sheet != nullptr);
    if (m_sheet) {
        m_proof->setSheet(m_sheet, m_packedPath, m_fileIsThere);
        m_proof->setMeasurable(
            m_measuring      ? tr("The file is being measured.")
            : !m_fileIsThere ? tr("The file is not there any more.")
            : !holdsModel(*m_sheet)
                ? tr("Only a packed file brings the network along that is measured.")
                : m_choice.problem());
    }
}

void ExportPanel::showPreview()
{
    m_format->setSizes(m_preview->sizes());
    if (const auto report = m_preview->report(m_format->format())) {
        m_foreseen->setReport(report);
    } else {
        const QString problem = m_preview->problem();
        m_foreseen->setSentence(problem.isEmpty() ? tr("The plan is being looked at.") : problem);
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
    const WeightFormat format = m_format->format();
    // Elsewhere codes are not what the file consists of.
    m_parts->setVisible(format == WeightFormat::Packed ||
                        format == WeightFormat::CompressedTensors);
    const auto report = m_preview->report(format);
    if (!report || !report->refusal.empty()) {
        m_figures->setText(tr("%1: %2 payload, %3 smaller than the model's %4; names, plan and "
                              "checksums are added")
                               .arg(m_document.planName(), ui::formatBytes(cost.bytes),
                                    ui::formatRatio(double(cost.bytesFp32), double(cost.bytes)),
                                    ui::formatBytes(cost.bytesFp32)));
        m_figures->setToolTip(ui::formatExactBytes(cost.bytes));
        return;
    }
    const QString size = ui::formatBytes(report->foreseenBytes);
    const QString model = ui::formatBytes(cost.bytesFp32);
    m_figures->setText(
        report->foreseenBytes < cost.bytesFp32
            ? tr("%1: about %2 on disk, %3 smaller than the model's %4")
                  .arg(m_document.planName(), size,
                       ui::formatRatio(double(cost.bytesFp32), double(report->foreseenBytes)),
                       model)
            : tr("%1: about %2 on disk, no smaller than the model's %3")
                  .arg(m_document.planName(), size, model));
    m_figures->setToolTip(formatAbout(format));
}

QList<ui::Picture> ExportPanel::pictures() const
{
    if (!m_sheet) {
        return {};
    }
    return {ui::tablePicture(QStringLiteral("proof"), m_proof->table())};
}

} // namespace bitloom::workbench
