// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/conversion.h"

#include <QWidget>

#include <map>
#include <string>

class QComboBox;
class QLabel;
class QSpinBox;

namespace bitloom::workbench {

/// Which kind of file weights are written into, with the one option that some kinds have.
class FormatChoice final : public QWidget {
    Q_OBJECT
public:
    explicit FormatChoice(QWidget* parent = nullptr);

    WeightFormat format() const;
    void setFormat(WeightFormat format);
    std::string dtype() const; ///< of a state dict; empty: the tensors' own, and for other kinds
    int compress() const;      ///< level of packed HDF5; 0 for other kinds
    /// About how large each would be, shown with its name; those that are not there have no size.
    void setSizes(const std::map<WeightFormat, std::int64_t>& sizes);

Q_SIGNALS:
    void changed();

private:
    void showOptions();

    QComboBox* m_kinds;
    QLabel* m_optionName;
    QComboBox* m_types;
    QSpinBox* m_level;
};

} // namespace bitloom::workbench
