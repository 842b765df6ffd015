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

/// What the images are for; only what matters then is asked for.
enum class DataUse {
    Measuring,   ///< everything
    Calibration, ///< not the split, nor how many images to measure on
    Training,    ///< the source alone
};

/// The controls of a DataChoice. Several forms of one choice show the same.
class DataChoiceForm final : public QWidget {
    Q_OBJECT
public:
    DataChoiceForm(DataChoice& choice, DataUse use, QWidget* parent = nullptr);

private:
    void leaveOut(QWidget* control);
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
