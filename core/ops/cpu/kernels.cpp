// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/cpu/kernels.h"

#include "core/ops/cpu/kernel_choice.h"

namespace bitloom::ops {

const Kernels& kernelsFor(Isa isa)
{
    return kernelTable<kKernelsScalar, kKernelsAvx2, kKernelsAvx512>(isa);
}

const Kernels& kernels()
{
    return kernelsFor(activeIsa());
}

} // namespace bitloom::ops
