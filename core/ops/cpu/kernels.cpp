// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/cpu/kernels.h"

#include "core/base/isa.h"

namespace bitloom::ops {

const Kernels& kernelsFor(Isa isa)
{
    switch (isa) {
#ifdef BITLOOM_X86_KERNELS
    case Isa::Avx2:
        return kKernelsAvx2;
    case Isa::Avx512:
        return kKernelsAvx512;
#else
    case Isa::Avx2:
    case Isa::Avx512:
#endif
    case Isa::Scalar:
        break;
    }
    return kKernelsScalar;
}

const Kernels& kernels()
{
    return kernelsFor(activeIsa());
}

} // namespace bitloom::ops
