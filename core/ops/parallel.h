// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

namespace bitloom::ops {

/// Runs body(begin, end) over disjoint pieces of [0, count) on LibTorch's own threads
/// (at::parallel_for), serially when count <= grain or when called from inside another parallel
/// loop. Exceptions of body reach the caller. The pieces depend on the thread count, so results
/// must not depend on where a piece ends.
///
/// Why not at::parallel_for itself: it is a template that silently runs serially in files compiled
/// without OpenMP.
void parallelFor(std::int64_t count, std::int64_t grain,
                 const std::function<void(std::int64_t begin, std::int64_t end)>& body);

} // namespace bitloom::ops
