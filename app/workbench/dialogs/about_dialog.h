// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QString>

namespace bitloom::workbench {

/// What a report of a fault needs: versions, system, screen, settings without names of files.
QString diagnostics(const QWidget& window, const QString& device, int threads);

/// Name, version, licences, and the diagnostics to copy.
class AboutDialog final : public QDialog {
    Q_OBJECT
public:
    AboutDialog(const QString& diagnostics, QWidget* parent);
};

} // namespace bitloom::workbench
