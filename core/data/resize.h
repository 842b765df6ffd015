// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/data/image.h"

#include <cstdint>
#include <vector>

namespace bitloom {

/// Antialiased bilinear resizing of 8-bit pictures, as PIL's Image.resize(size, BILINEAR) does it.
///
/// Two passes, columns first, with the intermediate picture rounded to 8 bits. The triangle filter
/// is as wide as the source step when shrinking (antialiasing) and one source pixel when enlarging.
/// Weights are normalised in double and rounded to 22 fractional bits, sums are exact integers:
/// equal to PIL, and equal on every machine.
class BilinearResizer {
public:
    /// out may not be in. Sides must be at least 1.
    void resize(const ImageU8& in, int height, int width, ImageU8& out);

private:
    struct Taps {
        int from = 0;                      ///< source size
        int to = 0;                        ///< output size
        std::vector<int> first;            ///< first source pixel of each output pixel
        std::vector<int> count;            ///< source pixels of each output pixel
        std::vector<std::int32_t> weights; ///< stride weights per output pixel
        std::size_t stride = 0;
        void prepare(int fromSize, int toSize);
    };
    template <int Channels>
    void resizeColumns(const ImageU8& in, ImageU8& out) const;
    void resizeRows(const ImageU8& in, ImageU8& out);

    Taps m_horizontal;
    Taps m_vertical;
    ImageU8 m_between;
    std::vector<std::int32_t> m_sums;
};

} // namespace bitloom
