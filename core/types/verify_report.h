// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/pack_sheet.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bitloom {

/// One thing in a packed file that is not as it should be, as a sentence.
struct PackMismatch {
    std::string tensor; ///< empty: the file as a whole
    std::string what;
};

/// One place in which a packed file holds something else than its model gives.
struct PackDifference {
    std::string tensor;      ///< empty: the file as a whole
    std::string part;        ///< "code", "scale", "zero_point", "value"; empty: no single place
    std::int64_t index = -1; ///< into that part, C order; -1: no single place
    std::string expected;    ///< by the model; empty where there is no single place
    std::string found;       ///< in the file; where there is no single place, the whole sentence
    bool operator==(const PackDifference&) const = default;
};

/// What a second look at a packed file found.
struct VerifyReport {
    /// Of one tensor; further ones are counted.
    static constexpr std::size_t kMostListed = 1000;

    std::vector<PackMismatch> mismatches; ///< one per tensor that differs, or for the file
    std::vector<PackDifference> differences;
    std::int64_t differenceCount = 0; ///< also of those that are not listed
    PackSheet sheet;                  ///< whether the file is as it should be: PackSheet::verified
};

/// One line (docs/formats.md, "verification").
std::string toJson(const VerifyReport& report);
/// Errors: CorruptFile, InvalidArgument with the key's path.
VerifyReport verifyReportFromJson(std::string_view text);

} // namespace bitloom
