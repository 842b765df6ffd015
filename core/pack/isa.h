// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace bitloom {

/// Instruction sets that the packing kernels are written for. All give identical bytes.
enum class Isa {
    Scalar, ///< portable C++, the reference
    Avx2,
    Avx512, ///< AVX-512 F, BW and VBMI
};

std::string_view toString(Isa isa); ///< "scalar" | "avx2" | "avx512"

/// True where the program contains the kernels and the processor and the operating system support
/// them.
bool isSupported(Isa isa);

/// The set used by default: the environment variable BITLOOM_ISA (scalar, avx2, avx512) or else the
/// best supported one. Decided once. Errors: InvalidArgument for another value of BITLOOM_ISA,
/// Unsupported for one this machine lacks.
Isa activeIsa();

} // namespace bitloom
