// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace bitloom::ops {

// CUDA's part of LibTorch (libtorch_cuda and what it needs) and our CUDA kernels
// (libbitloom_ops_cuda.so beside libbitloom_ops.so) are not linked: loading them takes a tenth of a
// second and up to 350 MB, and most runs are on the CPU.
//
// LibTorch decides once per process whether there is CUDA, as soon as somebody asks; setting a seed
// asks. So CUDA is loaded before the first computation or not at all.

/// Whether a CUDA driver is installed (libcuda.so.1). Loads nothing but the driver.
bool hasCudaDriver();

/// Loads LibTorch's part and our kernels, unless they are there already. Needs no driver.
/// Errors: Unsupported naming the library that is absent or cannot be loaded, or saying that it is
/// too late. Threads: any.
void loadCuda();

/// The number of CUDA devices, with CUDA loaded to count them. At least 1.
/// Errors: Unsupported saying why there is none. Threads: any.
int cudaDeviceCount();

} // namespace bitloom::ops
