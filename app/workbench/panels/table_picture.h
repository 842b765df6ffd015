// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/util/picture.h"

class QTreeView;

namespace bitloom::workbench {

/// A table as it is sorted and filtered now, for "Export picture": the shown columns and all rows
/// up to a bound that the picture tells, and as CSV with all columns and raw numbers. The view must
/// live while the picture is used.
ui::Picture tablePicture(const QString& name, const QTreeView& view);

} // namespace bitloom::workbench
