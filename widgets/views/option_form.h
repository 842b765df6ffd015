// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/option_schema.h"

#include <QString>
#include <QWidget>

#include <vector>

class QGridLayout;
class QLabel;
class QToolButton;
class QVBoxLayout;

namespace bitloom::ui {

class OptionField;

/// The form of an OptionSchema: a section per group, the first one open, each saying how many of
/// its values are not those of the base. An option that its rules exclude says why.
class OptionForm final : public QWidget {
    Q_OBJECT
public:
    /// The schema must outlive the form.
    explicit OptionForm(const OptionSchema& schema, QWidget* parent = nullptr);

    /// Complete values, shown and compared with: the defaults or a preset.
    void setBase(const OptionValues& values);
    /// Complete values to show; those that differ from the base are marked.
    void setValues(const OptionValues& values);
    OptionValues values() const;
    /// Why the values cannot be used, one sentence; empty: they can.
    QString problem() const;

Q_SIGNALS:
    void changed();

private:
    struct Section {
        QString title;
        QToolButton* head = nullptr;
        QWidget* body = nullptr;
        QGridLayout* grid = nullptr;
    };
    struct Row {
        OptionField* field;
        QLabel* name;
        std::size_t section;
    };
    void addSection(const std::string& group, QVBoxLayout* layout);
    void addRow(const OptionSpec& option);
    void update();

    const OptionSchema& m_schema;
    OptionValues m_base;
    std::vector<Section> m_sections;
    std::vector<Row> m_rows;
};

} // namespace bitloom::ui
