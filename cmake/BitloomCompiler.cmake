# SPDX-FileCopyrightText: The Bitloom authors
# SPDX-License-Identifier: Apache-2.0
# Warnings, sanitizers, linker and compiler cache. Every target of ours links bitloom_compiler.
add_library(bitloom_compiler INTERFACE)
add_library(bitloom::compiler ALIAS bitloom_compiler)
target_compile_options(bitloom_compiler INTERFACE
  $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast>)
# g++ 12 sees overlapping and oversized copies in operations of std::string where there are none (its bug 105651, fixed
# in 13).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(bitloom_compiler INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict -Wno-stringop-overflow>)
endif()
if(BITLOOM_WERROR)
  target_compile_options(bitloom_compiler INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()
target_include_directories(bitloom_compiler INTERFACE ${CMAKE_SOURCE_DIR})

# Results must not depend on the machine that compiled them: no contraction of a*b+c in portable code.
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-ffp-contract=off>)

if(BITLOOM_SANITIZE)
  add_compile_options(-fsanitize=${BITLOOM_SANITIZE} -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${BITLOOM_SANITIZE})
endif()

if(BITLOOM_FUZZ) # the libraries report their coverage to libFuzzer
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_program(BITLOOM_CCACHE ccache)
if(BITLOOM_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${BITLOOM_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${BITLOOM_CCACHE})
endif()
find_program(BITLOOM_MOLD mold)
if(BITLOOM_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# bitloom_unity(): the folder's own files are compiled eight at a time, which takes a quarter of the time (two thirds
# with Qt). Names in their anonymous namespaces must therefore differ within one library. With OFF a change of one file
# compiles that file alone.
option(BITLOOM_UNITY "Compile files in groups" ON)
macro(bitloom_unity)
  set(CMAKE_UNITY_BUILD ${BITLOOM_UNITY})
  set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)
  if(BITLOOM_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # A file that is included by its group is no header: a class in it may have members of its anonymous namespace.
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-subobject-linkage>)
  endif()
endmacro()

# bitloom_library(NAME [SHARED] [OWN_HEADERS] SOURCES ... [LINK ...] [PRIVATE_LINK ...]) - one static library per core folder.
# OWN_HEADERS: no precompiled ones, since its compiler options are others or few of its files include LibTorch.
function(bitloom_library name)
  cmake_parse_arguments(ARG "SHARED;OWN_HEADERS" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  set(kind STATIC)
  if(ARG_SHARED)
    set(kind SHARED)
  endif()
  add_library(bitloom_${name} ${kind} ${ARG_SOURCES})
  add_library(bitloom::${name} ALIAS bitloom_${name})
  target_link_libraries(bitloom_${name} PUBLIC ${ARG_LINK} PRIVATE bitloom::compiler ${ARG_PRIVATE_LINK})
  target_include_directories(bitloom_${name} PUBLIC ${CMAKE_SOURCE_DIR})
  bitloom_headers_of(headers ${ARG_LINK} ${ARG_PRIVATE_LINK})
  set_target_properties(bitloom_${name} PROPERTIES BITLOOM_HEADERS ${headers})
  if(NOT ARG_OWN_HEADERS)
    bitloom_use_precompiled(bitloom_${name} ${headers})
  endif()
endfunction()
