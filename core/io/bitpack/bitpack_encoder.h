// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/bitpack/bitpack_file.h"

#include <string>

namespace bitloom::io {

/// What a tensor becomes in a BitPack file.
enum class BitPackMode {
    /// What BitPack's loader reads back exactly, without the program's waste: the smallest width,
    /// an offset for every tensor. What the format cannot hold is stored as it is.
    Safe,
    /// Width, offset, packed shape and bytes as BitPack itself writes them. What it would refuse
    /// or destroy is refused.
    Exact,
};

/// One tensor as an entry; tensor is not changed.
///
/// Safe:  integers (uint8, int8, int16, int32, int64) of a span up to 255 within int32 get the
///        smallest width from 1 on; the offset is 0 where that costs no bit, else -min. Everything
///        else (other types, wider spans, empty tensors and those without dimensions) is raw.
/// Exact: integers only, with a negative minimum of at least -255, a span up to 255 (int8: minimum
///        above -128 and span up to 127, beyond which BitPack's own arithmetic overflows), at least
///        one dimension and one element.
/// Numerics: widened to 64 bits before anything is subtracted.
/// Errors: InvalidArgument naming the tensor, the values and the mode `safe` for what `exact`
/// cannot
///         hold.
/// Cost:   two passes over the tensor; no memory beside the packed bytes.
BitPackEntry encode(const std::string& name, const at::Tensor& tensor, BitPackMode mode);

/// The same with bytes that are made while the file is written (BitPackEntry::deferred), so that
/// the codes of all tensors are never in memory together. The tensor is read then once more.
/// isInteger: its values are integers although it is of a floating point type that can be packed
///            from where it lies (packableIntegers); else it is raw.
BitPackEntry encodeDeferred(const std::string& name, const at::Tensor& tensor, BitPackMode mode,
                            bool isInteger);

} // namespace bitloom::io
