// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/isa.h"

#include <cstddef>
#include <cstdint>
#include <span>

// Internal to core/base.
namespace bitloom::detail {

/// True where the processor multiplies without carries.
bool hasCarrylessMultiply();

/// The least number of bytes that folding takes.
inline constexpr std::size_t kCrcFoldBytes = 64;

/// What 16 bytes must hold so that their CRC-32 from the start value 0xFFFFFFFF (an empty register)
/// is that of all the bytes from the given start value.
///
/// Source:  Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ
/// Instruction",
///          Intel 2009. Differs: the last 16 bytes are left to an ordinary CRC instead of a Barrett
///          reduction.
/// isa:     Avx512: 64 bytes at an instruction where the processor multiplies so many without
///          carries; else 16.
/// Shapes:  bytes: at least kCrcFoldBytes, a multiple of 16; folded: 16.
/// Errors:  none; must not be called without hasCarrylessMultiply().
void foldCrc32(std::span<const std::byte> bytes, std::uint32_t start, Isa isa, std::byte* folded);

} // namespace bitloom::detail
