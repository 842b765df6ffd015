// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/pack/conversion_view.h"

#include "app/workbench/jobs/phrase_text.h"
#include "app/workbench/panels/common/table_style.h"
#include "app/workbench/panels/common/text_label.h"
#include "app/workbench/panels/pack/conversion_model.h"
#include "widgets/util/formatting.h"

#include <QLabel>
#include <QTreeView>
#include <QVBoxLayout>

namespace bitloom::workbench {

namespace {
constexpr int kNameCharacters = 26;
constexpr int kRowsInSight = 5;
} // namespace

ConversionView::ConversionView(int margin, QWidget* parent)
    : QWidget(parent), m_model(new ConversionModel(this)), m_summary(makeTextLabel(tr("Summary"))),
      m_losses(makeTextLabel(tr("Not in the file"))), m_table(new QTreeView)
{
    setUpTable(*m_table, tr("What becomes of each tensor"));
    m_table->setModel(m_model);
    sizeColumns(*m_table, kNameCharacters);
    const auto at = [](ConversionColumn column) { return static_cast<int>(column); };
    yieldColumns(*m_table, {at(ConversionColumn::What), at(ConversionColumn::Shape),
                            at(ConversionColumn::Before), at(ConversionColumn::Bytes)});
    m_table->setMinimumHeight((kRowsInSight + 1) * (fontMetrics().height() + 8));
    auto* words = new QVBoxLayout;
    words->setContentsMargins(margin, 8, margin, 8);
    words->setSpacing(4);
    words->addWidget(m_summary);
    words->addWidget(m_losses);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(words);
    layout->addWidget(m_table, 1);
    layout->addStretch(); // a sentence alone stands at the top
    setSentence({});
}

QString ConversionView::summary() const
{
    return m_summary->text();
}

void ConversionView::setReport(std::shared_ptr<const ConversionReport> report)
{
    if (!report->refusal.empty()) {
        setSentence(phraseText(report->refusal));
        return;
    }
    const auto count = [&report](ConversionFate fate) {
        return ui::formatExact(countOf(*report, fate));
    };
    QStringList losses;
    for (const Phrase& loss : report->losses) {
        losses << tr("Not in the file: %1.").arg(phraseText(loss));
    }
    for (const Phrase& note : report->notes) {
        losses << tr("Note: %1.").arg(phraseText(note));
    }
    const QString summary =
        tr("About %1. Of %n tensor(s), %2 kept, %3 changed, %4 lost.", nullptr,
           static_cast<int>(report->tensors.size()))
            .arg(ui::formatBytes(report->foreseenBytes), count(ConversionFate::Kept),
                 count(ConversionFate::Changed), count(ConversionFate::Lost));
    show(std::move(report), summary, losses.join(u'\n'));
}

void ConversionView::setSentence(const QString& sentence)
{
    show(nullptr, sentence, {});
}

void ConversionView::show(std::shared_ptr<const ConversionReport> report, const QString& summary,
                          const QString& losses)
{
    m_table->setVisible(report != nullptr);
    m_model->setReport(std::move(report));
    m_summary->setText(summary);
    m_summary->setVisible(!summary.isEmpty());
    m_losses->setText(losses);
    m_losses->setVisible(!losses.isEmpty());
}

} // namespace bitloom::workbench
