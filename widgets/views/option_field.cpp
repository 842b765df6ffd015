// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/option_field.h"

#include "core/base/error.h"
#include "widgets/util/help.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QLineEdit>
#include <QSpinBox>
#include <QWheelEvent>

#include <algorithm>
#include <limits>

namespace bitloom::ui {

namespace {

/// Scrolling a long form must not change the value that happens to be below the pointer.
class WheelGuard final : public QObject {
public:
    using QObject::QObject;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Wheel && !static_cast<QWidget*>(watched)->hasFocus()) {
            event->ignore();
            return true;
        }
        return QObject::eventFilter(watched, event);
    }
};

int clampedInt(std::optional<double> limit, int otherwise)
{
    if (!limit) {
        return otherwise;
    }
    return static_cast<int>(std::clamp(*limit, double(std::numeric_limits<int>::min()),
                                       double(std::numeric_limits<int>::max())));
}

} // namespace

QString methodText(const std::string& text)
{
    return QCoreApplication::translate("MethodOptions", text.c_str());
}

OptionField::OptionField(const OptionSchema& schema, const OptionSpec& option, QWidget* parent)
    : QObject(parent), m_schema(schema), m_option(option), m_value(option.fallback)
{
    switch (option.type) {
    case OptionType::Flag:
        m_control = m_box = new QCheckBox(parent);
        connect(m_box, &QCheckBox::toggled, this, [this](bool on) { take(on); });
        break;
    case OptionType::Choice:
        m_control = m_choice = new QComboBox(parent);
        for (const std::string& choice : option.choices) {
            m_choice->addItem(QString::fromStdString(choice));
        }
        connect(m_choice, &QComboBox::currentTextChanged, this,
                [this](const QString& text) { take(text.toStdString()); });
        break;
    case OptionType::Integer:
        m_control = m_count = new QSpinBox(parent);
        m_count->setRange(clampedInt(option.low, std::numeric_limits<int>::min()),
                          clampedInt(option.high, std::numeric_limits<int>::max()));
        m_count->setGroupSeparatorShown(true);
        connect(m_count, &QSpinBox::valueChanged, this,
                [this](int number) { take(static_cast<std::int64_t>(number)); });
        break;
    default:
        m_control = m_line = new QLineEdit(parent);
        connect(m_line, &QLineEdit::textChanged, this, &OptionField::readLine);
    }
    m_control->setObjectName(QStringLiteral("option.") + QString::fromStdString(option.name));
    m_control->setAccessibleName(tr("Option %1").arg(QString::fromStdString(option.name)));
    m_control->installEventFilter(new WheelGuard(this));
    m_control->setFocusPolicy(Qt::StrongFocus);
    showHelp({});
    setValue(option.fallback);
}

void OptionField::setValue(const OptionValue& value)
{
    m_isSetting = true;
    m_value = value;
    m_problem.clear();
    if (m_box != nullptr) {
        m_box->setChecked(std::get<bool>(value));
    } else if (m_choice != nullptr) {
        m_choice->setCurrentText(QString::fromStdString(std::get<std::string>(value)));
    } else if (m_count != nullptr) {
        m_count->setValue(static_cast<int>(std::get<std::int64_t>(value)));
    } else {
        m_line->setText(QString::fromStdString(toText(value)));
    }
    m_isSetting = false;
}

void OptionField::take(OptionValue value)
{
    m_value = std::move(value);
    if (!m_isSetting) {
        Q_EMIT edited();
    }
}

void OptionField::readLine(const QString& text)
{
    if (m_isSetting) {
        return;
    }
    try {
        m_value = m_schema.parse(m_option, text.trimmed().toStdString());
        m_problem.clear();
    } catch (const Error& error) {
        m_problem = QString::fromUtf8(error.what());
    }
    Q_EMIT edited();
}

void OptionField::setUnavailable(const QString& reason)
{
    m_control->setEnabled(reason.isEmpty());
    showHelp(reason);
}

void OptionField::showHelp(const QString& reason)
{
    QStringList lines{methodText(m_option.help) + u'.',
                      tr("On the command line: --%1").arg(QString::fromStdString(m_option.name))};
    if (!m_option.originalName.empty()) {
        lines << tr("In the published program: --%1")
                     .arg(QString::fromStdString(m_option.originalName));
    }
    if (!reason.isEmpty()) {
        lines << tr("Not available: %1.").arg(reason);
    }
    setHelp(*m_control, lines.join(u'\n'));
}

} // namespace bitloom::ui
