// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/report/report.h"

#include <string>
#include <vector>

namespace bitloom::test {

/// "layer1.0.conv1", ...: names of a 20-layer CIFAR ResNet, and of a network with numLayers long
/// names.
std::vector<std::string> resnet20Names();
std::vector<std::string> resnet50Names();
std::vector<std::string> longNames(int numLayers);

/// A report with every section filled, from a formula: the same data at each call.
report::ReportData sampleReport(const std::string& modelName,
                                const std::vector<std::string>& names);

} // namespace bitloom::test
