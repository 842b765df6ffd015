// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace bitloom::ops {

/// Instruction sets that the CPU kernels are written for. Results are bit-identical on all of them.
enum class Isa { Scalar, Avx2, Avx512 };

std::string_view toString(Isa isa); ///< "scalar" | "avx2" | "avx512"
std::optional<Isa> isaFrom(std::string_view text);

/// Whether this build has kernels for the instruction set and this processor can run them.
bool isaAvailable(Isa isa);

/// The instruction set in use: the best available one, or what the environment variable BITLOOM_ISA
/// (scalar | avx2 | avx512) names if that is available. Read once, at the first call.
Isa activeIsa();

/// For tests and benchmarks: switches the whole process. Returns false, changing nothing, if isa is
/// not available.
bool setActiveIsa(Isa isa);

} // namespace bitloom::ops
