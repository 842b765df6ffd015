// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/state/pickle_value.h"

#include <string_view>

namespace bitloom::io {

struct UnpickledObject {
    PickleTree tree;
    std::size_t consumed = 0; ///< bytes up to and including STOP
};

/// Reads the pickle at the start of bytes into a tree of plain values. Nothing is ever executed.
///
/// Source: the opcode list of CPython's pickletools, protocols 0 to 5. Differs: a global is looked
///         up in a fixed table (pickle_globals.h) and anything else is refused; out-of-band buffers
///         and extension codes are refused.
/// Errors: UnsafeFile for a global outside the table and for anything beyond the limits (1,000 open
///         marks, 64 MiB of pickle, objects in proportion to bytes); CorruptFile "damaged or
///         hostile pickle at byte B: ...".
/// Cost: one pass; at most about 20 bytes of memory per byte read. bytes must outlive the tree.
UnpickledObject readPickle(std::string_view bytes);

/// True if text is well-formed UTF-8 without surrogates.
bool isValidUtf8(std::string_view text);

} // namespace bitloom::io
