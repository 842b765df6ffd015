// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/pack/proof_sheet.h"

#include "app/workbench/panels/common/table_style.h"
#include "app/workbench/panels/common/text_label.h"
#include "app/workbench/panels/pack/format_words.h"
#include "app/workbench/panels/pack/pack_sheet_model.h"
#include "widgets/util/formatting.h"
#include "widgets/util/help.h"
#include "widgets/util/icons.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QEvent>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QTreeView>
#include <QUrl>

namespace bitloom::workbench {

namespace {
/// A narrow dock may break the hash after every eighth digit.
QString breakable(const std::string& hash)
{
    QString text;
    for (std::size_t i = 0; i < hash.size(); ++i) {
        text += i > 0 && i % 8 == 0 ? QString(QChar(0x200B)) : QString();
        text += QLatin1Char(hash[i]);
    }
    return text;
}

QPushButton* makeButton(const QString& text, const QString& icon, const QString& tip)
{
    auto* button = new QPushButton(ui::icon(icon), text);
    ui::setHelp(*button, tip);
    return button;
}

QToolButton* makeIconButton(const QString& name, const QString& icon, const QString& tip)
{
    auto* button = new QToolButton;
    button->setIcon(ui::icon(icon));
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setToolTip(tip);
    button->setAccessibleName(name);
    button->setAccessibleDescription(tip);
    return button;
}
} // namespace

ProofSheet::ProofSheet(QWidget* parent)
    : QWidget(parent), m_model(new PackSheetModel(this)), m_mark(new QLabel), m_verdict(new QLabel),
      m_file(makeTextLabel(tr("Packed file"))), m_sizes(makeTextLabel(tr("Sizes"))),
      m_hash(makeTextLabel(tr("SHA-256 of the file"))), m_accuracy(makeTextLabel(tr("Accuracy"))),
      m_table(new QTreeView)
{
    QFont bold = m_verdict->font();
    bold.setWeight(QFont::DemiBold);
    m_verdict->setFont(bold);
    m_verdict->setTextFormat(Qt::PlainText);
    m_verdict->setWordWrap(true);
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_mark, 0, Qt::AlignTop);
    head->addWidget(m_verdict, 1);

    m_hash->setFont(fixedFont());
    m_hash->setTextInteractionFlags(Qt::NoTextInteraction); // what is copied must not hold breaks
    auto* copyHash = makeIconButton(tr("Copy the hash"), QStringLiteral("copy"),
                                    tr("Copy the SHA-256 of the file."));
    connect(copyHash, &QToolButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(QString::fromStdString(m_sheet->sha256));
    });
    auto* hash = new QHBoxLayout;
    hash->addWidget(m_hash, 1);
    hash->addWidget(copyHash, 0, Qt::AlignTop);

    m_measure = makeButton(tr("Measure packed file"), QStringLiteral("evaluate"), {});
    connect(m_measure, &QPushButton::clicked, this, &ProofSheet::measureRequested);
    auto* folder = makeIconButton(tr("Open folder"), QStringLiteral("folder"),
                                  tr("Show the folder of the packed file."));
    connect(folder, &QToolButton::clicked, this, [this] {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(m_path).absolutePath()));
    });
    auto* path = makeIconButton(tr("Copy path"), QStringLiteral("copy"),
                                tr("Copy the path of the packed file."));
    connect(path, &QToolButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(QFileInfo(m_path).absoluteFilePath());
    });
    auto* report = makeButton(tr("Write report..."), QStringLiteral("report"),
                              tr("Write everything about the plan into one HTML file."));
    connect(report, &QPushButton::clicked, this, &ProofSheet::reportRequested);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    for (QAbstractButton* button :
         std::initializer_list<QAbstractButton*>{m_measure, report, folder, path}) {
        buttons->addWidget(button);
    }
    buttons->addStretch(1);

    setUpTable(*m_table, tr("Tensors of the packed file"));
    m_table->setModel(m_model);
    sizeColumns(*m_table, 26);
    const auto at = [](PackSheetColumn column) { return static_cast<int>(column); };
    yieldColumns(*m_table,
                 {at(PackSheetColumn::Padding), at(PackSheetColumn::Scales),
                  at(PackSheetColumn::Kind), at(PackSheetColumn::Shape), at(PackSheetColumn::Crc)});
    m_table->setMinimumHeight(6 * (fontMetrics().height() + 8));
    auto* top = new QVBoxLayout;
    top->setContentsMargins(12, 8, 12, 8);
    top->setSpacing(4);
    top->addLayout(head);
    top->addWidget(m_file);
    top->addWidget(m_sizes);
    top->addLayout(hash);
    top->addWidget(m_accuracy);
    top->addSpacing(4);
    top->addLayout(buttons);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top);
    layout->addWidget(m_table, 1);
    setMeasurable({});
}

void ProofSheet::setSheet(std::shared_ptr<const PackSheet> sheet, const QString& path,
                          bool fileIsThere)
{
    m_sheet = std::move(sheet);
    m_path = path;
    m_model->setReport(m_sheet);
    m_file->setText(fileIsThere ? path : tr("%1 is not there any more").arg(path));
    m_sizes->setText(
        tr("%1 on disk, %2 smaller than the model's %3: %4 payload + %5 metadata")
            .arg(ui::formatBytes(m_sheet->fileBytes),
                 ui::formatRatio(double(m_sheet->bytesFp32), double(m_sheet->fileBytes)),
                 ui::formatBytes(m_sheet->bytesFp32), ui::formatBytes(m_sheet->payloadBytes),
                 ui::formatBytes(m_sheet->metadataBytes)));
    m_sizes->setToolTip(ui::formatExactBytes(m_sheet->fileBytes));
    m_hash->setText(tr("SHA-256 %1").arg(breakable(m_sheet->sha256)));
    if (m_sheet->top1PackedPercent) {
        m_accuracy->setText(tr("Top-1 on %1 images: packed file %2, plan %3, without a plan %4")
                                .arg(ui::formatExact(m_sheet->images),
                                     ui::formatPercent(m_sheet->top1PackedPercent),
                                     ui::formatPercent(m_sheet->top1PlanPercent),
                                     ui::formatPercent(m_sheet->top1FloatPercent)));
    } else {
        m_accuracy->setText(tr("The accuracy of the packed file was not measured yet."));
    }
    showVerdict();
}

void ProofSheet::setMeasurable(const QString& reason)
{
    m_measure->setEnabled(reason.isEmpty());
    ui::setHelp(*m_measure, reason.isEmpty()
                                ? tr("Measure the weights that were read back from the file.")
                                : reason);
}

QString ProofSheet::fileText() const
{
    return m_file->text();
}

QString ProofSheet::verdict() const
{
    return m_verdict->text();
}

void ProofSheet::showVerdict()
{
    m_verdict->setText(
        !m_sheet->verified ? tr("Not verified: what was read back differs")
        : holdsModel(*m_sheet)
            ? tr("Verified: read back, every code and the answers to a reference batch are equal "
                 "bit for bit")
            : tr("Verified: read back, and every tensor is what its codes become in %1")
                  .arg(formatName(
                      weightFormatFrom(m_sheet->format).value_or(WeightFormat::Packed))));
    showOutcome(*this, *m_mark, *m_verdict, m_sheet->verified ? Mark::Done : Mark::Failed);
}

void ProofSheet::changeEvent(QEvent* event)
{
    if (m_sheet &&
        (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)) {
        showVerdict();
        m_hash->setFont(fixedFont());
    }
    QWidget::changeEvent(event);
}

} // namespace bitloom::workbench
