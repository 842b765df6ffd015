// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workbench/panels/common/state_mark.h"

class QLabel;
class QString;
class QWidget;

namespace bitloom::workbench {

/// Plain text that breaks into lines and can be selected. The name is what a screen reader says.
QLabel* makeTextLabel(const QString& accessibleName);

/// How a check went: its sign, and the sentence beside it in the colour of that sign. Both belong
/// to owner, which calls it again when its look changes.
void showOutcome(const QWidget& owner, QLabel& sign, QLabel& sentence, Mark mark);

} // namespace bitloom::workbench
