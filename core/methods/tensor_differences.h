// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/packed/packed_tensor.h"
#include "core/types/verify_report.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bitloom {

/// Everything in which a stored tensor is not the one that its model gives.
struct TensorDifferences {
    std::vector<PackDifference> listed; ///< in order, at most VerifyReport::kMostListed
    std::int64_t count = 0;             ///< all of them

    /// The first one and how many there are, as a sentence; empty where there is none.
    std::string sentence() const;
};

/// Where both have the same kind, shape and widths, every scale, zero point, code and raw value
/// that differs; else, or where only padding differs, one difference that says it.
/// Units: of a scale its value, of a code the integer q, of a raw value the number as it is stored.
TensorDifferences differencesOf(const io::PackedTensor& stored, io::PackedTensor expected);

} // namespace bitloom
