// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/dialogs/convert_dialog.h"

#include "app/workbench/jobs/command_lines.h"
#include "app/workbench/jobs/phrase_text.h"
#include "app/workbench/panels/common/failure_line.h"
#include "app/workbench/panels/common/state_mark.h"
#include "app/workbench/panels/jobs/job_progress.h"
#include "app/workbench/panels/pack/conversion_view.h"
#include "app/workbench/panels/pack/format_choice.h"
#include "app/workbench/panels/pack/format_words.h"
#include "widgets/util/formatting.h"
#include "widgets/util/help.h"
#include "widgets/util/icons.h"

#include <QClipboard>
#include <QComboBox>
#include <QDesktopServices>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpressionValidator>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

#include <utility>

namespace bitloom::workbench {

namespace {
constexpr QSize kConvertSize(880, 620);
constexpr int kLookAfterMs = 200;

/// "model" of "dir/model.pth.tar".
QString baseName(const QString& file)
{
    QString name = QFileInfo(file).fileName();
    for (const char* ending :
         {".tar", ".pth", ".th", ".pt", ".h5", ".hdf5", ".safetensors", ".bin"}) {
        if (name.endsWith(QLatin1String(ending))) {
            name.chop(static_cast<int>(qstrlen(ending)));
        }
    }
    return name;
}

void fillQuestion(QComboBox& box, const QString& name, const QString& help,
                  const QList<std::pair<QString, QString>>& answers)
{
    for (const auto& [text, value] : answers) {
        box.addItem(text, value);
    }
    box.setAccessibleName(name);
    ui::setHelp(box, help);
}
} // namespace

ConvertDialog::ConvertDialog(JobCenter& center, QWidget* parent)
    : QDialog(parent), m_center(center), m_form(new QFormLayout), m_input(new QLineEdit),
      m_kind(new QLabel), m_format(new FormatChoice), m_output(new QLineEdit),
      m_gptqZeros(new QComboBox), m_ctLayout(new QComboBox), m_offset(new QLineEdit),
      m_view(new ConversionView(ConversionView::kInDialog)),
      m_progress(new JobProgress(center, tr("Progress of the conversion"))),
      m_failure(new FailureLine), m_result(new QWidget), m_mark(new QLabel), m_sentence(new QLabel)
{
    static int number = 0;
    m_slot = QStringLiteral("convert %1").arg(++number);
    setObjectName(QStringLiteral("convertDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Convert a file"));
    resize(kConvertSize);
    build();
    m_lookSoon.setSingleShot(true);
    m_lookSoon.setInterval(kLookAfterMs);
    connect(&m_lookSoon, &QTimer::timeout, this, &ConvertDialog::look);
    connect(m_input, &QLineEdit::textEdited, this, &ConvertDialog::followInput);
    connect(m_output, &QLineEdit::textEdited, this, [this] {
        m_outputChosen = true;
        changed();
    });
    connect(m_format, &FormatChoice::changed, this, &ConvertDialog::followFormat);
    connect(m_gptqZeros, &QComboBox::currentIndexChanged, this, &ConvertDialog::changed);
    connect(m_ctLayout, &QComboBox::currentIndexChanged, this, &ConvertDialog::changed);
    connect(m_offset, &QLineEdit::textEdited, this, &ConvertDialog::changed);
    connect(m_progress, &JobProgress::stopRequested, this, [this] { m_center.cancel(m_job); });
    changed();
}

void ConvertDialog::build()
{
    m_input->setAccessibleName(tr("File to convert"));
    m_input->setAccessibleDescription(tr("Any file of weights that Bitloom reads; it is never "
                                         "changed."));
    m_input->setPlaceholderText(tr("Packed HDF5, BitPack, HAWQ, GPTQ, AWQ, compressed-tensors, "
                                   "state dict"));
    m_kind->setForegroundRole(QPalette::PlaceholderText);
    m_kind->setTextFormat(Qt::PlainText);
    m_kind->setAccessibleName(tr("What it is"));
    m_output->setAccessibleName(tr("File to write"));
    ui::setHelp(*m_output, tr("An existing file is replaced only when the new one is complete."));
    m_form->addRow(tr("&File"), makeFileRow(*m_input, tr("Choose the file to convert"),
                                            &ConvertDialog::chooseInput));
    m_form->addRow(QString(), m_kind);
    addQuestions(*m_form);
    m_form->addRow(tr("&Into"), m_format);
    m_form->addRow(tr("&Output"), makeFileRow(*m_output, tr("Choose the file to write"),
                                              &ConvertDialog::chooseOutput));
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);

