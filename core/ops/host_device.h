// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Marks small functions that CUDA kernels call too.
#ifdef __CUDACC__
#define BITLOOM_HOST_DEVICE __host__ __device__
#else
#define BITLOOM_HOST_DEVICE
#endif
