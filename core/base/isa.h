// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace bitloom {

/// Instruction sets that kernels are written for. Whatever runs, the results have the same bits.
enum class Isa {
    Scalar, ///< portable C++, the reference
    Avx2,
    Avx512, ///< AVX-512 F, BW and DQ; a kernel that needs more checks for it and falls back
};

std::string_view toString(Isa isa); ///< "scalar" | "avx2" | "avx512"
std::optional<Isa> isaFrom(std::string_view text);

/// True where the processor and the operating system support the instruction set.
bool isSupported(Isa isa);
/// Those of this machine, the scalar one first.
std::vector<Isa> supportedIsas();
/// Errors: Unsupported, naming the kernels ("packing"), where the machine lacks the instruction
/// set.
void requireSupported(Isa isa, std::string_view kernels);

/// The set that kernels use: the environment variable BITLOOM_ISA (scalar, avx2, avx512) or else
/// the best supported one. Decided at the first call. Errors: InvalidArgument for another value of
/// BITLOOM_ISA, Unsupported for one this machine lacks. Threads: any.
Isa activeIsa();

/// For tests and benchmarks: switches the whole process. Returns false, changing nothing, where isa
/// is not supported.
bool setActiveIsa(Isa isa);

} // namespace bitloom
