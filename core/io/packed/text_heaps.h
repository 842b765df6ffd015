// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace bitloom::hdf5 {

/// Looks at the heaps in which HDF5 keeps texts of variable length ("global heap collections",
/// version 1) wherever one begins in these bytes. They have no checksum, and the library of
/// version 1.10 never returns from one whose pieces do not lie one behind the other.
///
/// Errors: CorruptFile with the place of the first that is damaged, counted from `first`.
/// Cost:   one search of the bytes.
/// Source: HDF5 File Format Specification 3.0, III.E.
void requireSoundTextHeaps(std::span<const std::byte> bytes, std::size_t first,
                           const std::string& file);

} // namespace bitloom::hdf5
