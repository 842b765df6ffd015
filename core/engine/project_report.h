// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/project.h"

#include <map>
#include <string>

namespace bitloom::engine {

/// Everything a project holds, as one self-contained HTML page (see core/report/report.h).
/// planName: the plan to show; empty: the one of the last packed file, else the last by name.
/// Errors: NotFound if the project holds no model or no plan of that name.
std::string renderProjectReport(const Project& project, const std::string& planName);

/// The pictures of the report as standalone SVG files: file name -> content. Only those the project
/// has data for. Errors: as renderProjectReport().
std::map<std::string, std::string> renderProjectPictures(const Project& project,
                                                         const std::string& planName);

} // namespace bitloom::engine
