// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/option_schema.h"

#include <QObject>
#include <QString>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QSpinBox;
class QWidget;

namespace bitloom::ui {

/// The words of a method, translated: help, groups, units. translations/method_options.cpp lists
/// them for the translator.
QString methodText(const std::string& text);

/// The control of one option: a box for a flag, a list for a choice, a spin box for an integer, and
/// a line as on the command line for everything else.
class OptionField final : public QObject {
    Q_OBJECT
public:
    /// Both must outlive the field. The control belongs to its parent widget.
    OptionField(const OptionSchema& schema, const OptionSpec& option, QWidget* parent);

    const OptionSpec& option() const { return m_option; }
    QWidget* control() const { return m_control; }
    void setValue(const OptionValue& value);
    /// The last one that could be read.
    const OptionValue& value() const { return m_value; }
    /// Why what stands in the control is no value, one sentence; empty: it is one.
    QString problem() const { return m_problem; }
    /// reason: why the option cannot be used now; empty: it can.
    void setUnavailable(const QString& reason);

Q_SIGNALS:
    void edited();

private:
    void take(OptionValue value);
    void readLine(const QString& text);
    void showHelp(const QString& reason);

    const OptionSchema& m_schema;
    const OptionSpec& m_option;
    OptionValue m_value;
    QString m_problem;
    QWidget* m_control = nullptr;
    // One of these is the control.
    QCheckBox* m_box = nullptr;
    QComboBox* m_choice = nullptr;
    QSpinBox* m_count = nullptr;
    QLineEdit* m_line = nullptr;
    bool m_isSetting = false;
};

} // namespace bitloom::ui
