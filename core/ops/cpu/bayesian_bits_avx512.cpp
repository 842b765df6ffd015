// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/cpu/bayesian_bits_simd.h"
#include "core/ops/cpu/simd_avx512-inl.h"

namespace bitloom::ops {
namespace {

using K = BayesianBitsSimd<Avx512>;

} // namespace

const BayesianBitsKernels kBayesianBitsAvx512 = {K::forwardRun, K::backwardRun};

} // namespace bitloom::ops
