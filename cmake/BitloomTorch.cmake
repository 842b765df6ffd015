# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
# Finds LibTorch by its headers and libraries and defines torch::torch.
# LibTorch's own CMake package is not used: built with CUDA, it refuses to load where no CUDA toolkit is installed,
# and Bitloom must build there too.
set(_torch_hints ${BITLOOM_TORCH_DIR} $ENV{BITLOOM_TORCH_DIR})
find_path(BITLOOM_TORCH_INCLUDE torch/csrc/jit/api/module.h HINTS ${_torch_hints} PATH_SUFFIXES include)
foreach(lib torch_cpu c10)
  find_library(BITLOOM_LIB_${lib} ${lib} HINTS ${_torch_hints} PATH_SUFFIXES lib)
endforeach()
find_library(BITLOOM_LIB_torch_cuda torch_cuda HINTS ${_torch_hints} PATH_SUFFIXES lib)
find_library(BITLOOM_LIB_c10_cuda c10_cuda HINTS ${_torch_hints} PATH_SUFFIXES lib)
if(NOT BITLOOM_TORCH_INCLUDE OR NOT BITLOOM_LIB_torch_cpu OR NOT BITLOOM_LIB_c10)
  message(FATAL_ERROR "LibTorch was not found. Run ./dev build (it installs LibTorch), or set BITLOOM_TORCH_DIR to a "
                      "folder that holds LibTorch's include/ and lib/.")
endif()
set(BITLOOM_TORCH_VERSION "")
foreach(part MAJOR MINOR PATCH)
  file(STRINGS ${BITLOOM_TORCH_INCLUDE}/torch/headeronly/version.h _line REGEX "#define TORCH_VERSION_${part} " LIMIT_COUNT 1)
  string(REGEX REPLACE ".*TORCH_VERSION_${part} ([0-9]+).*" "\\1" _number "${_line}")
  list(APPEND BITLOOM_TORCH_VERSION ${_number})
endforeach()
list(JOIN BITLOOM_TORCH_VERSION "." BITLOOM_TORCH_VERSION)
message(STATUS "LibTorch ${BITLOOM_TORCH_VERSION} in ${BITLOOM_LIB_torch_cpu}")

add_library(torch_torch INTERFACE)
add_library(torch::torch ALIAS torch_torch)
target_include_directories(torch_torch SYSTEM INTERFACE
  ${BITLOOM_TORCH_INCLUDE} ${BITLOOM_TORCH_INCLUDE}/torch/csrc/api/include)
# Without libtorch.so, which is empty but for its dependency on the CUDA part: core/ops/cuda_backend.h loads that where it
# is asked for. The C++ library goes first: LibTorch exports an old std::filesystem, in which remove_all crashes.
target_link_libraries(torch_torch INTERFACE
  -Wl,--push-state,--no-as-needed -lstdc++ -Wl,--pop-state ${BITLOOM_LIB_torch_cpu} ${BITLOOM_LIB_c10})
get_filename_component(BITLOOM_TORCH_LIB_DIR ${BITLOOM_LIB_torch_cpu} DIRECTORY)
list(APPEND CMAKE_BUILD_RPATH ${BITLOOM_TORCH_LIB_DIR})
