// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/report/report.h"

#include <string>

namespace bitloom::report {

/// Size, BOPs, predicted loss and accuracy of this plan beside the float model and the uniform
/// plans of the frontier.
std::string summaryTable(const ReportData& data);
/// One row per layer: operator, shape, MACs, parameters, bits, bytes, BOPs with their share,
/// sensitivity of the choice.
std::string layerTable(const ReportData& data);
/// The proof of the packed file: sizes, hash, accuracy, then every tensor with its checksum.
std::string proofTables(const PackSheet& sheet);
/// One row per search: method, state, epochs, strength of the pressure, accuracy and cost.
std::string searchTable(const std::vector<SearchRow>& searches);
/// Keys and values in two columns.
std::string provenanceTable(const std::vector<ProvenanceItem>& items);

} // namespace bitloom::report
