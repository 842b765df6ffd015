// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/isa.h"
#include "core/base/run_control.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bitloom {

/// What was tried on this machine, and what went wrong.
struct PackSelfTest {
    std::vector<Isa> isas;             ///< the instruction sets that this machine has
    std::int64_t cases = 0;            ///< combinations of instruction set, order, width and length
    std::int64_t codes = 0;            ///< codes packed and unpacked in all of them
    std::vector<std::string> failures; ///< one sentence each; empty: everything agreed
    bool finished = false;             ///< false when it was stopped
};

/// Packs and unpacks random codes of every width 0..16 in both bit orders and all lengths around
/// the kernels' block edges by every instruction set that this machine has. The bytes are compared
/// with a packing bit by bit, the codes with what was packed. Last, BitPack's own example: 68 x 68
/// x 7 x 7 codes below 64 in 6 bits take three quarters of a byte each.
PackSelfTest runPackSelfTest(std::uint64_t seed, RunControl& control);

} // namespace bitloom
