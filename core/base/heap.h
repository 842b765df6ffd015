// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace bitloom {

/// Gives freed memory that the allocator keeps for later back to the system, where the C library
/// can (glibc). Worth calling between two parts of a job that need much memory for different
/// things. Threads: any. Cost: about a millisecond, and the next allocations touch fresh pages.
void releaseFreeMemory();

} // namespace bitloom
