# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
# Decides whether the CUDA kernels are built (BITLOOM_WITH_CUDA) and defines bitloom_cuda_runtime.
set(BITLOOM_WITH_CUDA OFF)
if(NOT BITLOOM_CUDA STREQUAL "OFF")
  include(CheckLanguage)
  check_language(CUDA)
  if(CMAKE_CUDA_COMPILER AND BITLOOM_LIB_torch_cuda AND BITLOOM_LIB_c10_cuda)
    set(BITLOOM_WITH_CUDA ON)
  elseif(BITLOOM_CUDA STREQUAL "ON")
    message(FATAL_ERROR "BITLOOM_CUDA=ON needs nvcc (found: '${CMAKE_CUDA_COMPILER}') and a LibTorch built with CUDA "
                        "(torch_cuda: '${BITLOOM_LIB_torch_cuda}').")
  endif()
endif()
if(BITLOOM_WITH_CUDA)
  if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
    set(CMAKE_CUDA_ARCHITECTURES 80-real 86-real 90)
  endif()
  # nvcc 13 speaks C++20, but CMake 3.25 cannot ask it to.
  set(CMAKE_CUDA_STANDARD 17)
  set(CMAKE_CUDA_RUNTIME_LIBRARY Shared)
  enable_language(CUDA)
  find_package(CUDAToolkit REQUIRED)
endif()
message(STATUS "CUDA kernels: ${BITLOOM_WITH_CUDA}")
