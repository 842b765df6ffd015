// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Neither LibTorch nor CUDA headers here: nvcc compiles it too, and it must stand alone where there
// is no CUDA.

struct CUstream_st;

namespace bitloom::ops::cuda {

using Stream = ::CUstream_st*; ///< cudaStream_t
using Status = int;            ///< cudaError_t; 0 = success

} // namespace bitloom::ops::cuda
