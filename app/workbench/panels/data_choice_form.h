// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QComboBox;
class QLineEdit;
class QMenu;
class QPushButton;
class QSpinBox;
class QToolButton;

namespace bitloom::workbench {

class DataChoice;

/// The controls of a DataChoice. Several forms of one choice show the same.
class DataChoiceForm final : public QWidget {
    Q_OBJECT
public:
    /// calibrationOnly: the split and the number of images to measure on are not asked for.
    DataChoiceForm(DataChoice& choice, bool calibrationOnly, QWidget* parent = nullptr);

private:
    void show(const DataChoice& choice);
    void take();
    void browse();
    void fillRecent();

    DataChoice& m_choice;
    QComboBox* m_kind;
    QLineEdit* m_folder;
    QSpinBox* m_digits;
    QToolButton* m_browse;
    QPushButton* m_recent;
    QMenu* m_recentMenu;
    QComboBox* m_split;
    QSpinBox* m_limit;
    QSpinBox* m_calibration;
    bool m_showing = false;
};

} // namespace bitloom::workbench
