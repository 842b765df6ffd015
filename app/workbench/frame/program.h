// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace bitloom::workbench {

/// What the program and every test of its window set up first, once there is a QApplication: names,
/// resources, a font with tabular figures.
void prepareProgram();

} // namespace bitloom::workbench
