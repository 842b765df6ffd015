// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/panels/plan/sensitivity_run.h"

#include <QDialog>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace bitloom::workbench {

class DataChoice;

/// Asks what a sensitivity sweep is to measure, and on which images.
class SensitivityDialog final : public QDialog {
    Q_OBJECT
public:
    SensitivityDialog(DataChoice& choice, SensitivityRun& run, QWidget* parent = nullptr);

    /// As entered; nullopt if the widths are no list of numbers from 1 to 16.
    std::optional<SweepSettings> settings() const;

private:
    void update();

    DataChoice& m_choice;
    SensitivityRun& m_run;
    QSpinBox* m_images;
    QLineEdit* m_bits;
    QCheckBox* m_weights;
    QCheckBox* m_activations;
    QLabel* m_problem;
    QPushButton* m_start;
};

} // namespace bitloom::workbench
