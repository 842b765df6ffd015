// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/ops/cpu/bayesian_bits_simd.h"
#include "core/ops/cpu/simd_avx2-inl.h"

namespace bitloom::ops {
namespace {

using K = BayesianBitsSimd<Avx2>;

} // namespace

const BayesianBitsKernels kBayesianBitsAvx2 = {K::forwardRun, K::backwardRun};

} // namespace bitloom::ops
