// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace bitloom::graph {

/// Teaches LibTorch the shapes of what convolutions, batch normalisation, clamping activations and
/// adaptive pooling give: in C++ it has no Meta kernels for these (they are written in Python).
/// With them, a convolutional network runs on tensors without data in a few milliseconds.
///
/// Sizes that do not fit throw c10::Error. Strides are those of contiguous tensors.
/// Threads: any; the first call registers, later ones do nothing.
void registerMetaKernels();

} // namespace bitloom::graph
