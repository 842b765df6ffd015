// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/dialogs/settings_dialog.h"

#include "app/workbench/frame/translations.h"
#include "app/workbench/settings/settings.h"
#include "widgets/util/help.h"
#include "widgets/util/spacing.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QRegularExpressionValidator>
#include <QSpinBox>
#include <QThread>
#include <QVBoxLayout>

namespace bitloom::workbench {

namespace {

template <typename Control>
Control* named(Control* control, const char* id, const QString& name, const QString& help)
{
    control->setObjectName(QString::fromLatin1(id));
    control->setAccessibleName(name);
    ui::setHelp(*control, help);
    return control;
}

QLabel* makeHint(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}
} // namespace

SettingsDialog::SettingsDialog(Settings& settings, QWidget* parent)
    : QDialog(parent), m_settings(settings)
{
    setObjectName(QStringLiteral("settingsDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Settings"));
    auto* form = new QFormLayout;
    form->setVerticalSpacing(ui::kWideGap);
    addAppearance(form);
    addComputing(form);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->setSpacing(ui::kWideGap);
    column->addLayout(form);
    column->addWidget(makeHint(m_settings.isReadOnly()
                                   ? tr("These settings hold until the window is closed: the file "
                                        "cannot be written.")
                                   : tr("Changes count at once and are kept."),
                               this));
    column->addStretch(1);
    column->addWidget(buttons);
    setMinimumWidth(28 * fontMetrics().averageCharWidth() * 2);
}

void SettingsDialog::addAppearance(QFormLayout* form)
{
    auto* theme = named(new QComboBox(this), "theme", tr("Theme"),
                        tr("Colours of the window and of all plots."));
    theme->addItem(tr("As the system"), QStringLiteral("system"));
    theme->addItem(tr("Light"), QStringLiteral("light"));
    theme->addItem(tr("Dark"), QStringLiteral("dark"));
    theme->setCurrentIndex(qMax(0, theme->findData(m_settings.data().theme)));
    connect(theme, &QComboBox::currentIndexChanged, this, [this, theme] {
        m_settings.update(
            [&](SettingsData& stored) { stored.theme = theme->currentData().toString(); });
    });
    form->addRow(tr("&Theme"), theme);

    auto* language = named(new QComboBox(this), "language", tr("Language"),
                           tr("Counts from the next start on."));
    language->addItem(tr("As the system"), QString());
    const QStringList languages = availableLanguages();
    for (const QString& code : languages) {
        const QString name = QLocale(code).nativeLanguageName();
        language->addItem(name.isEmpty() ? code : name, code);
    }
    language->setCurrentIndex(qMax(0, language->findData(m_settings.data().language)));
    connect(language, &QComboBox::currentIndexChanged, this, [this, language] {
        m_settings.update(
            [&](SettingsData& stored) { stored.language = language->currentData().toString(); });
    });
    form->addRow(tr("&Language"), language);
}

void SettingsDialog::addComputing(QFormLayout* form)
{
    auto* device = named(new QComboBox(this), "device", tr("Device"),
                         tr("Where jobs run: cpu, cuda or cuda:N."));
    device->setEditable(true);
    device->addItems({QStringLiteral("cpu"), QStringLiteral("cuda")});
    device->setCurrentText(m_settings.data().device);
    device->setValidator(new QRegularExpressionValidator(
        QRegularExpression(QStringLiteral("cpu|cuda(:[0-9]{1,3})?")), device));
    const auto takeDevice = [this, device] {
        if (device->lineEdit()->hasAcceptableInput()) {
            m_settings.update([&](SettingsData& stored) { stored.device = device->currentText(); });
        }
    };
    connect(device, &QComboBox::activated, this, takeDevice);
    connect(device->lineEdit(), &QLineEdit::editingFinished, this, takeDevice);
    form->addRow(tr("&Device"), device);

    auto* threads = named(new QSpinBox(this), "threads", tr("Processor threads"),
                          tr("For computing; counts from the next start on."));
    threads->setRange(0, kMaxThreads);
    threads->setSpecialValueText(tr("All cores (%1)").arg(QThread::idealThreadCount()));
    threads->setValue(m_settings.data().threads);
    connect(threads, &QSpinBox::valueChanged, this, [this](int value) {
        m_settings.update([&](SettingsData& stored) { stored.threads = value; });
    });
    form->addRow(tr("&Processor threads"), threads);

    auto* seed = named(new QLineEdit(this), "seed", tr("Seed"),
                       tr("Of everything random; the same seed gives the same results."));
    seed->setText(QString::number(m_settings.data().seed));
    seed->setValidator(
        new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[0-9]{1,20}")), seed));
    connect(seed, &QLineEdit::editingFinished, this, [this, seed] {
        bool isNumber = false;
        const quint64 value = seed->text().toULongLong(&isNumber);
        if (isNumber) {
            m_settings.update([&](SettingsData& stored) { stored.seed = value; });
        } else { // above 64 bits
            seed->setText(QString::number(m_settings.data().seed));
        }
    });
    form->addRow(tr("&Seed"), seed);
}

} // namespace bitloom::workbench
