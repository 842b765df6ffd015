// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/types/option_schema.h"

#include <string>

namespace bitloom {

/// A method that searches bits, as flags, forms and help need to know it.
struct MethodDescription {
    std::string name;    ///< "bayesian-bits"
    std::string title;   ///< "Bayesian Bits"
    std::string summary; ///< one sentence without a full stop
    std::string source;  ///< where it was published
    const OptionSchema* options;
};

} // namespace bitloom
