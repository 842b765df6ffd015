// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/run_control.h"
#include "core/types/conversion.h"

#include <optional>

namespace bitloom {

/// Writes what one container of weights holds into another, tensor by tensor, reads the result back
/// and compares every tensor. The output appears when it has passed; an existing file stays until
/// then. A dry run says what would become of each tensor and writes nothing.
///
/// Returns: nullopt when cancelled; then nothing is left.
/// Errors:  those of io::openWeights() and the writers; InvalidArgument where the output is the
///          input, its ending says no format, an option is not of this format, or the format cannot
///          hold a tensor; VerifyFailed.
std::optional<ConversionReport> convertWeights(const ConversionRequest& request,
                                               RunControl& control);

} // namespace bitloom
