// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/state/state_dict.h"
#include "core/types/phrase.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace bitloom::io {

struct ExpectedTensor {
    std::string name;
    std::vector<std::int64_t> shape;
};

/// How a state dict differs from what a network needs. Lists are in the order of the network, or of
/// the file.
struct StateMismatch {
    struct WrongShape {
        std::string name;
        std::vector<std::int64_t> expected;
        std::vector<std::int64_t> found;
    };
    std::vector<std::string> missing;    ///< the network needs them
    std::vector<std::string> unexpected; ///< the file has them in excess
    std::vector<WrongShape> misshapen;

    bool empty() const { return missing.empty() && unexpected.empty() && misshapen.empty(); }
    /// The counts and the first names of each kind; empty when nothing differs.
    Phrase phrase(std::size_t shownNames = 10) const;
    std::string text() const { return textOf(phrase()); }
};

StateMismatch compareNames(std::span<const ExpectedTensor> expected,
                           std::span<const ExpectedTensor> found);
StateMismatch compareNames(std::span<const ExpectedTensor> expected, const StateDict& state);

} // namespace bitloom::io
