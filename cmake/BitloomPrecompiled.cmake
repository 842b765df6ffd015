# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
# Precompiled headers of the standard library, LibTorch and Qt: two thirds of the time of a build went into reading them
# anew. Our own headers are never among them. With BITLOOM_PRECOMPILED=OFF every file is compiled from what it includes
# itself; ./dev lint does that, so an include that is missing is found there.
#
#   kind      what is in it                                   who gets it (the first that fits)
#   widgets   standard library, Qt Widgets                    what links Qt6::Widgets, however indirectly
#   torch     standard library, ATen's tensors and types      what links torch::torch, however indirectly
#   plain     standard library                                test programs without either
# Test programs have their own three, with Qt Test: they are optimised less, and the two must agree.
set(precompiled_default OFF)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT BITLOOM_SANITIZE AND NOT BITLOOM_FUZZ)
  set(precompiled_default ON)
endif()
option(BITLOOM_PRECOMPILED "Precompile the headers of LibTorch, Qt and the standard library (g++ only)" ${precompiled_default})

if(BITLOOM_PRECOMPILED AND CMAKE_CXX_COMPILER_LAUNCHER)
  # Without the first two the compiler cache leaves alone what uses a precompiled header; the language of its messages
  # does not change what a compiler makes.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,locale ${CMAKE_CXX_COMPILER_LAUNCHER})
endif()

set(precompiled_plain <algorithm> <array> <cstdint> <filesystem> <functional> <map> <memory> <optional> <span> <string>
  <unordered_map> <vector>)
set(precompiled_torch ${precompiled_plain} <ATen/core/Tensor.h> <ATen/core/ivalue.h> <ATen/core/jit_type.h>
  <ATen/core/function_schema.h> <ATen/TensorOperators.h> <ATen/core/grad_mode.h> <ATen/Parallel.h>)
set(precompiled_widgets ${precompiled_plain} <QtWidgets/QtWidgets>)

# bitloom_precompile(NAME HEADERS... LINK TARGETS...): makes one precompiled header.
function(bitloom_precompile name)
  cmake_parse_arguments(ARG "" "" "HEADERS;LINK" ${ARGN})
  set(source ${CMAKE_BINARY_DIR}/precompiled/${name}.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "// compiled for its headers alone\n")
  add_library(bitloom_precompiled_${name} OBJECT ${source})
  target_link_libraries(bitloom_precompiled_${name} PRIVATE bitloom::compiler ${ARG_LINK})
  target_precompile_headers(bitloom_precompiled_${name} PRIVATE ${ARG_HEADERS})
endfunction()

# bitloom_headers_of(OUT TARGETS...): widgets, torch or plain, whichever these targets lead to.
function(bitloom_headers_of out)
  set(kind plain)
  foreach(target ${ARGN})
    if(target STREQUAL "Qt6::Widgets")
      set(kind widgets)
    elseif(target STREQUAL "torch::torch" AND kind STREQUAL "plain")
      set(kind torch)
    elseif(target MATCHES "^bitloom::" AND TARGET ${target})
      get_target_property(inherited ${target} BITLOOM_HEADERS)
      if(inherited STREQUAL "widgets" OR (inherited STREQUAL "torch" AND kind STREQUAL "plain"))
        set(kind ${inherited})
      endif()
    endif()
  endforeach()
  set(${out} ${kind} PARENT_SCOPE)
endfunction()

# bitloom_use_precompiled(TARGET NAME): NAME as given to bitloom_precompile.
function(bitloom_use_precompiled target name)
  if(BITLOOM_PRECOMPILED AND TARGET bitloom_precompiled_${name})
    target_precompile_headers(${target} REUSE_FROM bitloom_precompiled_${name})
  endif()
endfunction()

if(BITLOOM_PRECOMPILED)
  bitloom_precompile(torch HEADERS ${precompiled_torch} LINK torch::torch)
  if(BITLOOM_WORKBENCH)
    bitloom_precompile(widgets HEADERS ${precompiled_widgets} LINK Qt6::Widgets)
    target_compile_definitions(bitloom_precompiled_widgets PRIVATE QT_NO_KEYWORDS)
  endif()
endif()