    m_progress->setStop(tr("Cancel"), tr("Cancel the conversion"),
                        tr("Stop; no file is left behind."));
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setWordWrap(true);
    m_sentence->setAccessibleName(tr("Result"));
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* folder = new QToolButton;
    folder->setIcon(ui::icon(QStringLiteral("folder")));
    folder->setAutoRaise(true);
    folder->setToolTip(tr("Show the folder of the new file."));
    folder->setAccessibleName(tr("Open folder"));
    folder->setAccessibleDescription(folder->toolTip());
    connect(folder, &QToolButton::clicked, this, [this] {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(m_output->text()).absolutePath()));
    });
    auto* result = new QHBoxLayout(m_result);
    result->setContentsMargins(0, 0, 0, 0);
    result->setSpacing(8);
    result->addWidget(m_mark, 0, Qt::AlignTop);
    result->addWidget(m_sentence, 1);
    result->addWidget(folder, 0, Qt::AlignTop);
    m_result->hide();

    auto* buttons = new QDialogButtonBox;
    buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    m_convert = buttons->addButton(tr("Convert"), QDialogButtonBox::ActionRole);
    m_convert->setDefault(true);
    m_copy = buttons->addButton(tr("Copy command line"), QDialogButtonBox::ActionRole);
    m_copy->setIcon(ui::icon(QStringLiteral("copy")));
    ui::setHelp(*m_copy, tr("Copy the command that does the same without a window."));
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_convert, &QPushButton::clicked, this, &ConvertDialog::convert);
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(commandLine()); });
    auto* column = new QVBoxLayout(this);
    column->setSpacing(8);
    column->addLayout(m_form);
    column->addWidget(m_view, 1);
    column->addWidget(m_progress);
    column->addWidget(m_failure);
    column->addWidget(m_result);
    column->addWidget(buttons);
}

void ConvertDialog::addQuestions(QFormLayout& form)
{
    const QString unsaid = tr("as the file says");
    fillQuestion(*m_gptqZeros, tr("Zero points of GPTQ"),
                 tr("Files of version 1 store each zero point less one, those of version 2 as it "
                    "is; this one does not say, or contradicts itself."),
                 {{unsaid, QString()},
                  {tr("v1: stored less one"), QStringLiteral("v1")},
                  {tr("v2: stored as they are"), QStringLiteral("v2")}});
    fillQuestion(*m_ctLayout, tr("Layout of compressed-tensors"),
                 tr("Codes of 3, 5, 6 and 7 bits lie padded in files before version 0.18 and dense "
                    "since; this one does not say, and both would fit."),
                 {{unsaid, QString()},
                  {tr("padded: whole codes per word"), QStringLiteral("padded")},
                  {tr("dense: one after the other"), QStringLiteral("dense")}});
    m_offset->setValidator(new QRegularExpressionValidator(
        QRegularExpression(QStringLiteral("-?[0-9]{0,10}")), m_offset));
    m_offset->setAccessibleName(tr("Offset of BitPack"));
    ui::setHelp(*m_offset,
                tr("A whole number that is taken from the codes of the tensors for which "
                   "the file states none."));
    form.addRow(tr("&Zero points"), m_gptqZeros);
    form.addRow(tr("&Layout"), m_ctLayout);
    form.addRow(tr("Off&set"), m_offset);
    for (QWidget* question : std::initializer_list<QWidget*>{m_gptqZeros, m_ctLayout, m_offset}) {
        form.setRowVisible(question, false);
    }
}

