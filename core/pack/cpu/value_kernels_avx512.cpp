// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/pack/value_kernels.h"

#include "core/pack/cpu/half_floats-inl.h"

namespace bitloom::detail {
namespace {

#include "core/pack/value_kernels-inl.h" // NOLINT(bugprone-suspicious-include): one per instruction set

} // namespace

const ValueKernelTable kAvx512ValueKernels = valueKernels();

} // namespace bitloom::detail
