// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QFormLayout;

namespace bitloom::workbench {

class Settings;

/// Theme, language, device, threads, seed. What is changed counts at once and is kept.
class SettingsDialog final : public QDialog {
    Q_OBJECT
public:
    SettingsDialog(Settings& settings, QWidget* parent);

private:
    void addAppearance(QFormLayout* form);
    void addComputing(QFormLayout* form);

    Settings& m_settings;
};

} // namespace bitloom::workbench
