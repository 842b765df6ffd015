// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/state/pickle_value.h"

#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace bitloom::io {

/// The raw bytes of each storage, by key.
using LegacyRecords = std::map<std::string, std::span<const std::byte>, std::less<>>;

struct LegacyStream {
    PickleTree tree;
    LegacyRecords records;
};

/// Reads the stream that torch.save wrote before PyTorch 1.6: pickles of a magic number, the
/// protocol 1001, a description of the writer's machine, the object and the list of storage keys;
/// then per key an int64 count of elements and the elements, all little-endian.
///
/// Errors: CorruptFile for a stream that is cut off, lists a key twice or lists one that no tensor
///         uses; those of readPickle(). content must outlive the result.
LegacyStream readLegacyStream(std::string_view content);

} // namespace bitloom::io
