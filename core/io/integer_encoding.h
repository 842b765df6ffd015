// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/bitpack/integer_checkpoint.h"
#include "core/io/integer_file.h"
#include "core/io/packed/packed_tensor.h"

#include <ATen/core/Tensor.h>

#include <optional>
#include <vector>

// Internal to core/io: integers of a checkpoint as tensors of a packed file.
namespace bitloom::io {

/// True for a tensor whose values are to be packed: of an integer type, or of a floating point one
/// if that is forced.
bool isToBePacked(const NamedTensor& one, const IntegerInput& input);
/// Its values, contiguous and of a packable type; the tensor itself where it is not to be packed.
/// Errors: those of packableIntegers().
at::Tensor integersToPack(const NamedTensor& one, const IntegerInput& input);

/// min_shift codes of the smallest width with the weight's scale, where 16 bits hold the span;
/// nullopt for a tensor that stays as it is. Everything but the words. integers: as
/// integersToPack() gives them. Errors: those of rangeOf().
std::optional<PackedTensor> integerParameters(const NamedTensor& source, const at::Tensor& integers,
                                              const IntegerCheckpoint& checkpoint,
                                              bool widthPerChannel);
/// Fills in the words.
void packIntegers(PackedTensor& tensor, const at::Tensor& integers);

/// What of the carried tensors integerParameters() does not put beside the codes, as it is.
std::vector<NamedTensor> carriedApart(const IntegerCheckpoint& checkpoint);

} // namespace bitloom::io
