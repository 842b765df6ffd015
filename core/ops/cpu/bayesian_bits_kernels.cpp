// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/cpu/bayesian_bits_kernels.h"

#include "core/base/isa.h"

namespace bitloom::ops {

const BayesianBitsKernels& bayesianBitsKernelsFor(Isa isa)
{
    switch (isa) {
#ifdef BITLOOM_X86_KERNELS
    case Isa::Avx2:
        return kBayesianBitsAvx2;
    case Isa::Avx512:
        return kBayesianBitsAvx512;
#else
    case Isa::Avx2:
    case Isa::Avx512:
#endif
    case Isa::Scalar:
        break;
    }
    return kBayesianBitsScalar;
}

const BayesianBitsKernels& bayesianBitsKernels()
{
    return bayesianBitsKernelsFor(activeIsa());
}

} // namespace bitloom::ops
