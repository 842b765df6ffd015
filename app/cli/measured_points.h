// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/session.h"
#include "core/types/results.h"

#include <span>
#include <string>
#include <vector>

namespace bitloom::cli {

/// Those whose accuracy was measured, cheapest in bit operations first.
std::vector<FrontierPoint> measuredPoints(std::vector<FrontierPoint> points);

/// Whether no measured point is better in one and no worse in the other of top-1 and bit
/// operations. point: measured.
bool isOnFrontier(const FrontierPoint& point, std::span<const FrontierPoint> measured);

/// [{...point, "on_frontier"}]
Json measuredToJson(std::span<const FrontierPoint> measured);
std::string measuredTable(std::span<const FrontierPoint> measured);

} // namespace bitloom::cli
