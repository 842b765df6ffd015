// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/conversion.h"

#include <QString>

namespace bitloom::workbench {

/// "Packed HDF5 (.h5)"
QString formatName(WeightFormat format);
/// Two sentences: who reads it, and what it holds.
QString formatAbout(WeightFormat format);
/// For file dialogs: "State dicts (*.pth)".
QString formatFilter(WeightFormat format);

} // namespace bitloom::workbench
