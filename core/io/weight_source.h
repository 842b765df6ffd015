// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/packed/packed_source.h"
#include "core/types/conversion.h"

#include <memory>

namespace bitloom::io {

/// Opens any container of weights that Bitloom reads, told apart by content: packed HDF5, BitPack,
/// HAWQ's integer checkpoints, GPTQ, AWQ, compressed-tensors (also as a folder) and plain state
/// dicts (torch.save and safetensors). Of the request only the input counts, and what it says where
/// the input is silent. Errors: those of the readers; UnknownFormat for other files;
/// InvalidArgument for a request with
///         an unknown value.
std::unique_ptr<PackedSource> openWeights(const ConversionRequest& request);

} // namespace bitloom::io
