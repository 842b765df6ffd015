// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/cpu/kernels_simd.h"
#include "core/ops/cpu/simd_avx2-inl.h"

namespace bitloom::ops {
namespace {

using K = SimdKernels<Avx2>;

} // namespace

const Kernels kKernelsAvx2 = {K::forwardRun,      K::forwardColumns, K::backwardRun,
                              K::backwardColumns, K::codesRun,       K::scoreBlock};

} // namespace bitloom::ops
