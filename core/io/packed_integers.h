// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/bitpack/bitpack_file.h"
#include "core/io/bitpack/integer_checkpoint.h"
#include "core/io/integer_file.h"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <filesystem>
#include <string>
#include <vector>

// Internal to core/io: a packed file's integers as tensors, whichever format they lie in.
namespace bitloom::io {

struct PackedInteger {
    PackedIntegerInfo info;
    at::Tensor values;        ///< int32 where it is packed, a raw tensor as it is
    std::vector<float> scale; ///< where the file keeps it with the codes
};

struct PackedIntegers {
    std::vector<PackedInteger> tensors; ///< in file order
    std::vector<std::string> notes;
};

/// Reads BitPack's format or our HDF5, with all checksums that the container has.
/// Returns what was read so far when the control is stopped. Errors: those of the readers.
PackedIntegers readPackedIntegers(const std::filesystem::path& path,
                                  const BitPackReadOptions& options, c10::Device device,
                                  RunControl& control);

/// Sizes of a file and its tensors; the values are not needed any more.
PackedIntegerReport reportOn(const std::filesystem::path& path, const PackedIntegers& integers);

/// All differences between a packed file's tensors and what was packed.
IntegerComparison compareIntegers(const PackedIntegers& packed, const IntegerCheckpoint& original);

} // namespace bitloom::io
