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
/// ".pth.tar"
QString formatEnding(WeightFormat format);
/// The file's name as one of another format; a name without the ending of its own format stays.
QString fileInFormat(const QString& file, WeightFormat from, WeightFormat to);

} // namespace bitloom::workbench
