// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/methods/method.h"

namespace bitloom::bayesian_bits {

/// Bayesian Bits as the engine and the registry know it.
const Method& method();

} // namespace bitloom::bayesian_bits
