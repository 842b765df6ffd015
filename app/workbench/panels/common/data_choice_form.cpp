// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/common/data_choice_form.h"

#include "app/workbench/panels/common/data_choice.h"
#include "widgets/util/help.h"
#include "widgets/util/icons.h"
#include "widgets/views/flow_layout.h"

#include <QComboBox>
#include <QFileDialog>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>

namespace bitloom::workbench {

namespace {
constexpr int kMaxImages = 100'000'000;
constexpr int kMaxDigits = 1'000'000;

QLabel* makeLabel(const QString& text, QWidget* buddy)
{
    auto* label = new QLabel(text);
    label->setBuddy(buddy);
    return label;
}

void name(QWidget* widget, const QString& text, const QString& tip)
{
    widget->setAccessibleName(text);
    ui::setHelp(*widget, tip);
}
} // namespace

DataChoiceForm::DataChoiceForm(DataChoice& choice, DataUse use, QWidget* parent)
    : QWidget(parent), m_choice(choice), m_kind(new QComboBox), m_folder(new QLineEdit),
      m_digits(new QSpinBox), m_browse(new QToolButton), m_recent(new QPushButton),
      m_recentMenu(new QMenu(this)), m_split(new QComboBox), m_limit(new QSpinBox),
      m_calibration(new QSpinBox)
{
    m_kind->addItem(tr("Generated digits"), static_cast<int>(DataKind::Digits));
    m_kind->addItem(tr("MNIST folder"), static_cast<int>(DataKind::Mnist));
    m_kind->addItem(tr("CIFAR-10 folder"), static_cast<int>(DataKind::Cifar10));
    m_kind->addItem(tr("Image folder"), static_cast<int>(DataKind::Images));
    name(m_kind, tr("Kind of images"), tr("Where the images come from."));
    m_folder->setPlaceholderText(tr("Folder"));
    name(m_folder, tr("Folder of the images"), tr("The folder that holds the images."));
    m_digits->setRange(1, kMaxDigits);
    m_digits->setGroupSeparatorShown(true);
    m_digits->setSuffix(tr(" digits"));
    name(m_digits, tr("Generated digits"), tr("How many digits each split has."));
    m_browse->setText(tr("Browse..."));
    m_browse->setIcon(ui::icon(QStringLiteral("folder")));
    name(m_browse, tr("Choose the folder"), tr("Choose the folder of the images."));
    m_recent->setText(tr("Recent"));
    m_recent->setMenu(m_recentMenu);
    name(m_recent, tr("Recent images"), tr("Images that were used before."));
    m_split->addItems({tr("test split"), tr("training split")});
    name(m_split, tr("Split"), tr("The part of the images to measure on."));
    m_limit->setRange(0, kMaxImages);
    m_limit->setSpecialValueText(tr("all images"));
    m_limit->setPrefix(tr("first "));
    m_limit->setSuffix(tr(" images"));
    m_limit->setGroupSeparatorShown(true);
    m_limit->setSingleStep(100);
    name(m_limit, tr("Number of images"), tr("Measure on the first images only; 0: on all."));
    m_calibration->setRange(1, kMaxImages);
    m_calibration->setSuffix(tr(" images"));
    m_calibration->setGroupSeparatorShown(true);
    m_calibration->setSingleStep(64);
    name(m_calibration, tr("Calibration images"),
         tr("The ranges of the activations are found on the first images of the training split."));

    auto* source = new ui::FlowLayout;
    source->setSpacing(8);
    for (QWidget* control :
         std::initializer_list<QWidget*>{m_kind, m_folder, m_digits, m_browse, m_recent}) {
        source->addWidget(control);
    }
    auto* amount = new QHBoxLayout;
    amount->setSpacing(8);
    if (use == DataUse::Measuring) {
        amount->addWidget(m_split);
        amount->addWidget(m_limit);
        amount->addSpacing(8);
    } else {
        leaveOut(m_split);
        leaveOut(m_limit);
    }
    if (use == DataUse::Training) {
        leaveOut(m_calibration);
    } else {
        amount->addWidget(
            makeLabel(use == DataUse::Calibration ? tr("C&alibrate on") : tr("c&alibrate on"),
                      m_calibration));
        amount->addWidget(m_calibration);
    }
    amount->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(source);
    if (use == DataUse::Training) {
        delete amount;
    } else {
        layout->addLayout(amount);
    }

    show(choice);
    fillRecent();
    connect(&choice, &DataChoice::changed, this, [this] { show(m_choice); });
    connect(&choice, &DataChoice::recentChanged, this, &DataChoiceForm::fillRecent);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &DataChoiceForm::take);
    connect(m_split, &QComboBox::currentIndexChanged, this, &DataChoiceForm::take);
    connect(m_folder, &QLineEdit::textChanged, this, &DataChoiceForm::take);
    for (QSpinBox* box : {m_digits, m_limit, m_calibration}) {
        connect(box, &QSpinBox::valueChanged, this, &DataChoiceForm::take);
    }
    connect(m_browse, &QToolButton::clicked, this, &DataChoiceForm::browse);
}

void DataChoiceForm::leaveOut(QWidget* control)
{
    control->setParent(this);
    control->hide();
}

void DataChoiceForm::show(const DataChoice& choice)
{
    m_showing = true;
    const DataSettings& settings = choice.settings();
    const bool digits = settings.kind == DataKind::Digits;
    m_kind->setCurrentIndex(m_kind->findData(static_cast<int>(settings.kind)));
    if (m_folder->text() != settings.folder) {
        m_folder->setText(settings.folder);
    }
    m_folder->setVisible(!digits);
    m_browse->setVisible(!digits);
    m_digits->setVisible(digits);
    m_digits->setValue(settings.digits);
    m_split->setCurrentIndex(settings.training ? 1 : 0);
    m_limit->setValue(settings.limit);
    m_calibration->setValue(settings.calibrationImages);
    m_showing = false;
}

void DataChoiceForm::take()
{
    if (m_showing) {
        return;
    }
    DataSettings settings;
    settings.kind = static_cast<DataKind>(m_kind->currentData().toInt());
    settings.folder = m_folder->text();
    settings.digits = m_digits->value();
    settings.training = m_split->currentIndex() == 1;
    settings.limit = m_limit->value();
    settings.calibrationImages = m_calibration->value();
    m_choice.setSettings(settings);
}

void DataChoiceForm::browse()
{
    auto* dialog = new QFileDialog(this, tr("Folder of the images"), m_folder->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, m_folder, &QLineEdit::setText);
    dialog->open();
}

void DataChoiceForm::fillRecent()
{
    m_recentMenu->clear();
    const QStringList specs = m_choice.recent();
    for (const QString& spec : specs) {
        QString text = spec;
        text.replace(u'&', QStringLiteral("&&"));
        connect(m_recentMenu->addAction(text), &QAction::triggered, this, [this, spec] {
            engine::DataRef used;
            used.spec = spec.toStdString();
            used.split = m_choice.settings().training ? "train" : "test";
            used.limit = m_choice.settings().limit;
            m_choice.setData(used);
        });
    }
    m_recent->setEnabled(!specs.isEmpty());
    m_recent->setToolTip(specs.isEmpty() ? tr("No images were used yet.")
                                         : tr("Images that were used before."));
}

} // namespace bitloom::workbench
