// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/file_report.h"

#include <string>

namespace bitloom {

/// Says what a file or project folder is, by its content, without running anything of it and
/// without reading weights, but for the scales of packed ones.
/// Errors: NotFound, IoFailure; CorruptFile and UnsafeFile for a checkpoint that is damaged or asks
/// to run something; UnknownFormat for one that holds no state dict; Unsupported for a packed file
/// of a newer version.
FileReport identifyFile(const std::string& file);

} // namespace bitloom
