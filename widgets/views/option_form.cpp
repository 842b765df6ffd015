// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/option_form.h"

#include "core/base/error.h"
#include "widgets/util/help.h"
#include "widgets/views/option_field.h"

#include <QGridLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace bitloom::ui {

namespace {
constexpr int kRowGap = 8;
}

OptionForm::OptionForm(const OptionSchema& schema, QWidget* parent)
    : QWidget(parent), m_schema(schema), m_base(schema.defaults())
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    std::string group;
    for (const OptionSpec& option : schema.options()) {
        if (m_sections.empty() || option.group != group) {
            group = option.group;
            addSection(group, layout);
        }
        addRow(option);
    }
    update();
}

void OptionForm::addSection(const std::string& group, QVBoxLayout* layout)
{
    Section section;
    section.title = methodText(group);
    section.head = new QToolButton(this);
    section.head->setAutoRaise(true);
    section.head->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    section.head->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    QFont bold = section.head->font();
    bold.setWeight(QFont::DemiBold);
    section.head->setFont(bold);
    section.body = new QWidget(this);
    section.grid = new QGridLayout(section.body);
    section.grid->setContentsMargins(22, 0, 0, 8);
    section.grid->setHorizontalSpacing(kRowGap);
    section.grid->setVerticalSpacing(2);
    section.grid->setColumnStretch(1, 1);
    layout->addWidget(section.head);
    layout->addWidget(section.body);
    const auto show = [head = section.head, body = section.body](bool isOpen) {
        body->setVisible(isOpen);
        head->setArrowType(isOpen ? Qt::DownArrow : Qt::RightArrow);
    };
    connect(section.head, &QToolButton::clicked, this,
            [show, body = section.body] { show(body->isHidden()); });
    show(m_sections.empty());
    m_sections.push_back(std::move(section));
}

void OptionForm::addRow(const OptionSpec& option)
{
    const Section& section = m_sections.back();
    auto* field = new OptionField(m_schema, option, section.body);
    auto* name = new QLabel(QString::fromStdString(option.name), section.body);
    name->setBuddy(field->control());
    name->setToolTip(field->control()->toolTip());
    const int row = section.grid->rowCount();
    section.grid->addWidget(name, row, 0);
    section.grid->addWidget(field->control(), row, 1,
                            option.type == OptionType::Flag ? Qt::AlignLeft : Qt::Alignment());
    if (!option.unit.empty()) {
        section.grid->addWidget(new QLabel(methodText(option.unit), section.body), row, 2);
    }
    auto* help = new QLabel(methodText(option.help), section.body);
    help->setWordWrap(true);
    help->setForegroundRole(QPalette::PlaceholderText);
    help->setContentsMargins(0, 0, 0, kRowGap);
    section.grid->addWidget(help, row + 1, 0, 1, 3);
    m_rows.push_back({field, name, m_sections.size() - 1});
    connect(field, &OptionField::edited, this, [this] {
        update();
        Q_EMIT changed();
    });
}

void OptionForm::setBase(const OptionValues& values)
{
    m_base = values;
    setValues(values);
}

void OptionForm::setValues(const OptionValues& values)
{
    for (const Row& row : m_rows) {
        if (const OptionValue* value = values.find(row.field->option().name)) {
            row.field->setValue(*value);
        }
    }
    update();
    Q_EMIT changed();
}

OptionValues OptionForm::values() const
{
    OptionValues values;
    for (const Row& row : m_rows) {
        values.set(row.field->option().name, row.field->value());
    }
    return values;
}

QString OptionForm::problem() const
{
    for (const Row& row : m_rows) {
        if (!row.field->problem().isEmpty()) {
            return row.field->problem();
        }
    }
    try {
        m_schema.check(values());
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

void OptionForm::update()
{
    const OptionValues now = values();
    std::vector<int> differing(m_sections.size(), 0);
    for (const Row& row : m_rows) {
        const OptionSpec& option = row.field->option();
        const OptionValue* const base = m_base.find(option.name);
        const bool differs = base != nullptr && !(*base == row.field->value());
        QFont font = row.name->font();
        font.setBold(differs);
        row.name->setFont(font);
        differing[row.section] += differs ? 1 : 0;
        // A value that a rule forbids can still be taken back.
        const std::string reason = m_schema.unavailable(option.name, now);
        const bool isDefault = row.field->value() == option.fallback;
        row.field->setUnavailable(isDefault ? QString::fromStdString(reason) : QString());
    }
    for (std::size_t i = 0; i < m_sections.size(); ++i) {
        const Section& section = m_sections[i];
        section.head->setText(
            differing[i] == 0 ? section.title
                              : tr("%1 (%n changed)", nullptr, differing[i]).arg(section.title));
        section.head->setAccessibleName(section.head->text());
        setHelp(*section.head, tr("Show or hide these options."));
    }
}

} // namespace bitloom::ui
