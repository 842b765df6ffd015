// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/dialogs/sensitivity_dialog.h"

#include "app/workbench/panels/common/data_choice.h"
#include "app/workbench/panels/common/data_choice_form.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace bitloom::workbench {

SensitivityDialog::SensitivityDialog(DataChoice& choice, SensitivityRun& run, QWidget* parent)
    : QDialog(parent), m_choice(choice), m_run(run), m_images(new QSpinBox),
      m_bits(new QLineEdit(QStringLiteral("2, 3, 4, 5, 6, 8"))),
      m_weights(new QCheckBox(tr("Weights"))), m_activations(new QCheckBox(tr("Activations"))),
      m_problem(new QLabel)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Measure sensitivity"));
    m_images->setRange(0, 10'000'000);
    m_images->setValue(SweepSettings{}.images);
    m_images->setSpecialValueText(tr("all"));
    m_images->setAccessibleName(tr("Images"));
    m_images->setAccessibleDescription(tr("How many of the first images are measured on"));
    m_bits->setAccessibleName(tr("Bit widths"));
    m_bits->setAccessibleDescription(tr("Widths to measure, 1 to 16, separated by commas"));
    m_weights->setChecked(true);
    m_activations->setChecked(true);
    m_weights->setAccessibleDescription(tr("Measures the weight of each layer"));
    m_activations->setAccessibleDescription(tr("Measures each activation tensor"));
    m_problem->setWordWrap(true);

    auto* intro = new QLabel(
        tr("Each weight and each activation tensor is quantized alone, at each width, and the "
           "network's output is compared with the unquantized one. A stopped sweep goes on where "
           "it was."));
    intro->setWordWrap(true);
    auto* sides = new QHBoxLayout;
    sides->addWidget(m_weights);
    sides->addWidget(m_activations);
    sides->addStretch();
    auto* form = new QFormLayout;
    form->addRow(tr("&Bit widths"), m_bits);
    form->addRow(tr("&Images"), m_images);
    form->addRow(tr("Measure"), sides);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_start = buttons->addButton(tr("Measure"), QDialogButtonBox::AcceptRole);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(intro);
    layout->addWidget(new DataChoiceForm(choice, DataUse::Measuring));
    layout->addLayout(form);
    layout->addWidget(m_problem);
    layout->addWidget(buttons);

    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        if (const auto wanted = settings(); wanted && m_run.problem().isEmpty()) {
            m_run.start(*wanted);
            accept();
        }
    });
    connect(m_bits, &QLineEdit::textChanged, this, &SensitivityDialog::update);
    connect(m_weights, &QCheckBox::toggled, this, &SensitivityDialog::update);
    connect(m_activations, &QCheckBox::toggled, this, &SensitivityDialog::update);
    connect(&choice, &DataChoice::changed, this, &SensitivityDialog::update);
    update();
}

std::optional<SweepSettings> SensitivityDialog::settings() const
{
    SweepSettings wanted;
    wanted.images = m_images->value();
    wanted.weights = m_weights->isChecked();
    wanted.activations = m_activations->isChecked();
    wanted.bits.clear();
    const QStringList words = m_bits->text().split(u',', Qt::SkipEmptyParts);
    for (const QString& word : words) {
        bool isNumber = false;
        const int bits = word.trimmed().toInt(&isNumber);
        if (!isNumber || bits < 1 || bits > kMaxIntegerBits) {
            return std::nullopt;
        }
        wanted.bits.push_back(bits);
    }
    std::sort(wanted.bits.begin(), wanted.bits.end());
    wanted.bits.erase(std::unique(wanted.bits.begin(), wanted.bits.end()), wanted.bits.end());
    if (wanted.bits.empty() || !(wanted.weights || wanted.activations)) {
        return std::nullopt;
    }
    return wanted;
}

void SensitivityDialog::update()
{
    QString problem = m_run.problem();
    if (problem.isEmpty() && !settings()) {
        problem = m_weights->isChecked() || m_activations->isChecked()
                      ? tr("Give widths from 1 to 16, separated by commas.")
                      : tr("Choose weights, activations or both.");
    }
    m_problem->setText(problem);
    m_start->setEnabled(problem.isEmpty());
}

} // namespace bitloom::workbench
