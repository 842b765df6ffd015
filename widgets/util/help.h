// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

namespace bitloom::ui {

/// One sentence about a control, as its tooltip and for screen readers.
inline void setHelp(QWidget& control, const QString& help)
{
    control.setToolTip(help);
    control.setAccessibleDescription(help);
}

} // namespace bitloom::ui
