// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/bitpack/integer_checkpoint.h"
#include "core/io/packed/packed_tensor.h"

#include <ATen/core/Tensor.h>

// Internal to core/io: integers of a checkpoint as tensors of a packed file.
namespace bitloom::io {

/// min_shift codes of the smallest width with the weight's scale, where 16 bits hold the span; else
/// the tensor as it is. source: as the file has it. integers: its values, contiguous and of a
/// packable type, if isPacked. Errors: those of rangeOf().
PackedTensor encodeIntegers(const NamedTensor& source, const at::Tensor& integers, bool isPacked,
                            const IntegerCheckpoint& checkpoint, bool widthPerChannel);

/// What of the carried tensors encodeIntegers() does not put beside the codes, as it is.
std::vector<NamedTensor> carriedApart(const IntegerCheckpoint& checkpoint);

} // namespace bitloom::io
