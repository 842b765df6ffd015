// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/project.h"

#include <map>
#include <string>

namespace bitloom::engine {

/// The plan of the project that a report is about. name: empty: the one of the last packed file,
/// else the last by name. Errors: NotFound.
BitPlan planForReport(const Project& project, const std::string& name);

/// Everything a project holds, as one self-contained HTML page (see core/report/report.h), for this
/// plan, which need not be stored. Histograms and proof are shown where that plan was packed.
/// Errors: NotFound if the project holds no model.
std::string renderProjectReport(const Project& project, const BitPlan& plan);

/// The pictures of the report as standalone SVG files: file name -> content. Only those the project
/// has data for. Errors: as renderProjectReport().
std::map<std::string, std::string> renderProjectPictures(const Project& project,
                                                         const BitPlan& plan);

} // namespace bitloom::engine
