// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/pack/format_choice.h"

#include "app/workbench/panels/pack/format_words.h"
#include "widgets/util/formatting.h"
#include "widgets/util/help.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>

#include <array>

namespace bitloom::workbench {

namespace {
constexpr int kMaxLevel = 9;
constexpr int kKindCharacters = 26;

/// In the order in which they are offered.
constexpr std::array kFormatKinds{
    WeightFormat::Packed,        WeightFormat::CompressedTensors,
    WeightFormat::TorchState,    WeightFormat::SafetensorsState,
    WeightFormat::BitPack,       WeightFormat::BitPackExact,
    WeightFormat::BitPackLegacy, WeightFormat::BitPackExactLegacy,
};
} // namespace

FormatChoice::FormatChoice(QWidget* parent)
    : QWidget(parent), m_kinds(new QComboBox), m_optionName(new QLabel), m_types(new QComboBox),
      m_level(new QSpinBox)
{
    for (const WeightFormat format : kFormatKinds) {
        m_kinds->addItem(formatName(format), static_cast<int>(format));
        m_kinds->setItemData(m_kinds->count() - 1, formatAbout(format), Qt::ToolTipRole);
    }
    m_kinds->setAccessibleName(tr("Kind of file"));
    m_kinds->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_kinds->setMinimumContentsLength(kKindCharacters);
    m_types->addItem(tr("as they are"), QString());
    for (const std::string& type : stateDictTypes()) {
        m_types->addItem(QString::fromStdString(type), QString::fromStdString(type));
    }
    m_types->setAccessibleName(tr("Type of the numbers"));
    ui::setHelp(*m_types, tr("The type that all floating point tensors get in the file."));
    m_level->setRange(0, kMaxLevel);
    m_level->setSpecialValueText(tr("none"));
    m_level->setAccessibleName(tr("Compression"));
    ui::setHelp(*m_level, tr("The level at which large tensors are deflated. The codes of trained "
                             "weights are near random, so it mostly pays for sparse ones."));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_kinds, 1);
    layout->addWidget(m_optionName);
    layout->addWidget(m_types);
    layout->addWidget(m_level);
    setFocusProxy(m_kinds);
    connect(m_kinds, &QComboBox::currentIndexChanged, this, [this] {
        showOptions();
        Q_EMIT changed();
    });
    connect(m_types, &QComboBox::currentIndexChanged, this, &FormatChoice::changed);
    connect(m_level, &QSpinBox::valueChanged, this, &FormatChoice::changed);
    showOptions();
}

WeightFormat FormatChoice::format() const
{
    return static_cast<WeightFormat>(m_kinds->currentData().toInt());
}

void FormatChoice::setFormat(WeightFormat format)
{
    m_kinds->setCurrentIndex(m_kinds->findData(static_cast<int>(format)));
}

std::string FormatChoice::dtype() const
{
    return isStateDict(format()) ? m_types->currentData().toString().toStdString() : std::string();
}

int FormatChoice::compress() const
{
    return format() == WeightFormat::Packed ? m_level->value() : 0;
}

void FormatChoice::setSizes(const std::map<WeightFormat, std::int64_t>& sizes)
{
    const QSignalBlocker quiet(m_kinds);
    for (int i = 0; i < m_kinds->count(); ++i) {
        const auto format = static_cast<WeightFormat>(m_kinds->itemData(i).toInt());
        const auto size = sizes.find(format);
        m_kinds->setItemText(
            i, size == sizes.end()
                   ? formatName(format)
                   : tr("%1, about %2").arg(formatName(format), ui::formatBytes(size->second)));
    }
}

void FormatChoice::showOptions()
{
    const bool hasType = isStateDict(format());
    const bool hasLevel = format() == WeightFormat::Packed;
    m_types->setVisible(hasType);
    m_level->setVisible(hasLevel);
    m_optionName->setVisible(hasType || hasLevel);
    m_optionName->setText(hasType ? tr("Numbers") : tr("Compression"));
    ui::setHelp(*m_kinds, formatAbout(format()));
}

} // namespace bitloom::workbench
