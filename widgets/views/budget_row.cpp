// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/budget_row.h"

#include "widgets/util/formatting.h"
#include "widgets/util/help.h"
#include "widgets/util/theme.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>

namespace bitloom::ui {

BudgetRow::BudgetRow(QWidget* parent)
    : QWidget(parent), m_label(new QLabel(tr("&Budget"), this)),
      m_slider(new QSlider(Qt::Horizontal, this)), m_number(new QDoubleSpinBox(this)),
      m_unit(new QComboBox(this)), m_proof(new QLabel(this)),
      m_take(new QPushButton(tr("Take plan"), this)),
      m_discard(new QPushButton(tr("Discard"), this))
{
    m_label->setBuddy(m_slider);
    m_slider->setRange(0, LogScale::kSteps);
    m_slider->setSingleStep(5);
    m_slider->setPageStep(50);
    m_slider->setMinimumWidth(80);
    m_slider->setAccessibleName(tr("Budget"));
    setHelp(*m_slider,
            tr("Shows the best plan for each budget while it moves, on a logarithmic scale."));
    m_number->setKeyboardTracking(false); // 1 on the way to 12.5 is no budget
    m_number->setAccessibleName(tr("Budget as a number"));
    m_number->setAccessibleDescription(tr("The same budget, to be typed."));
    m_number->setAlignment(Qt::AlignRight);
    m_unit->addItem(tr("% BOPs"), static_cast<int>(BudgetUnit::BopsPercent));
    m_unit->addItem(tr("MB"), static_cast<int>(BudgetUnit::Megabytes));
    m_unit->setAccessibleName(tr("Unit of the budget"));
    setHelp(*m_unit, tr("Bit operations in percent of FP32, or stored bytes."));
    m_proof->setAccessibleName(tr("Proof of the plan"));
    setHelp(*m_take, tr("Makes the plan on show the one being edited. Undo brings the old one "
                        "back."));
    setHelp(*m_discard, tr("Goes back to the plan being edited."));
    for (QPushButton* button : {m_take, m_discard}) { // their room stays when they go
        button->setAccessibleName(button->text());
        QSizePolicy policy = button->sizePolicy();
        policy.setRetainSizeWhenHidden(true);
        button->setSizePolicy(policy);
    }

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_label);
    layout->addWidget(m_slider, 3);
    layout->addWidget(m_number);
    layout->addWidget(m_unit);
    layout->addSpacing(8);
    layout->addWidget(m_proof, 2);
    layout->addWidget(m_discard);
    layout->addWidget(m_take);

    connect(m_slider, &QSlider::valueChanged, this, &BudgetRow::sliderMoved);
    connect(m_number, &QDoubleSpinBox::valueChanged, this, &BudgetRow::numberEntered);
    connect(m_unit, &QComboBox::currentIndexChanged, this,
            [this] { Q_EMIT unitChanged(static_cast<BudgetUnit>(m_unit->currentData().toInt())); });
    connect(m_take, &QPushButton::clicked, this, &BudgetRow::budgetAccepted);
    connect(m_discard, &QPushButton::clicked, this, &BudgetRow::budgetDiscarded);
    setState(m_state);
}

void BudgetRow::setState(const BudgetState& state)
{
    m_state = state;
    m_scale = LogScale(state.minimum, state.maximum);
    const QSignalBlocker quietSlider(m_slider);
    const QSignalBlocker quietNumber(m_number);
    const QSignalBlocker quietUnit(m_unit);
    const int decimals = state.unit == BudgetUnit::BopsPercent ? 2 : 3;
    m_number->setDecimals(decimals);
    // The ends are rounded outwards, so that both can be typed.
    const double unit = std::pow(10, -decimals);
    m_number->setRange(std::floor(m_scale.minimum() / unit) * unit,
                       std::ceil(m_scale.maximum() / unit) * unit);
    m_number->setSingleStep(state.unit == BudgetUnit::BopsPercent ? 0.1 : 0.05);
    m_number->setValue(state.value);
    if (!m_slider->isSliderDown()) { // the answer must not pull at the hand
        m_slider->setValue(m_scale.stepOf(state.value));
    }
    m_unit->setCurrentIndex(m_unit->findData(static_cast<int>(state.unit)));
    const bool available = state.unavailable.isEmpty();
    for (QWidget* control : {static_cast<QWidget*>(m_slider), static_cast<QWidget*>(m_number),
                             static_cast<QWidget*>(m_unit)}) {
        control->setEnabled(available);
        control->setVisible(available); // the sentence that says why needs their room
    }
    m_take->setVisible(available && state.preview);
    m_discard->setVisible(available && state.preview);
    showProof();
}

void BudgetRow::showProof()
{
    const Theme theme(palette());
    QColor colour = theme.dimText();
    QString text;
    if (!m_state.unavailable.isEmpty()) {
        text = m_state.unavailable;
    } else if (m_state.gap && *m_state.gap <= 0) {
        text = tr("proven optimal");
        colour = theme.good();
    } else if (m_state.gap) {
        text = tr("gap %1 %2").arg(formatSignificant(*m_state.gap), m_state.lossUnit).trimmed();
    }
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, colour);
    m_proof->setPalette(colours);
    m_proof->setText(text);
    m_proof->setToolTip(
        m_state.gap ? tr("How far the plan's predicted loss may be from the best possible one "
                         "within the budget.")
                    : text);
}

void BudgetRow::sliderMoved(int step)
{
    const double value = m_scale.valueAt(step);
    m_state.value = value;
    const QSignalBlocker quiet(m_number);
    m_number->setValue(value);
    Q_EMIT budgetChanged(value);
}

void BudgetRow::numberEntered(double value)
{
    const double inside = std::clamp(value, m_scale.minimum(), m_scale.maximum());
    m_state.value = inside;
    const QSignalBlocker quiet(m_slider);
    m_slider->setValue(m_scale.stepOf(inside));
    Q_EMIT budgetChanged(inside);
}

void BudgetRow::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) { // another theme has another colour for it
        showProof();
    }
}

} // namespace bitloom::ui
