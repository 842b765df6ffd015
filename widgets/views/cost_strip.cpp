// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/cost_strip.h"

#include "widgets/util/formatting.h"
#include "widgets/util/help.h"
#include "widgets/views/figure_button.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace bitloom::ui {

CostStrip::CostStrip(QWidget* parent)
    : QWidget(parent), m_reference(new QComboBox(this)), m_budget(new BudgetRow(this))
{
    setAccessibleName(tr("Cost of the plan"));
    setWhatsThis(tr("What the shown plan costs, counted anew at each edit. In brackets the change "
                    "against the plan on the right; a click on a figure opens what it is made of. "
                    "The budget below finds the plan with the least predicted loss that costs no "
                    "more; it is proven optimal for the sensitivity table."));
    auto* figures = new QHBoxLayout;
    figures->setSpacing(16);
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        const auto figure = static_cast<Figure>(i);
        auto* button = new FigureButton(this);
        button->setWhatsThis(ui::whatsThis(metricOf(figure)));
        m_buttons[i] = button;
        connect(button, &QAbstractButton::clicked, this,
                [this, figure] { Q_EMIT figureActivated(figure); });
        figures->addWidget(button);
    }
    figures->addStretch(1);
    auto* against = new QLabel(tr("&Against"), this);
    against->setBuddy(m_reference);
    against->setForegroundRole(QPalette::PlaceholderText);
    m_reference->setAccessibleName(tr("Change against"));
    setHelp(*m_reference, tr("What the changes in brackets are measured from."));
    m_reference->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    figures->addWidget(against);
    figures->addWidget(m_reference);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 12, 8);
    layout->setSpacing(4);
    layout->addLayout(figures);
    auto* budget = new QHBoxLayout;
    budget->setContentsMargins(8, 0, 0, 0); // under the figures' texts
    budget->addWidget(m_budget);
    layout->addLayout(budget);

    connect(m_reference, &QComboBox::currentIndexChanged, this, [this] {
        showFigures();
        Q_EMIT referenceChanged(reference());
    });
    connect(m_budget, &BudgetRow::budgetChanged, this, &CostStrip::budgetChanged);
    connect(m_budget, &BudgetRow::budgetAccepted, this, &CostStrip::budgetAccepted);
    setReferences({});
}

void CostStrip::setFigures(const std::optional<CostFigures>& figures)
{
    if (figures == m_figures) {
        return;
    }
    m_figures = figures;
    showFigures();
}

void CostStrip::setReferences(const QList<CostReference>& references)
{
    const QString before = reference();
    m_references = references;
    {
        const QSignalBlocker quiet(m_reference);
        m_reference->clear();
        for (const CostReference& entry : references) {
            m_reference->addItem(entry.name, entry.id);
        }
        m_reference->setCurrentIndex(
            std::max(m_reference->findData(before), references.isEmpty() ? -1 : 0));
        m_reference->setEnabled(!references.isEmpty());
    }
    showFigures();
}

void CostStrip::setReference(const QString& id)
{
    const int index = m_reference->findData(id);
    if (index >= 0) {
        const QSignalBlocker quiet(m_reference);
        m_reference->setCurrentIndex(index);
        showFigures();
    }
}

QString CostStrip::reference() const
{
    return m_reference->currentData().toString();
}

void CostStrip::setLossUnit(const QString& unit)
{
    m_lossUnit = unit;
    showFigures();
}

FigureText CostStrip::shown(Figure figure) const
{
    return m_buttons[static_cast<std::size_t>(figure)]->figure();
}

void CostStrip::showFigures()
{
    const auto chosen =
        std::find_if(m_references.cbegin(), m_references.cend(),
                     [id = reference()](const CostReference& entry) { return entry.id == id; });
    const CostReference* against = m_figures && chosen != m_references.cend() ? &*chosen : nullptr;
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        FigureText text = figureText(static_cast<Figure>(i), m_figures.value_or(CostFigures()),
                                     against, m_lossUnit);
        if (!m_figures) {
            text.value = notKnown();
            text.detail.clear();
        }
        m_buttons[i]->setFigure(text);
        m_buttons[i]->setEnabled(m_figures.has_value());
    }
}

} // namespace bitloom::ui
