// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/isa.h"

namespace bitloom::ops {

/// Of the tables of one group of kernels that of an instruction set; without kernels for this
/// processor, the scalar one. Not for files that are compiled with AVX flags.
template <const auto& scalar, const auto& avx2, const auto& avx512>
const auto& kernelTable(Isa isa)
{
    switch (isa) {
#ifdef BITLOOM_X86_KERNELS
    case Isa::Avx2:
        return avx2;
    case Isa::Avx512:
        return avx512;
#else
    case Isa::Avx2:
    case Isa::Avx512:
#endif
    case Isa::Scalar:
        break;
    }
    return scalar;
}

} // namespace bitloom::ops
