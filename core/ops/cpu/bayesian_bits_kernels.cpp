// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/cpu/bayesian_bits_kernels.h"

#include "core/ops/cpu/kernel_choice.h"

namespace bitloom::ops {

const BayesianBitsKernels& bayesianBitsKernelsFor(Isa isa)
{
    return kernelTable<kBayesianBitsScalar, kBayesianBitsAvx2, kBayesianBitsAvx512>(isa);
}

const BayesianBitsKernels& bayesianBitsKernels()
{
    return bayesianBitsKernelsFor(activeIsa());
}

} // namespace bitloom::ops