QWidget* ConvertDialog::makeFileRow(QLineEdit& line, const QString& browse,
                                    void (ConvertDialog::*choose)())
{
    auto* button = new QToolButton;
    button->setText(tr("Browse..."));
    button->setIcon(ui::icon(QStringLiteral("folder")));
    button->setAccessibleName(browse);
    button->setToolTip(browse);
    connect(button, &QToolButton::clicked, this, choose);
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(&line, 1);
    layout->addWidget(button);
    row->setFocusProxy(&line);
    return row;
}

void ConvertDialog::chooseInput()
{
    auto* dialog = new QFileDialog(this, tr("File to convert"), m_input->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters(
        {tr("Weights (*.h5 *.pth *.pt *.tar *.safetensors *.bin *.ckpt)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &ConvertDialog::setInput);
    dialog->open();
}

void ConvertDialog::chooseOutput()
{
    auto* dialog = new QFileDialog(this, tr("File to write"), m_output->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(formatFilter(m_format->format()));
    dialog->setDefaultSuffix(formatEnding(m_format->format()).mid(1));
    connect(dialog, &QFileDialog::fileSelected, this, &ConvertDialog::setOutput);
    dialog->open();
}

void ConvertDialog::setInput(const QString& file)
{
    m_input->setText(file);
    // Into what it is not yet.
    setFormat(file.endsWith(QLatin1String(".h5")) ? WeightFormat::SafetensorsState
                                                  : WeightFormat::Packed);
    followInput();
}

void ConvertDialog::setOutput(const QString& file)
{
    m_output->setText(file);
    m_outputChosen = true;
    changed();
}

void ConvertDialog::setFormat(WeightFormat format)
{
    m_format->setFormat(format);
}

void ConvertDialog::followInput()
{
    m_gptqZeros->setCurrentIndex(0);
    m_ctLayout->setCurrentIndex(0);
    m_offset->clear();
    for (QWidget* question : std::initializer_list<QWidget*>{m_gptqZeros, m_ctLayout, m_offset}) {
        m_form->setRowVisible(question, false);
    }
    m_kind->clear();
    if (!m_outputChosen) {
        m_output->setText(proposedOutput());
    }
    changed();
}

void ConvertDialog::followFormat()
{
    const WeightFormat before = std::exchange(m_shownFormat, m_format->format());
    m_output->setText(m_outputChosen ? fileInFormat(m_output->text(), before, m_shownFormat)
                                     : proposedOutput());
    changed();
}

/// Beside the input, under a name that is free.
QString ConvertDialog::proposedOutput() const
{
    const QString input = m_input->text().trimmed();
    if (input.isEmpty()) {
        return {};
    }
    const QDir folder = QFileInfo(input).dir();
    const QString base = baseName(input);
    const QString ending = formatEnding(m_format->format());
    QString name = base + ending;
    for (int i = 1; QFileInfo::exists(folder.filePath(name)); ++i) {
        name = i == 1 ? base + QStringLiteral("-converted") + ending
                      : QStringLiteral("%1-converted-%2%3").arg(base).arg(i).arg(ending);
    }
    return folder.filePath(name);
}

ConversionRequest ConvertDialog::request() const
{
    ConversionRequest request;
    request.input = m_input->text().trimmed().toStdString();
    request.output = m_output->text().trimmed().toStdString();
    request.to = m_format->format();
    request.dtype = m_format->dtype();
    request.compress = m_format->compress();
    request.gptqZeros = m_gptqZeros->currentData().toString().toStdString();
    request.ctLayout = m_ctLayout->currentData().toString().toStdString();
    bool isNumber = false;
    const qlonglong offset = m_offset->text().toLongLong(&isNumber);
    if (isNumber) {
        request.assumedOffset = offset;
    }
    return request;
}

QString ConvertDialog::commandLine() const
{
    return commandLineFor(engine::ConvertJob{request()}, {}, QStringLiteral("cpu"), 0);
}

QString ConvertDialog::sentence() const
{
    return m_result->isHidden() ? QString() : m_sentence->text();
}

void ConvertDialog::changed()
{
    ++m_state;
    m_mayConvert = false;
    m_failure->hide();
    m_result->hide();
    const ConversionRequest wanted = request();
    if (wanted.input.empty()) {
        m_lookSoon.stop();
        m_view->setSentence(tr("Choose a file to see what becomes of its tensors."));
    } else if (wanted.output.empty()) {
        m_lookSoon.stop();
        m_view->setSentence(tr("Choose the file to write."));
    } else {
        m_lookSoon.start();
    }
    showState();
}

void ConvertDialog::look()
{
    engine::ConvertJob job{request()};
    job.request.dryRun = true;
    JobOrder order;
    order.spec = job;
    order.slot = m_slot;
    order.onFinished = [this, state = m_state](const JobResult& result) {
        const auto* report = std::get_if<std::shared_ptr<const ConversionReport>>(&result);
        if (report != nullptr && state == m_state) {
            looked(*report);
        }
        return QString();
    };
    order.onFailed = [this, state = m_state](const QString&, const QString& message) {
        if (state == m_state) {
            m_view->setSentence(message);
        }
    };
    m_center.start(std::move(order), this);
}

void ConvertDialog::looked(const std::shared_ptr<const ConversionReport>& report)
{
    if (report->question) {
        ask(*report->question);
        return;
    }
    m_kind->setText(tr("%1, %n tensor(s), %2", nullptr, static_cast<int>(report->tensors.size()))
                        .arg(phraseText(report->inputFormat), ui::formatBytes(report->inputBytes)));
    m_view->setReport(report);
    m_mayConvert = true;
    showState();
}

QWidget* ConvertDialog::fieldOf(InputQuestion question) const
{
    switch (question) {
    case InputQuestion::GptqZeros:
        return m_gptqZeros;
    case InputQuestion::CtLayout:
        return m_ctLayout;
    case InputQuestion::BitPackOffset:
        return m_offset;
    }
    return nullptr;
}

/// The question appears, and stays as long as the file does.
void ConvertDialog::ask(const OpenQuestion& question)
{
    m_form->setRowVisible(fieldOf(question.asked), true);
    m_view->setSentence(tr("The file does not say how it is to be read; answer above: %1.")
                            .arg(phraseText(question.why)));
}

void ConvertDialog::convert()
{
    if (!m_mayConvert || m_job != 0) {
        return;
    }
    m_failure->hide();
    m_result->hide();
    const engine::ConvertJob job{request()};
    const QString name = QFileInfo(m_input->text()).fileName();
    JobOrder order;
    order.spec = job;
    order.title = tr("Convert %1").arg(name);
    order.commandLine = commandLine();
    order.onFinished = [this](const JobResult& result) {
        m_job = 0;
        const auto& report = *std::get<std::shared_ptr<const ConversionReport>>(result);
        const QString sizes =
            tr("%1 became %2, read back and compared")
                .arg(ui::formatBytes(report.inputBytes), ui::formatBytes(report.outputBytes));
        m_sentence->setText(tr("%1: %2").arg(sizes, QString::fromStdString(report.output)));
        m_mark->setPixmap(markPixmap(Mark::Done, fontMetrics().height(),
                                     markColour(Mark::Done, palette()), devicePixelRatioF()));
        m_result->show();
        showState();
        Q_EMIT converted(report);
        return sizes;
    };
    order.onFailed = [this, name](const QString& code, const QString& message) {
        m_job = 0;
        m_failure->show(tr("%1 was not converted").arg(name), code, message);
        showState();
    };
    order.onCancelled = [this](const JobResult&) {
        m_job = 0;
        showState();
    };
    m_job = m_center.start(std::move(order), this);
    showState();
}

void ConvertDialog::showState()
{
    const bool idle = m_job == 0;
    for (QWidget* field : std::initializer_list<QWidget*>{m_input, m_output, m_format, m_gptqZeros,
                                                          m_ctLayout, m_offset}) {
        field->setEnabled(idle);
    }
    m_kind->setVisible(!m_kind->text().isEmpty());
    m_progress->setJob(m_job);
    m_convert->setEnabled(idle && m_mayConvert);
    m_copy->setEnabled(!request().input.empty() && !request().output.empty());
}

} // namespace bitloom::workbench
