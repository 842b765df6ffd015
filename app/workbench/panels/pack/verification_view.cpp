// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/pack/verification_view.h"

#include "app/workbench/panels/common/table_style.h"
#include "app/workbench/panels/common/text_label.h"
#include "app/workbench/panels/pack/difference_model.h"
#include "widgets/util/formatting.h"
#include "widgets/util/help.h"
#include "widgets/util/icons.h"
#include "widgets/views/table_picture.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace bitloom::workbench {

VerificationView::VerificationView(QWidget* parent)
    : QWidget(parent), m_model(new DifferenceModel(this)), m_mark(new QLabel),
      m_verdict(makeTextLabel(tr("Verdict"))), m_detail(makeTextLabel(tr("What was compared"))),
      m_copy(new QPushButton(ui::icon(QStringLiteral("copy")), tr("Copy all"))),
      m_table(new QTreeView)
{
    QFont bold = m_verdict->font();
    bold.setWeight(QFont::DemiBold);
    m_verdict->setFont(bold);
    const QString help = tr("Copy every listed difference, one per line.");
    ui::setHelp(*m_copy, help);
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(text()); });
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_mark, 0, Qt::AlignTop);
    head->addWidget(m_verdict, 1);
    head->addWidget(m_copy, 0, Qt::AlignTop);
    setUpTable(*m_table, tr("Differences"));
    m_table->setModel(m_model);
    sizeColumns(*m_table, 24);
    m_table->header()->setStretchLastSection(true);
    m_table->setMinimumHeight(3 * (fontMetrics().height() + 8));
    auto* top = new QVBoxLayout;
    top->setContentsMargins(12, 8, 12, 8);
    top->setSpacing(4);
    top->addLayout(head);
    top->addWidget(m_detail);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top);
    layout->addWidget(m_table, 1);
    layout->addStretch(0);
    setReport(nullptr, {});
}

void VerificationView::setReport(std::shared_ptr<const VerifyReport> report, const QString& against)
{
    m_report = std::move(report);
    m_against = against;
    m_model->setReport(m_report);
    const bool differs = m_report && m_report->differenceCount > 0;
    m_table->setVisible(differs);
    m_copy->setVisible(differs);
    showVerdict();
}

QString VerificationView::verdict() const
{
    return m_verdict->text();
}

QString VerificationView::text() const
{
    QModelIndexList rows;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        rows << m_model->index(row, 0);
    }
    return ui::tableText(*m_table, rows, u'\t');
}

void VerificationView::showVerdict()
{
    m_mark->setVisible(m_report != nullptr);
    if (!m_report) {
        m_verdict->setText(tr("Not verified yet."));
        m_detail->setText(
            tr("Verifying reads the whole file: its checksums, and with a float model "
               "each code, scale and value and the answers to a reference batch."));
        m_verdict->setPalette({});
        return;
    }
    const bool verified = m_report->sheet.verified;
    showOutcome(*this, *m_mark, *m_verdict, verified ? Mark::Done : Mark::Failed);
    const auto tensors = static_cast<int>(m_report->sheet.tensors.size());
    if (!verified) {
        m_verdict->setText(tr("Not verified: the file differs in %1 place(s)", nullptr,
                              static_cast<int>(m_report->differenceCount))
                               .arg(ui::formatExact(m_report->differenceCount)));
    } else {
        m_verdict->setText(m_against.isEmpty() ? tr("The file is sound: all checksums are right")
                                               : tr("Verified: every code, scale and value is the "
                                                    "model's"));
    }
    QStringList details;
    details << (m_against.isEmpty()
                    ? tr("%n tensor(s) read; nothing was compared with a model.", nullptr, tensors)
                    : tr("%n tensor(s) compared with %1.", nullptr, tensors).arg(m_against));
    const auto listed = static_cast<std::int64_t>(m_report->differences.size());
    if (listed < m_report->differenceCount) {
        details << tr("The first %1 of each tensor are listed.")
                       .arg(ui::formatExact(std::int64_t(VerifyReport::kMostListed)));
    }
    m_detail->setText(details.join(u' '));
}

void VerificationView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        showVerdict();
    }
    QWidget::changeEvent(event);
}

} // namespace bitloom::workbench
